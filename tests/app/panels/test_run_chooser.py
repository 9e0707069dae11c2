"""The choice between runs that are under way."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.panels.training.run_chooser import RunChooser, titles

RUNS = [("/a", "Digits", "running"), ("/b", "Letters", "paused"), ("/c", "Digits", "preparing")]


@pytest.fixture
def chooser(qtbot) -> RunChooser:
    chooser = RunChooser()
    qtbot.addWidget(chooser)
    return chooser


def test_runs_of_the_same_name_are_told_apart_and_each_says_what_it_does():
    assert titles(RUNS) == ["Digits", "Letters, paused", "Digits (2), preparing"]


def test_it_is_there_while_there_is_a_choice(chooser):
    chooser.show_runs(RUNS[:1], "/a")
    assert chooser.isHidden()
    chooser.show_runs(RUNS, "/b")
    assert not chooser.isHidden() and chooser.currentText() == "Letters, paused"
    chooser.show_runs([("/a", "Digits", "ended"), *RUNS[1:]], "/b")
    assert chooser.itemText(0) == "Digits, ended" and chooser.currentIndex() == 1


def test_a_key_chooses_the_next_run(chooser, qtbot):
    chooser.show_runs(RUNS, "/a")
    with qtbot.waitSignal(chooser.chosen) as asked:
        QTest.keyClick(chooser, Qt.Key.Key_Down)
    assert asked.args == ["/b"]
