"""The time slider: a run's snapshots by hand and as a film, while what comes waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.panels.training.timeline import Timeline
from ml.events import Array, Message, Picture, Text
from ml.runs import RECORD
from ml.runs.record import Record

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Record]:
    """A run that has said five texts, after steps 0 to 400."""
    record = Record(tmp_path / RECORD)
    for step in range(0, 500, 100):
        record.write(Text("text", step, f"at {step}"))
    record.commit()
    yield record
    record.close()


class Shown:
    """What the panels were told to show."""

    def __init__(self, timeline: Timeline) -> None:
        self.texts: list[str] = []
        timeline.shown.connect(self._take)

    def _take(self, events: list[Message]) -> None:
        self.texts += [event.text for event in events if isinstance(event, Text)]


@pytest.fixture
def timeline(qtbot: QtBot, run: Record) -> Iterator[Timeline]:
    made = Timeline()
    qtbot.addWidget(made)
    made.resize(900, 40)
    yield made
    made.close_film()


@pytest.fixture
def shown(qtbot: QtBot, timeline: Timeline, run: Record) -> Shown:
    shown = Shown(timeline)
    timeline.follow(str(run.path.parent))
    qtbot.waitUntil(lambda: shown.texts == ["at 400"])
    return shown


def test_it_is_there_when_a_run_has_snapshots_and_folds_away(timeline: Timeline, shown: Shown, tmp_path: Path) -> None:
    assert timeline.isVisible() and timeline.steps == [0, 100, 200, 300, 400]
    timeline.fold(True)
    assert not timeline.isVisible()
    timeline.fold(False)
    timeline.follow(str(tmp_path / "another"))
    assert not timeline.steps and not timeline.isVisible()


def test_the_arrow_keys_go_from_snapshot_to_snapshot(qtbot: QtBot, timeline: Timeline, shown: Shown) -> None:
    moved: list[int | None] = []
    timeline.moved.connect(moved.append)
    QTest.keyClick(timeline._slider, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: shown.texts[-1] == "at 300")
    QTest.keyClick(timeline._slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: shown.texts[-1] == "at 0")
    assert timeline._where.text() == "After step 0, moment 1 of 5"
    QTest.keyClick(timeline._slider, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: shown.texts[-1] == "at 400")
    assert moved == [300, 0, None]


def test_a_click_goes_to_its_place(qtbot: QtBot, timeline: Timeline, shown: Shown) -> None:
    slider = timeline._slider
    QTest.mouseClick(slider, LEFT, NONE, QPoint(slider.width() // 2, slider.height() // 2))
    qtbot.waitUntil(lambda: shown.texts[-1] == "at 200")


def test_while_the_past_is_shown_what_comes_waits_and_is_shown_at_the_right_end(qtbot: QtBot, timeline: Timeline, shown: Shown) -> None:
    assert not timeline.held(Text("text", 500, "at 500"))
    QTest.keyClick(timeline._slider, Qt.Key.Key_Home)
    assert timeline.held(Text("text", 600, "at 600"))
    qtbot.waitUntil(lambda: shown.texts[-1] == "at 0")
    QTest.mouseClick(timeline._latest, LEFT)
    assert shown.texts[-1] == "at 600" and timeline.step is None


def test_what_a_run_no_longer_says_is_shown_from_its_record(qtbot: QtBot, timeline: Timeline, run: Record) -> None:
    shown: list[Message] = []
    timeline.shown.connect(lambda events: shown.extend(events))
    run.write(Picture("samples", 400, Array.of(np.zeros((1, 2, 2, 1), "uint8"))))
    run.commit()
    timeline.follow(str(run.path.parent))
    timeline.held(Text("text", 400, "said again by the models of the opened run"))
    qtbot.waitUntil(lambda: bool(shown))
    assert [type(event) for event in shown] == [Picture]


def test_space_plays_it_to_the_end_like_a_film(qtbot: QtBot, timeline: Timeline, shown: Shown) -> None:
    timeline._speed.setCurrentIndex(3)
    QTest.keyClick(timeline._slider, Qt.Key.Key_Space)
    assert timeline._play.accessibleName() == "Hold"
    qtbot.waitUntil(lambda: timeline._play.accessibleName() == "Play")
    qtbot.waitUntil(lambda: shown.texts[-1] == "at 400")
    assert timeline.step is None and shown.texts[1] == "at 0"
    assert shown.texts[1:] == sorted(shown.texts[1:])


def test_a_run_that_goes_on_gets_longer_and_the_place_stays(qtbot: QtBot, timeline: Timeline, shown: Shown, run: Record) -> None:
    QTest.keyClick(timeline._slider, Qt.Key.Key_Home)
    QTest.keyClick(timeline._slider, Qt.Key.Key_Right)
    run.write(Text("text", 500, "at 500"))
    timeline.held(Text("text", 500, "at 500"))
    qtbot.waitUntil(lambda: timeline.steps[-1] == 500)
    assert timeline.step == 100 and timeline._slider.value() == 1


def test_the_latest_is_gone_to_from_a_moment_that_is_no_longer_on_record(qtbot: QtBot, timeline: Timeline, shown: Shown, run: Record) -> None:
    QTest.keyClick(timeline._slider, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: shown.texts[-1] == "at 300")
    timeline._found(run.path, [0, 400])
    assert timeline.step == 300
    QTest.mouseClick(timeline._latest, LEFT)
    assert timeline.step is None
    qtbot.waitUntil(lambda: shown.texts[-1] == "at 400")
