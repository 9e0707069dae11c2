"""The inspector: what it shows of a node, and what it changes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.document import Document
from app.panels.inspector.panel import InspectorPanel, facts, name_problem, written_shape
from ml.project.graph import Graph, Link, Node
from ml.project.project import Choice, Data, Project
from ml.project.report import NodeReport, ProjectReport

NODES = {
    "input": Node("Input", {"shape": [4]}),
    "dense": Node("Dense", {"units": 3}, (Link("input"),)),
    "doubled": Node("ops.multiply", {"x2": 2}, (Link("dense"),)),
    "output": Node("Output", {}, (Link("doubled"),)),
}


@pytest.fixture
def panel(qtbot: QtBot) -> InspectorPanel:
    document = Document(Project("Flowers", Data("iris"), {"model": Graph(NODES)}, Choice("supervised")))
    made = InspectorPanel(document)
    document.setParent(made)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_parameter_is_changed_and_a_row_of_changes_is_one_step(panel: InspectorPanel, qtbot: QtBot) -> None:
    panel.show_selection(["dense"])
    assert panel.node.form is not None
    units = panel.node.form.editor("units")
    assert isinstance(units, QLineEdit)
    units.setFocus()
    units.selectAll()
    qtbot.keyClicks(units, "128")
    assert panel.document.graph["dense"].arguments == {"units": 128}
    panel.document.undo_stack.undo()
    assert panel.document.graph == Graph(NODES)
    assert units.text() == "3"


def test_a_node_is_renamed_with_its_links(panel: InspectorPanel, qtbot: QtBot) -> None:
    panel.show_selection(["dense"])
    panel.node.name_field.selectAll()
    qtbot.keyClicks(panel.node.name_field, "hidden")
    qtbot.keyClick(panel.node.name_field, Qt.Key.Key_Return)
    assert panel.document.graph["doubled"].inputs == (Link("hidden"),)
    assert panel.node.name == "hidden"
    panel.document.undo_stack.undo()
    assert "dense" in panel.document.graph.nodes


@pytest.mark.parametrize(("name", "words"), [("input", "called input already"), ("a b", "letters, digits"), ("", "letters, digits"), ("fine_1", "")])
def test_a_name_that_can_not_be_is_explained(name: str, words: str) -> None:
    assert words in name_problem(Graph(NODES), name)


def test_a_free_port_of_an_operation_takes_a_value(panel: InspectorPanel, qtbot: QtBot) -> None:
    panel.show_selection(["doubled"])
    assert panel.node.form is not None
    field = panel.node.form.editor("x2")
    assert isinstance(field, QLineEdit)
    assert field.text() == "2"
    field.selectAll()
    qtbot.keyClicks(field, "[0.5, 1, 2]")
    assert panel.document.graph["doubled"].arguments == {"x2": [0.5, 1, 2]}


def test_it_says_what_keras_says(panel: InspectorPanel) -> None:
    panel.show_selection(["dense"])
    assert panel.node.facts.text() == "Not checked yet."
    reports = {"dense": NodeReport(error="units must be at least 1."), "output": NodeReport(waits="dense")}
    panel.document.set_report(ProjectReport({"model": reports}, 0, 0, ("The data does not fit.",)))
    assert panel.node.error.text() == "units must be at least 1."
    panel.show_selection([])
    assert panel.summary.problems.text() == "The data does not fit.\n\ndense: units must be at least 1."


def test_facts_are_in_words() -> None:
    report = NodeReport(((None, 8, 8, 32),), ("float32",), 1320, 320)
    assert facts(Node("Conv2D"), report) == "Output batch × 8 × 8 × 32  float32\n1,320 parameters, 1,000 of them not trained\n8.2 kB of output a sample"
    assert written_shape(()) == "a number"
    assert written_shape((None, None, 64)) == "batch × ? × 64"


def test_what_was_deleted_is_no_longer_shown(panel: InspectorPanel) -> None:
    panel.show_selection(["dense"])
    panel.document.edit_graph(panel.document.graph.without({"dense"}), "Delete dense")
    assert panel.summary.isVisible()
    assert panel.summary.totals.text() == "3 nodes"
