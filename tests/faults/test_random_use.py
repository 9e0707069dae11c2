"""Whatever is done in the window, in any order: it does not crash, nothing unforeseen is logged, and undoing all of it gives the start."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app import closing
from app.window import MainWindow
from ml.project.project import Project
from tests.app import conftest as of_the_window
from tests.faults.gestures import Answers, Gestures
from tests.faults.promises import times

window = of_the_window.window
AT_ONCE = 2000
"""After so many gestures a new window is taken, with another seed."""
STUCK_SECONDS = 120


def use(window: MainWindow, folder: Path, seed: int, count: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, bool]:
    """Make so many random gestures; how many steps there are to undo then, and whether undoing them gives what there was at first."""
    files = folder / "files"
    files.mkdir()
    answers = Answers(files, random.Random(seed))
    begun: list[Project] = [window.document.project]
    window.document.opened.connect(lambda: begun.append(window.document.project))
    with monkeypatch.context() as patch:
        for name, answer in (("getOpenFileName", answers.opened), ("getSaveFileName", answers.saved), ("getExistingDirectory", answers.chosen)):
            patch.setattr(QFileDialog, name, answer)
        for name in ("about", "information", "warning", "exec"):
            patch.setattr(QMessageBox, name, answers.said)
        patch.setattr(QMessageBox, "question", answers.question)
        patch.setattr(window, "_what_of_the_runs", lambda: closing.CANCEL)
        hand = Gestures(window, seed, count)
        hand.go()
        before, waited = hand.left, 0.0
        while not hand.done:
            QTest.qWait(50)
            before, waited = (hand.left, 0.0) if hand.left != before else (before, waited + 0.05)
            assert waited < STUCK_SECONDS, "\n".join(["It goes on no more after:", *hand.trail])
    stack = window.document.undo_stack
    steps = stack.index()
    while stack.canUndo():
        stack.undo()
    return steps, msgspec.json.encode(window.document.project) == msgspec.json.encode(begun[-1])


def ready(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: "ready" in window.status.engine.text(), timeout=60_000)


def test_any_100_gestures_do_no_harm(qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(qtbot, window)
    _, same = use(window, tmp_path, 3, 100, monkeypatch)
    assert same


ROUNDS = times(10)
_steps: list[int] = []


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_any_20000_gestures_do_no_harm(
    qtbot: QtBot,
    window: MainWindow,
    tmp_path: Path,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
    promise: Callable[[str, str, str], None],
) -> None:
    ready(qtbot, window)
    steps, same = use(window, tmp_path, seed, AT_ONCE, monkeypatch)
    assert same
    _steps.append(steps)
    if len(_steps) == ROUNDS:
        promise(
            "random use",
            f"{ROUNDS * AT_ONCE:,} random gestures (mouse, wheel, keys, menus, dialogs) in {ROUNDS} windows",
            f"0 crashes, 0 unexpected log lines; undoing all ({sum(_steps)} steps at the end) gave the start each time",
        )
