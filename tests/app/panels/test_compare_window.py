"""The window that compares: what it lists, what it draws, and where a row leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from app.document import Document
from app.panels.compare.differences import NAME, OPERATIONS, PARAMETERS, WHAT
from app.panels.compare.window import CompareWindow
from app.settings import Settings
from ml.events import Check, Checked, Message, Refused
from ml.project import files
from ml.project.graph import Graph, Node
from ml.project.report import NodeReport, ProjectReport
from ml.runs import Run
from tests.app.canvas.conftest import GRAPH, INSIDE, project

NONE = Qt.KeyboardModifier.NoModifier


def answer(command: Message, callback: Callable[[Any], None]) -> None:
    """Every convolution has as many weights as it has filters, and a thousand times as many multiply-adds."""
    assert isinstance(command, Check)
    roles = {
        role: {name: NodeReport(parameters=_filters(node), operations=1000 * _filters(node)) for name, node in graph.nodes.items()}
        for role, graph in command.project.models.items()
    }
    total = sum(report.parameters for nodes in roles.values() for report in nodes.values())
    callback(Checked(1, ProjectReport(roles, total, total)))


def _filters(node: Node) -> int:
    return node.arguments.get("filters", 0)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[CompareWindow]:
    """Of a project that was saved and then changed: other filters, a layer more and one less, and another one inside the block."""
    parent = QWidget()
    qtbot.addWidget(parent)
    document = Document(project(GRAPH), parent=parent)
    document.save(tmp_path / "saved.atelier")
    graph = GRAPH.with_node("conv", replace(GRAPH["conv"], arguments={"filters": 64, "kernel_size": 3}))
    graph = graph.without({"flatten"}).with_node("pool", Node("GlobalAveragePooling2D", {}, GRAPH["flatten"].inputs))
    inside = INSIDE.with_node("dense", replace(INSIDE["dense"], arguments={"units": 5}))
    document.edit_graph(graph.with_node("block", replace(graph["block"], graph=inside)), "Change")
    made = CompareWindow(document, Settings(tmp_path), answer, parent)
    made.open()
    yield made
    made.close()


def rows(item: QTreeWidgetItem) -> dict[str, QTreeWidgetItem]:
    return {child.text(NAME): child for index in range(item.childCount()) if (child := item.child(index)) is not None}


def row(window: CompareWindow, *path: str) -> QTreeWidgetItem:
    item = window.comparison.list.invisibleRootItem()
    for name in path:
        item = rows(item)[name]
    return item


def click(window: CompareWindow, *path: str) -> None:
    place = window.comparison.list.visualItemRect(row(window, *path)).center()
    QTest.mouseClick(window.comparison.list.viewport(), Qt.MouseButton.LeftButton, NONE, place)


def choose(window: CompareWindow, kind: str, which: str = "") -> None:
    window.sources.kind.setCurrentText(kind)
    window.sources.kind.activated.emit(window.sources.kind.currentIndex())
    if which:
        window.sources.which.setCurrentText(which)
        window.sources.which.activated.emit(window.sources.which.currentIndex())


def test_it_lists_what_is_added_gone_and_changed_since_it_was_saved(window: CompareWindow) -> None:
    assert list(rows(row(window, "≠ model"))) == ["≠ conv", "≠ block", "+ pool", "− flatten"]
    conv = row(window, "≠ model", "≠ conv")
    assert [conv.text(column) for column in (WHAT, PARAMETERS, OPERATIONS)] == ["filters 32 → 64", "+32", "+32.0k"]
    assert row(window, "≠ model", "≠ block", "≠ dense").text(WHAT) == "units 4 → 5"
    assert window.comparison.totals.text() == "Parameters 32 → 64 (+32)   ·   Multiply-adds 32.0k → 64.0k (+32.0k)"


def test_what_an_error_keeps_from_being_counted_is_told(window: CompareWindow) -> None:
    wrong = {"conv": NodeReport(error="It is too small.")}
    window.comparison._request = lambda command, callback: callback(Checked(1, ProjectReport({"model": wrong}, 0, 0)))
    window.compare()
    assert "Left out is what waits for an error: 1 in the project that it is compared with, 1 in the project as it is" in window.comparison.totals.text()


def test_it_draws_both_as_one(window: CompareWindow) -> None:
    assert set(window.comparison.view.comparison_scene.nodes) == {"image", "conv", "pool", "flatten", "block", "answer"}
    assert window.comparison.view.comparison_scene.nodes["flatten"].opacity() < 1
    assert window.comparison.view.comparison_scene.pen(("flatten", 0)).style() == Qt.PenStyle.DashLine


def test_a_row_leads_to_its_node_also_inside_a_block(window: CompareWindow) -> None:
    click(window, "≠ model", "− flatten")
    assert window.comparison.view.comparison_scene.selected() == ["flatten"]
    click(window, "≠ model", "≠ block", "≠ dense")
    assert set(window.comparison.view.comparison_scene.nodes) == set(INSIDE.nodes)
    assert window.comparison.view.comparison_scene.selected() == ["dense"]
    click(window, "≠ model", "≠ conv")
    assert window.comparison.view.comparison_scene.selected() == ["conv"]


def test_blocks_are_opened_and_left_with_mouse_and_keys(window: CompareWindow) -> None:
    view = window.comparison.view
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, NONE, view.mapFromScene(view.comparison_scene.nodes["block"].pos()))
    assert set(view.comparison_scene.nodes) == set(INSIDE.nodes)
    QTest.keyClick(view, Qt.Key.Key_Backspace)
    assert "block" in view.comparison_scene.nodes
    view.show_node("block")
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert set(view.comparison_scene.nodes) == set(INSIDE.nodes)


def test_dragging_moves_the_picture_and_changes_nothing(window: CompareWindow) -> None:
    middle, before = window.comparison.view.middle(), window.document.project
    start = window.comparison.view.viewport().rect().center()
    QTest.mousePress(window.comparison.view.viewport(), Qt.MouseButton.LeftButton, NONE, start)
    QTest.mouseMove(window.comparison.view.viewport(), start + QPoint(60, 0))
    QTest.mouseRelease(window.comparison.view.viewport(), Qt.MouseButton.LeftButton, NONE, start + QPoint(60, 0))
    assert window.comparison.view.middle().x() < middle.x() - 40
    assert window.document.project is before


def test_it_follows_the_document(window: CompareWindow, qtbot: QtBot) -> None:
    window.document.undo_stack.undo()
    qtbot.waitUntil(lambda: window.comparison.totals.text() == "There is no difference.")
    assert window.comparison.list.topLevelItemCount() == 0


def test_a_template_is_compared_with_and_its_other_settings_are_told(window: CompareWindow) -> None:
    choose(window, "A template", "Multi-layer perceptron (lite)")
    assert "+ conv" in rows(row(window, "≠ model"))
    assert "≠ epochs" in rows(row(window, "≠ Project"))


def test_another_file_is_compared_with(window: CompareWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other.atelier"
    files.save(project(Graph({"image": GRAPH["image"]})), other)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *arguments: (str(other), ""))
    choose(window, "Another project", "Browse…")
    assert "+ conv" in rows(row(window, "≠ model"))


def test_a_run_is_compared_with(window: CompareWindow) -> None:
    Run.create(window.sources.settings.runs / "first", project(GRAPH))
    choose(window, "A run")
    assert window.sources.which.currentText() == "first"
    assert "− flatten" in rows(row(window, "≠ model"))


def test_what_can_not_be_read_is_said(window: CompareWindow) -> None:
    assert window.document.path is not None
    window.document.path.write_text("[]")
    window.compare()
    assert window.problem.isVisible() and "is not a project" in window.problem.text()
    assert not window.comparison.list.isVisible()


def test_without_an_engine_the_graphs_are_compared_all_the_same(window: CompareWindow) -> None:
    window.comparison._request = lambda command, callback: callback(Refused(0, "The engine is not running."))
    window.compare()
    assert window.comparison.totals.text() == "Parameters and multiply-adds can't be compared: The engine is not running."
    assert "≠ conv" in rows(row(window, "≠ model"))


def test_a_role_that_only_one_of_them_has_is_shown_whole(window: CompareWindow) -> None:
    now = window.document.project
    window.document.edit(replace(now, models=now.models | {"critic": INSIDE}), "Add a critic")
    window.compare()
    assert window.comparison.roles.isVisible() and rows(row(window, "+ critic")).keys() == {"+ input", "+ dense", "+ output"}
    QTest.mouseClick(window.comparison.roles, Qt.MouseButton.LeftButton, NONE, window.comparison.roles.tabRect(1).center())
    assert set(window.comparison.view.comparison_scene.nodes) == set(INSIDE.nodes)


def test_the_models_are_gone_through_with_the_keys(window: CompareWindow) -> None:
    now, scene = window.document.project, window.comparison.view.comparison_scene
    window.document.edit(replace(now, models=now.models | {"critic": INSIDE}), "Add a critic")
    window.compare()
    QTest.keyClick(window.comparison.roles, Qt.Key.Key_Right)
    assert set(scene.nodes) == set(INSIDE.nodes)
    QTest.keyClick(window.comparison.roles, Qt.Key.Key_Left)
    assert "conv" in scene.nodes
