"""The page of a model that reads lines shows each line with what is said at every step, and what is read."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document import Document
from app.panels.generator.transcripts import TranscriptsPage, caption, spoken
from ml.events import Array, Transcript, Transcripts

CLASSES = ("blank", "0", "1", "2")


def line(said: tuple[int, ...], right: tuple[int, ...], best: tuple[int, ...] = (0, 2, 2, 0, 2, 3)) -> Transcript:
    picture = np.full((12, 40, 1), 200, "uint8")
    return Transcript(Array.of(picture), Array.of((np.eye(4)[list(best)] * 255).astype("uint8")), said, right)


@pytest.fixture
def page(qtbot: QtBot, document: Document) -> TranscriptsPage:
    made = TranscriptsPage()
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    made.begin(document.project)
    return made


def test_lines_are_drawn_and_counted(page: TranscriptsPage, document: Document) -> None:
    page.refresh()
    before = page._lines.grab().toImage()
    page.show_event(Transcripts(7, (line((2, 2, 3), (2, 2, 3)), line((), (1,))), CLASSES))
    page.refresh()
    assert "After step 7: 1 of 2 lines right" in page._says.text()
    after = page._lines.grab().toImage()
    assert after != before and len({after.pixel(x, 60) for x in range(0, after.width(), 7)}) > 1
    page.begin(document.project)
    page.refresh()
    assert page._says.text() == ""


def test_what_is_wrong_stands_beside_what_is_right() -> None:
    assert caption(line((2, 3), (2, 3)), CLASSES) == "✓ 12"
    assert caption(line((), (2, 3)), CLASSES) == "✗ nothing  →  12"
    assert caption(line((2, 9), (2, 3)), CLASSES) == "✗ 1 #9  →  12"


def test_a_label_is_said_where_it_begins() -> None:
    assert spoken(np.eye(4)[[0, 2, 2, 0, 2, 3]]) == [(1, 2), (4, 2), (5, 3)]


@pytest.mark.parametrize("size", [(220, 120), (1600, 900)])
def test_at_least_one_line_is_seen_at_any_size(page: TranscriptsPage, size: tuple[int, int]) -> None:
    page.show_event(Transcripts(7, (line((2,), (2,)),) * 9, CLASSES))
    page.resize(*size)
    page.refresh()
    columns, picture = page._lines._grid(9, 12 / 40)
    assert columns >= 1 and picture > 10
