"""The code beside the graph: what it shows, how it and the canvas follow one another, and that it runs."""

from __future__ import annotations

import subprocess
import sys

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document import Document
from app.panels.code import CodePanel, differing, whole
from ml import catalog
from ml.project.graph import Graph, Link, Node
from ml.project.report import NodeReport, ProjectReport
from tests.app.canvas.conftest import GRAPH, project


@pytest.fixture
def panel(qtbot: QtBot) -> CodePanel:
    document = Document(project(GRAPH))
    made = CodePanel(document)
    document.setParent(made)
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    return made


def line_of(panel: CodePanel, path: str) -> int:
    return next(number for number, line in enumerate(panel.lines) if path in line.paths)


def marked(panel: CodePanel) -> list[str]:
    return [selection.cursor.block().text().strip() for selection in panel.text.extraSelections()]  # pyright: ignore[reportAttributeAccessIssue] - left out of the stubs


def click(panel: CodePanel, number: int) -> None:
    block = panel.text.document().findBlockByNumber(number)
    place = panel.text.cursorRect(QTextCursor(block)).center()
    QTest.mouseClick(panel.text.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def test_it_shows_imports_functions_and_the_call_that_makes_the_model(panel: CodePanel) -> None:
    text = panel.text.toPlainText()
    assert text.startswith("import keras\nfrom keras import layers\n")
    assert "def build_block(" in text and text.endswith("\nmodel = build_model()")
    assert text == "\n".join(line.text for line in panel.lines)


def test_each_edit_is_written(panel: CodePanel, qtbot: QtBot) -> None:
    panel.document.edit_graph(GRAPH.with_node("conv", replace(GRAPH["conv"], arguments={"filters": 7, "kernel_size": 3})), "Change")
    qtbot.waitUntil(lambda: "Conv2D(7, 3" in panel.text.toPlainText())
    panel.document.undo_stack.undo()
    qtbot.waitUntil(lambda: "Conv2D(32, 3" in panel.text.toPlainText())


def test_an_edit_touches_only_the_lines_that_differ(panel: CodePanel) -> None:
    touched: list[tuple[int, int, int]] = []
    before = panel.text.toPlainText()
    panel.text.document().contentsChange.connect(lambda *change: touched.append(change))
    panel.document.edit_graph(GRAPH.with_node("conv", replace(GRAPH["conv"], arguments={"filters": 7, "kernel_size": 3})), "Change")
    panel.refresh()
    place, gone, _ = touched[0]
    assert before[place : place + gone].startswith("    conv = ") and gone < 100


def test_a_selected_nodes_lines_are_marked(panel: CodePanel) -> None:
    panel.show_selection(["conv"])
    assert len(marked(panel)) == 1 and marked(panel)[0].startswith("conv = layers.Conv2D(32")
    panel.show_selection([])
    assert marked(panel) == []


def test_a_click_on_a_line_selects_its_node_also_inside_a_block(panel: CodePanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.chosen) as told:
        click(panel, line_of(panel, "model/flatten"))
    assert told.args == [["flatten"]] and panel.document.scope == ()
    with qtbot.waitSignal(panel.chosen) as told:
        click(panel, line_of(panel, "model/block/dense"))
    assert told.args == [["dense"]] and panel.document.scope == ("block",)


def test_the_line_of_a_block_that_is_used_twice_leads_to_the_one_that_is_open(panel: CodePanel) -> None:
    second = Node("Block", {}, (Link("flatten"),), graph=GRAPH["block"].graph)
    panel.document.edit_graph(GRAPH.with_node("block_1", second), "Add")
    panel.refresh()
    panel.document.scope = ("block_1",)
    click(panel, line_of(panel, "model/block_1/dense"))
    assert panel.document.scope == ("block_1",)


def test_a_circle_is_told_and_nothing_can_be_copied(panel: CodePanel) -> None:
    panel.document.edit_graph(GRAPH.linked("conv", 0, Link("flatten")), "Link")
    panel.refresh()
    assert "There is a circle: " in panel.problem.text() and not panel.copy.isEnabled()
    panel.document.undo_stack.undo()
    panel.refresh()
    assert not panel.problem.isVisible() and panel.copy.isEnabled() and "def build_model" in panel.text.toPlainText()


def test_a_graph_that_can_not_be_written_says_what_its_check_says(panel: CodePanel) -> None:
    panel.document.edit_graph(GRAPH.with_node("part", Node("ops.get_item", {"key": "0"})), "Add")
    panel.refresh()
    assert panel.problem.text() == "The code can't be written yet: a node lacks something that it needs."
    panel.document.set_report(ProjectReport({"model": {"part": NodeReport(error="It needs an input.")}}, 0, 0))
    panel.refresh()
    assert panel.problem.text() == "The code can't be written yet: part: It needs an input."


def test_what_keeps_it_from_running_is_told(panel: CodePanel) -> None:
    panel.document.set_report(ProjectReport({"model": {"conv": NodeReport(error="It is too small.")}}, 0, 0))
    panel.refresh()
    assert panel.problem.text() == "This code does not run yet: conv: It is too small."


def test_what_is_copied_runs(panel: CodePanel) -> None:
    QTest.mouseClick(panel.copy, Qt.MouseButton.LeftButton)
    code = QGuiApplication.clipboard().text() + "\nprint(model.count_params())\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == str(3 * 3 * 32 + 32 + 6 * 6 * 32 * 4 + 4), done.stderr


@pytest.mark.parametrize("template", catalog.templates())
def test_every_templates_code_is_code(template: str) -> None:
    compile("\n".join(line.text for line in whole(catalog.new(template).models)), template, "exec")


def test_of_a_thousand_nodes_the_changed_line_is_written(panel: CodePanel) -> None:
    nodes = {"n0": Node("Input", {"shape": [4]})} | {f"n{i}": Node("Dense", {"units": 4}, (Link(f"n{i - 1}"),)) for i in range(1, 1000)}
    panel.document.open(project(Graph(nodes)))
    panel.refresh()
    panel.document.edit_graph(Graph(nodes | {"n5": Node("Dense", {"units": 8}, (Link("n4"),))}), "Change")
    panel.refresh()
    assert "n5 = layers.Dense(8" in panel.text.toPlainText()


@pytest.mark.parametrize(
    ("old", "new", "same"), [("abc", "axc", (1, 1)), ("abc", "abbc", (2, 0)), ("abb", "ab", (1, 0)), ("a", "b", (0, 0)), ("ab", "cab", (0, 1))]
)
def test_lines_are_compared_from_both_ends(old: str, new: str, same: tuple[int, int]) -> None:
    first, last = differing(list(old), list(new))
    assert (first, last) == same
    assert old[:first] + new[first : len(new) - last] + old[len(old) - last :] == new
