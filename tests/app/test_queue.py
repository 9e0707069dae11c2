"""Runs that wait: in their order, begun as there is room, by one window, and still there afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.engines import Engines
from app.panels.training.queue import QueuePanel
from app.queue import Queue
from ml.project.project import Project
from ml.runs import new_folder


@pytest.fixture
def queue(engines: Engines, tmp_path: Path) -> Iterator[Queue]:
    engines.start()
    made = Queue(tmp_path / "runs", engines, at_once=1)
    yield made
    made.leave()


@pytest.fixture
def busy(queue: Queue, project: Project) -> Queue:
    """A queue behind a training that does not end by itself, with three runs in it."""
    queue.engines.shown = "/a/run"
    queue.engines.train(replace(project, name="endless"), "/a/run")
    for name in ("one", "two", "three"):
        queue.add(replace(project, name=name))
    return queue


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication, busy: Queue) -> QueuePanel:
    made = QueuePanel(busy)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.list.setFocus()
    qtbot.waitUntil(made.list.hasFocus)
    return made


def names(queue: Queue) -> list[str]:
    return [Path(run).name.split("-")[0] for run in queue.runs]


def test_where_there_is_room_a_run_begins_at_once(qtbot: QtBot, queue: Queue, project: Project) -> None:
    run = queue.add(project)
    assert queue.runs == [run]
    with qtbot.waitSignal(queue.engines.state_changed, check_params_cb=lambda folder, state: (folder, state) == (run, "ended")):
        pass
    assert not queue.runs


def test_a_run_that_is_just_beginning_and_one_that_waits_have_a_folder_each(queue: Queue, project: Project) -> None:
    folder = str(new_folder(queue.folder, project.name))
    queue.engines.train(replace(project, name="endless"), folder)
    assert queue.add(project) != folder


def test_while_a_model_trains_runs_wait_in_their_order(qtbot: QtBot, busy: Queue) -> None:
    qtbot.wait(50)
    assert names(busy) == ["one", "two", "three"]


def test_they_begin_one_after_another(qtbot: QtBot, busy: Queue) -> None:
    begun: list[str] = []
    busy.engines.state_changed.connect(lambda run, state: begun.append(Path(run).name.split("-")[0]) if state == "preparing" else None)
    busy.engines._dismiss(busy.engines.jobs["/a/run"])
    qtbot.waitUntil(lambda: begun == ["one", "two", "three"])
    qtbot.waitUntil(lambda: not busy.runs and not busy.engines.under_way)


def test_one_whose_engine_dies_at_once_is_not_tried_for_ever(qtbot: QtBot, busy: Queue) -> None:
    first, second = busy.runs[:2]
    busy._begun.add(first)
    busy.engines._dismiss(busy.engines.jobs["/a/run"])
    qtbot.waitUntil(lambda: busy.runs == [first])
    assert second not in busy.runs


def test_the_next_window_finds_them_and_a_second_one_leaves_them_to_the_first(qtbot: QtBot, busy: Queue, engines: Engines) -> None:
    busy._is_ours()
    other = Queue(busy.folder, engines)
    assert names(other) == ["one", "two", "three"]
    assert not other._is_ours()
    busy._lock = None
    assert other._is_ours()
    other.leave()


def test_a_window_that_goes_begins_nothing(qtbot: QtBot, engines: Engines, project: Project, tmp_path: Path) -> None:
    engines.start()
    queue = Queue(tmp_path / "runs", engines, at_once=1)
    engines.train(replace(project, name="endless"), "/a/run")
    run = queue.add(project)
    queue.leave()
    engines.close()
    qtbot.wait(100)
    assert queue.runs == [run] and not engines.jobs


def test_they_are_moved_by_keys(panel: QueuePanel) -> None:
    panel.list.setCurrentRow(2)
    QTest.keyClick(panel.list, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert names(panel.queue) == ["one", "three", "two"]
    QTest.keyClick(panel.list, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(panel.list, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert names(panel.queue) == ["three", "one", "two"]
    assert panel.list.currentRow() == 0


def test_they_are_moved_by_hand(panel: QueuePanel) -> None:
    model = panel.list.model()
    assert model.moveRow(panel.list.rootIndex(), 0, panel.list.rootIndex(), 3)  # what a drag does in the end
    assert names(panel.queue) == ["two", "three", "one"]
    assert panel.list.item(0).text().startswith("1.  two")


def test_one_is_removed_and_put_back(panel: QueuePanel) -> None:
    panel.list.setCurrentRow(1)
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert names(panel.queue) == ["one", "three"]
    panel.buttons["undo"].click()
    assert names(panel.queue) == ["one", "two", "three"]
    assert not panel.buttons["undo"].isVisible()


def test_one_is_begun_at_once_beside_what_trains(qtbot: QtBot, panel: QueuePanel) -> None:
    panel.list.setCurrentRow(1)
    run = panel.queue.runs[1]
    with qtbot.waitSignal(panel.queue.engines.state_changed, check_params_cb=lambda folder, state: (folder, state) == (run, "ended")):
        panel.buttons["start"].click()
    panel.refresh()
    assert names(panel.queue) == ["one", "three"]
    assert len(panel.queue.engines.under_way) == 1


def test_an_empty_line_says_how_one_comes_into_it(qtbot: QtBot, queue: Queue) -> None:
    panel = QueuePanel(queue)
    qtbot.addWidget(panel)
    panel.show()
    assert panel.empty.isVisible() and not panel.list.isVisible() and "waits" in panel.empty.text()
    with qtbot.waitSignal(panel.add_requested):
        panel.buttons["add"].click()


def test_a_person_says_how_many_train_at_once(qtbot: QtBot, panel: QueuePanel) -> None:
    with qtbot.waitSignal(panel.allowed) as told:
        panel.at_once.setValue(2)
    assert told.args == [2]
    qtbot.waitUntil(lambda: names(panel.queue) == ["two", "three"])
    assert len(panel.queue.engines.under_way) == 2
