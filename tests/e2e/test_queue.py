"""What can't be trained at once waits for its turn, and gets it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QListWidget, QSpinBox

from app.settings import Settings
from ml.events import Stop
from ml.runs import Run
from ml.runs.summary import summary
from tests.e2e.studio import Studio
from tests.e2e.test_whole_path import CONTROL, open_template, train


@pytest.fixture
def studio(qtbot, tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path)
    studio.window.runs.queue.allow(1)
    yield studio
    studio.close()


def test_a_run_waits_for_the_one_before_it(studio: Studio) -> None:
    window = studio.window
    open_template(studio, "Multi-layer perceptron", epochs=100_000)
    train(studio)
    open_template(studio, "Logistic regression", epochs=2)
    QTest.keyClick(window, Qt.Key.Key_R, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    (waits,) = window.runs.queue.runs
    assert Run(Path(waits)).project.name == "Logistic regression"
    assert summary(Path(waits)).state == "waiting"
    studio.show_tab("Queue")
    assert studio.find(QListWidget, "Runs that wait").count() == 1
    studio.show_tab("Training")
    studio.press("Stop")
    studio.until(lambda: summary(Path(waits)).state == "complete")
    studio.until(lambda: not window.engines.under_way)
    assert not window.runs.queue.runs


def test_of_several_runs_one_is_chosen_to_be_shown_and_steered(studio: Studio) -> None:
    window = studio.window
    window.runs.queue.allow(2)
    open_template(studio, "Multi-layer perceptron", epochs=100_000)
    train(studio)
    open_template(studio, "Logistic regression", epochs=100_000)
    QTest.keyClick(window, Qt.Key.Key_R, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    chooser = studio.find(QComboBox, "shown run")
    studio.until(lambda: [chooser.itemText(row) for row in range(2)] == ["Multi-layer perceptron", "Logistic regression"])
    first, second = (folder for folder, _, _ in window.runs.choice)
    QTest.keyClick(chooser, Qt.Key.Key_Down)
    assert window.runs.shown == second
    studio.until(lambda: window.training.state == "running")
    studio.press("Pause")
    studio.until(lambda: chooser.currentText() == "Logistic regression, paused")
    window.actions_.shown_run.aboutToShow.emit()
    window.actions_.shown_run.actions()[0].trigger()
    assert window.runs.shown == first and window.engines.state == "running"
    studio.until(lambda: window.training.state == "running")
    for run in (second, first):
        window.engines.tell(Stop(), run)
    studio.until(lambda: not window.engines.under_way)


def test_how_many_train_at_once_is_remembered(studio: Studio, tmp_path: Path) -> None:
    studio.until(lambda: studio.window.run_list is not None)
    studio.show_tab("Queue")
    spin = studio.find(QSpinBox, "Train at once")
    spin.setFocus()
    QTest.keyClick(spin, Qt.Key.Key_Up)
    assert studio.window.runs.queue.at_once == 2
    assert Settings(tmp_path).at_once == 2
