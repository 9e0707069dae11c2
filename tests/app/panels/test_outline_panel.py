"""The outline: what it reads out, and how it and the canvas follow one another."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from app.document import Document
from app.panels.outline import OutlinePanel
from app.panels.outline_rows import NAME, OUT, PARAMETERS, TYPE, Row, children
from ml.project.graph import Graph, Link, Node
from ml.project.report import NodeReport, ProjectReport
from tests.app.canvas.conftest import GRAPH, project

REPORTS = {
    "image": NodeReport(((None, 8, 8, 1),), ("float32",)),
    "conv": NodeReport(((None, 6, 6, 32),), ("float32",), 320, 320),
    "flatten": NodeReport(error="It can't be flattened."),
    "block": NodeReport(waits="flatten", inside={"dense": NodeReport(parameters=4612, trainable=4612)}),
}


@pytest.fixture
def panel(qtbot: QtBot) -> OutlinePanel:
    document = Document(project(GRAPH))
    made = OutlinePanel(document)
    document.setParent(made)
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    made.activateWindow()
    made.tree.setFocus()
    made.refresh()
    return made


def rows(item: QTreeWidgetItem) -> list[str]:
    return [child.text(NAME) for child in children(item)]


def row(panel: OutlinePanel, *path: str) -> Row:
    item: QTreeWidgetItem = panel.tree.invisibleRootItem()
    for name in path:
        item = next(child for child in children(item) if child.text(NAME) == name)
    assert isinstance(item, Row)
    return item


def click(panel: OutlinePanel, *path: str) -> None:
    panel.tree.scrollToItem(row(panel, *path))
    QTest.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, panel.tree.visualItemRect(row(panel, *path)).center())


def test_it_lists_every_node_in_the_order_of_the_flow_and_what_is_inside_blocks(panel: OutlinePanel) -> None:
    assert rows(row(panel, "model")) == ["image", "conv", "flatten", "block", "answer"]
    assert rows(row(panel, "model", "block")) == ["input", "dense", "output"]


def test_a_row_shows_type_output_parameters_or_error(panel: OutlinePanel) -> None:
    panel.document.set_report(ProjectReport({"model": REPORTS}, 4932, 4932))
    panel.refresh()
    conv = row(panel, "model", "conv")
    assert [conv.text(column) for column in (TYPE, OUT, PARAMETERS)] == ["Conv2D", "6 × 6 × 32", "320"]
    assert row(panel, "model", "flatten").text(OUT) == "It can't be flattened."
    assert row(panel, "model", "block").text(OUT) == "waits for flatten"
    assert row(panel, "model").text(OUT) == "1 error"


def test_a_row_reads_like_a_sentence(panel: OutlinePanel) -> None:
    panel.document.set_report(ProjectReport({"model": REPORTS}, 4932, 4932))
    panel.refresh()
    said = row(panel, "model", "conv").data(NAME, Qt.ItemDataRole.AccessibleTextRole)
    assert said == "conv: Conv2D, 32 · 3×3, output 6 × 6 × 32, 320 parameters, fed by image, feeds flatten"
    assert "a model of 5 nodes, 4,932 parameters, 1 error" in row(panel, "model").sentence()


def test_choosing_rows_selects_their_nodes(panel: OutlinePanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.chosen) as told:
        click(panel, "model", "conv")
    assert told.args == [["conv"]]
    QTest.keyClick(panel.tree, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert [item.text(NAME) for item in panel.tree.selectedItems()] == ["conv", "flatten"]


def test_choosing_a_row_inside_a_block_shows_that_block(panel: OutlinePanel, qtbot: QtBot) -> None:
    row(panel, "model", "block").setExpanded(True)
    with qtbot.waitSignal(panel.chosen) as told:
        click(panel, "model", "block", "dense")
    assert panel.document.scope == ("block",) and told.args == [["dense"]]


def test_what_is_selected_on_the_canvas_is_selected_here(panel: OutlinePanel) -> None:
    panel.show_selection(["conv", "answer"])
    assert [item.text(NAME) for item in panel.tree.selectedItems()] == ["conv", "answer"]
    panel.show_selection([])
    assert panel.tree.selectedItems() == []


def test_letters_find_a_row(panel: OutlinePanel) -> None:
    click(panel, "model", "image")
    QTest.keyClicks(panel.tree, "fl")
    current = panel.tree.currentItem()
    assert current is not None and current.text(NAME) == "flatten"


def test_f2_renames_and_a_name_that_is_taken_is_refused(panel: OutlinePanel, qtbot: QtBot) -> None:
    said: list[str] = []
    panel.refused.connect(said.append)
    for name in ("flatten", "first"):
        click(panel, "model", "conv")
        QTest.keyClick(panel.tree, Qt.Key.Key_F2)
        editor = panel.tree.focusWidget()
        assert editor is not None
        QTest.keyClicks(editor, name)
        QTest.keyClick(editor, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(said))
    qtbot.waitUntil(lambda: "first" in panel.document.graph.nodes)
    assert panel.document.graph["flatten"].inputs == (Link("first"),)
    assert len(said) == 1 and "called flatten already" in said[0]
    qtbot.waitUntil(lambda: [item.text(NAME) for item in panel.tree.selectedItems()] == ["first"])


def test_enter_opens_a_block(panel: OutlinePanel, qtbot: QtBot) -> None:
    click(panel, "model", "block")
    with qtbot.waitSignal(panel.entered):
        QTest.keyClick(panel.tree, Qt.Key.Key_Return)
    assert panel.document.scope == ("block",)


def test_an_edit_touches_only_its_own_row(panel: OutlinePanel) -> None:
    before = {name: row(panel, "model", name) for name in GRAPH.nodes}
    told: list[str] = []
    panel.tree.model().dataChanged.connect(lambda first: told.append(first.data()))
    changed = replace(GRAPH["conv"], arguments={"filters": 8, "kernel_size": 3})
    panel.document.edit_graph(GRAPH.with_node("conv", changed).without({"answer"}), "Change")
    panel.refresh()
    assert rows(row(panel, "model")) == ["image", "conv", "flatten", "block"]
    assert all(row(panel, "model", name) is before[name] for name in rows(row(panel, "model")))
    assert told == ["model", "conv"]


def test_of_a_thousand_nodes_an_edit_touches_one_row_and_a_hidden_list_none(panel: OutlinePanel) -> None:
    nodes = {"n0": Node("Input", {"shape": [4]})} | {f"n{i}": Node("Dense", {"units": 4}, (Link(f"n{i - 1}"),)) for i in range(1, 1000)}
    panel.document.open(project(Graph(nodes)))
    panel.refresh()
    told: list[str] = []
    panel.tree.model().dataChanged.connect(lambda first: told.append(first.data()))
    panel.document.edit_graph(Graph(nodes | {"n5": Node("Dense", {"units": 8}, (Link("n4"),))}), "Change")
    panel.refresh()
    assert told == ["model", "n5"]
    panel.hide()
    panel.document.undo_stack.undo()
    assert row(panel, "model", "n5").shown.node.arguments == {"units": 8}
    panel.show()
    assert row(panel, "model", "n5").shown.node.arguments == {"units": 4}


def test_what_is_being_written_outlasts_the_answer_of_the_engine(panel: OutlinePanel) -> None:
    click(panel, "model", "conv")
    QTest.keyClick(panel.tree, Qt.Key.Key_F2)
    editor = panel.tree.focusWidget()
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "fir")
    panel.document.set_report(ProjectReport({"model": REPORTS}, 4932, 4932))
    panel.refresh()
    assert editor.text() == "fir"
