"""The window goes and comes back: its runs go on without it, and are found again with all that they said."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox

from app import runs
from app.window import MainWindow
from ml.connection import found
from ml.events import Metrics
from ml.runs import Run
from tests.e2e.studio import Studio
from tests.e2e.test_whole_path import open_template, train


@pytest.fixture
def home(qtbot, tmp_path: Path) -> Iterator[Path]:
    """A folder for settings and runs; no window and no engine is left in it."""
    yield tmp_path
    for window in (window for window in QApplication.topLevelWidgets() if isinstance(window, MainWindow)):
        window.hide()
        window.engines.close()
    for folder in runs.going_on(tmp_path / "runs"):
        door = found(Path(folder))
        if door is not None:
            psutil.Process(door.pid).kill()


@pytest.fixture
def studio() -> None:
    """Each test opens windows of its own."""


@pytest.fixture
def settled() -> None:
    """Nothing is shared with the next test."""


def test_a_run_that_is_left_going_is_found_again_with_its_history(home: Path) -> None:
    studio = Studio(home)
    open_template(studio, "Multi-layer perceptron", epochs=100_000)
    train(studio)
    studio.until(lambda: len(epochs(studio)) > 3)
    seen, folder = epochs(studio), studio.window.runs.shown
    assert folder is not None
    close_and_answer(studio, "Leave it going")
    assert found(Path(folder)) is not None
    back = Studio(home)
    back.until(lambda: back.window.training.state == "running" and len(epochs(back)) > len(seen))
    assert back.window.runs.shown == folder
    assert epochs(back)[: len(seen)] == seen
    assert epochs(back) == list(range(1, len(epochs(back)) + 1))
    back.press("Stop")
    back.until(lambda: back.window.training.state == "ended")
    assert [event.epoch for event in Run(Path(folder)).events("Metrics") if isinstance(event, Metrics) and event.span == "epoch"] == epochs(back)
    back.close()
    assert found(Path(folder)) is None


def test_closing_can_be_cancelled_and_can_end_the_run(home: Path) -> None:
    studio = Studio(home)
    open_template(studio, "Multi-layer perceptron", epochs=100_000)
    train(studio)
    studio.until(lambda: studio.window.training.state == "running")
    folder = Path(studio.window.runs.shown or "")
    close_and_answer(studio, "Cancel")
    assert studio.window.isVisible()
    assert studio.window.training.state == "running"
    close_and_answer(studio, "End it")
    assert not studio.window.isVisible()
    assert found(folder) is None


@pytest.mark.slow
def test_a_found_run_that_is_killed_is_named_and_goes_on_with_one_click(home: Path) -> None:
    studio = Studio(home)
    open_template(studio, "Multi-layer perceptron", epochs=100_000)
    train(studio)
    folder = Path(studio.window.runs.shown or "")
    studio.until(lambda: any((folder / "checkpoints").glob("*.npz")))
    close_and_answer(studio, "Leave it going")
    back = Studio(home)
    back.until(lambda: back.window.training.state == "running")
    os.kill(back.window.engines.under_way[0].training.engine.pid, signal.SIGSEGV)
    back.until(lambda: back.window.training.state == "ended", 5)
    assert "crashed" in back.window.training._words or "SIGSEGV" in back.window.training._words
    back.press("Resume")
    back.until(lambda: back.window.training.state == "running")
    back.close()


def close_and_answer(studio: Studio, answer: str) -> None:
    """Press Ctrl+Q and choose an answer of the question with the keyboard's focus or the mouse."""
    studio.window.document.undo_stack.setClean()

    timer = QTimer(interval=50)

    def choose() -> None:
        box = next((box for box in studio.window.findChildren(QMessageBox) if box.isVisible()), None)
        if box is not None:
            timer.stop()
            button = next(button for button in box.findChildren(QAbstractButton) if button.text().replace("&", "") == answer)
            QTest.keyClick(button, Qt.Key.Key_Space)

    studio.window.activateWindow()
    studio.until(studio.window.isActiveWindow)
    timer.timeout.connect(choose)
    timer.start()
    QTest.keyClick(studio.window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    studio.until(lambda: not timer.isActive())


def epochs(studio: Studio) -> list[int]:
    """The epochs of which the plots have the validation loss."""
    curve = studio.find_panel("Plots").history.curves.get(("epoch", "loss", "validation"))
    return [int(epoch) for epoch in curve.x] if curve is not None else []
