"""A report is one page that any browser shows, and that does nothing but show."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from ml import events
from ml.project.files import FileProblem
from ml.runs.charts import chart, ticks
from ml.runs.report import report, save_report
from tests.ml.runs.whole_runs import make_run, odd_measurements

EVIL = '"><script>alert(1)</script>'


class Page(HTMLParser):
    """What a page holds: its elements, where pictures come from, its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.sources: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.sources += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def page(tmp_path):
    make_run(tmp_path / "run", events.Log(EVIL, "warning"))
    return Page(report(tmp_path / "run", {"model": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}))


def test_everything_of_the_run_is_in_it(page):
    for words in (
        "Flowers",
        "complete",
        "20 steps",
        "accuracy",
        "val_loss",
        "Dense",
        "units=3",
        "supervised",
        "samples at step 20",
        "Once upon",
        "Training begins.",
    ):
        assert words in page.text, words
    assert page.open == []


def test_it_needs_no_other_file(page):
    assert len(page.sources) >= 4
    assert all(source.startswith(("data:image/png;base64,", "data:image/svg+xml;base64,")) for source in page.sources)
    png = next(source for source in page.sources if "png" in source)
    assert Image.open(BytesIO(base64.b64decode(png.partition(",")[2]))).size[0] >= 256


def test_what_a_stranger_wrote_is_shown_and_not_done(page, tmp_path):
    assert "script" not in page.tags
    assert EVIL in page.text
    make_run(tmp_path / "evil", events.Text(EVIL, 3, EVIL), *odd_measurements(), events.Metrics("epoch", 9, 1, {EVIL: 1.0}), name=EVIL)
    evil = Page(report(tmp_path / "evil", {EVIL: EVIL.encode()}))
    assert "script" not in evil.tags
    assert evil.text.count("alert(1)") >= 4


def test_a_picture_that_is_none_is_left_out(tmp_path):
    broken = [events.Array("<f4", (3,), b"x"), events.Array("|O", (1,), b"12345678"), events.Array("|u1", (1, 0, 5, 1), b"")]
    make_run(tmp_path / "run", *(events.Picture(f"broken{n}", 30 + n, array) for n, array in enumerate(broken)))
    assert "broken" not in Page(report(tmp_path / "run")).text


def test_what_is_no_run_is_named(tmp_path):
    with pytest.raises(FileProblem, match="is not a run"):
        save_report(tmp_path, tmp_path / "report.html")


@pytest.mark.parametrize("low, high, expected", [(0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]), (3, 97, [20, 40, 60, 80]), (1e-7, 5e-7, [1e-7, 2e-7, 3e-7, 4e-7, 5e-7])])
def test_ticks_are_round_numbers(low, high, expected):
    assert ticks(low, high, 5) == pytest.approx(expected)


def test_a_chart_of_nothing_finite_is_none_and_one_value_is_one():
    x = np.arange(3.0)
    assert chart("loss", {"train": (x, np.full(3, np.nan))}, "step") == ""
    for y in (np.zeros(3), np.array([1e300, -1e300, np.inf]), np.full(3, 5.0)):
        numbers = [float(number) for number in re.findall(r"-?\d+\.\d", re.findall(r'line" d="([^"]+)', chart("loss", {"train": (x, y)}, "step"))[0])]
        assert numbers and all(-10 < number < 600 for number in numbers)


def test_what_is_too_large_for_a_chart_is_left_out_of_it():
    drawn = chart("loss", {"train": (np.arange(4.0), np.array([1e308, -1e308, 1.0, 2.0]))}, "step")
    assert drawn.count("<circle") == 3  # the two that can be drawn, and the best of them
