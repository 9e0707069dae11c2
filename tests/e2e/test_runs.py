"""The panel of all runs in the real window, by mouse and keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QLineEdit, QPlainTextEdit

from app.panels.runs.panel import RunsPanel
from ml.runs import RECORD
from ml.runs.labels import read
from tests.e2e.studio import LEFT, NONE, Studio
from tests.e2e.test_whole_path import CONTROL, open_template, train_to_the_end
from tests.ml.runs.some_runs import done, epoch, make


def panel_of(studio: Studio) -> RunsPanel:
    studio.show_tab("Runs")
    assert studio.window.run_list is not None
    studio.window.activateWindow()
    assert QTest.qWaitForWindowActive(studio.window)
    studio.window.run_list.table.setFocus()
    return studio.window.run_list


def click(panel: RunsPanel, title: str) -> None:
    row = next(row for row, run in enumerate(panel.model.runs) if run.title == title)
    QTest.mouseClick(panel.table.viewport(), LEFT, NONE, panel.table.visualRect(panel.model.index(row, 0)).center())


def test_runs_are_listed_labelled_compared_opened_trained_on_and_deleted(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = studio.window.settings.runs / "earlier"
    make(earlier, epoch(1, 0.5), done(earlier), name="Logistic regression", template="logistic_regression")
    open_template(studio, "Multi-layer perceptron", epochs=2)
    train_to_the_end(studio)
    panel = panel_of(studio)
    studio.until(lambda: [run.state for run in panel.model.runs] == ["complete", "complete"])
    assert [run.title for run in panel.model.runs] == ["Multi-layer perceptron", "Logistic regression"]

    click(panel, "Multi-layer perceptron")
    QTest.keyClick(panel.table, Qt.Key.Key_F2)
    studio.type("The first one")
    studio.key(Qt.Key.Key_Return)
    studio.until(lambda: panel.table.selected()[0].title == "The first one")
    studio.find(QPlainTextEdit, "Notes").setFocus()
    studio.type("Good enough")
    QTest.mouseClick(panel.search, LEFT)
    record = panel.store.folder / panel.table.selected()[0].folder / RECORD
    studio.until(lambda: read(record).notes == "Good enough")

    studio.fill(studio.find(QLineEdit, "Search runs"), "notes:enough")
    assert [run.title for run in panel.model.runs] == ["The first one"]
    QTest.keyClick(panel.search, Qt.Key.Key_Escape)
    QTest.keyClick(panel.search, Qt.Key.Key_Down)
    QTest.keyClick(panel.table, Qt.Key.Key_A, CONTROL)
    QTest.keyClick(panel.table, Qt.Key.Key_D, CONTROL)
    studio.until(lambda: panel.doing.difference is not None and panel.doing.difference.comparison.totals.text().startswith("Parameters"))
    assert panel.doing.difference is not None
    panel.doing.difference.close()
    studio.window.activateWindow()
    assert QTest.qWaitForWindowActive(studio.window)

    click(panel, "The first one")
    QTest.keyClick(panel.table, Qt.Key.Key_Return, CONTROL)
    assert studio.window.document.project.template == "mlp"
    panel = panel_of(studio)
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    studio.until(lambda: studio.window.runs.folder == panel.table.selected()[0].folder)

    monkeypatch.setattr(QInputDialog, "getInt", lambda *asked: (asked[4], True))
    panel = panel_of(studio)
    studio.press("Resume")
    studio.until(lambda: studio.window.training.state == "ended" and "Done" in studio.window.training._words)
    panel = panel_of(studio)
    studio.until(lambda: [(run.state, run.epoch, run.epochs) for run in panel.table.selected()] == [("complete", 3, 3)])

    panel = panel_of(studio)
    click(panel, "Logistic regression")
    QTest.keyClick(panel.table, Qt.Key.Key_Delete)
    studio.until(lambda: len(panel.model.runs) == 1)
    before = studio.window.document.project
    QTest.keyClick(panel.table, Qt.Key.Key_Z, CONTROL)
    studio.until(lambda: len(panel.model.runs) == 2)
    assert studio.window.document.project is before, "the graph is not what is undone here"
