"""A block's parameters: a form from outside, made from inside."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu, QSpinBox

from app.document import Document
from app.panels.inspector.panel import InspectorPanel
from ml.project.expressions import expression
from ml.project.graph import Graph, Link, Node
from ml.project.project import Choice, Data, Project

INSIDE = Graph({"input": Node("Input"), "dense": Node("Dense", {"units": 4}, (Link("input"),)), "output": Node("Output", {}, (Link("dense"),))})
GRAPH = Graph(
    {"x": Node("Input", {"shape": [8]}), "stage": Node("Block", {}, (Link("x"),), graph=INSIDE), "y": Node("Output", {}, (Link("stage"),))},
)


@pytest.fixture
def document(qapp):
    return Document(Project("a net", Data("digits"), {"model": GRAPH}, Choice("supervised")))


@pytest.fixture
def panel(qtbot, document):
    panel = InspectorPanel(document)
    qtbot.addWidget(panel)
    panel.resize(320, 600)
    panel.show()
    return panel


def chosen(panel, parameter, *words):
    """Choose from a parameter's menu."""
    panel.node.form.open_menu(parameter)
    menu = next(menu for menu in panel.findChildren(QMenu) if menu.isVisible())
    for word in words:
        action = next(action for action in menu.actions() if word in action.text().replace("&", ""))
        menu_inside = action.menu()
        if menu_inside is None:
            action.trigger()
            menu.close()
            return
        menu = menu_inside


def promote(document, panel):
    document.scope = ("stage",)
    panel.show_selection(["dense"])
    chosen(panel, "units", "Make It a Parameter of stage")


def test_an_argument_inside_becomes_a_parameter_of_the_block(document, panel):
    promote(document, panel)
    assert document.block.arguments == {"units": 4}
    assert document.graph["dense"].arguments == {"units": expression("units")}
    editor = panel.node.form.editor("units")
    assert isinstance(editor, QLineEdit) and editor.text() == "= units"


def test_from_outside_it_is_a_field_of_the_same_kind(document, panel):
    promote(document, panel)
    document.scope = ()
    panel.show_selection(["stage"])
    editor = panel.node.form.editor("units")
    editor.clear()
    QTest.keyClicks(editor, "16")
    assert document.graph["stage"].arguments == {"units": 16}
    panel.node.form.editor("units").clear()
    QTest.keyClicks(panel.node.form.editor("units"), "x")
    assert document.graph["stage"].arguments == {"units": 16}


def test_an_expression_is_written_with_an_equals_sign(document, panel):
    promote(document, panel)
    editor = panel.node.form.editor("units")
    editor.clear()
    QTest.keyClicks(editor, "= 2 * units")
    assert document.graph["dense"].arguments == {"units": expression("2 * units")}
    editor.clear()
    QTest.keyClicks(editor, "12")
    assert document.graph["dense"].arguments == {"units": 12}


def test_an_argument_goes_back_to_a_plain_value(document, panel):
    promote(document, panel)
    chosen(panel, "units", "Back to a Plain Value")
    assert document.graph["dense"].arguments == {"units": 4}
    chosen(panel, "units", "Take from stage", "units")
    assert document.graph["dense"].arguments == {"units": expression("units")}


def test_repeats_are_a_number_on_the_block(document, panel):
    panel.show_selection(["stage"])
    box = panel.node.form.editor("repeat")
    assert isinstance(box, QSpinBox)
    box.setValue(3)
    assert document.graph["stage"].repeat == 3 and document.undo_stack.undoText() == "Change repeat of stage to 3"


def test_a_parameter_is_added_renamed_and_removed(document, panel, monkeypatch):
    panel.show_selection(["stage"])
    field = panel.node.new_parameter.field
    QTest.keyClicks(field, "width")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert document.graph["stage"].arguments == {"width": 1}
    monkeypatch.setattr(QInputDialog, "getText", lambda *arguments, **keywords: ("filters", True))
    chosen(panel, "width", "Rename")
    assert document.graph["stage"].arguments == {"filters": 1}
    chosen(panel, "filters", "Remove the Parameter")
    assert document.graph["stage"].arguments == {}


def test_a_name_that_can_not_be_says_why(document, panel):
    panel.show_selection(["stage"])
    QTest.keyClicks(panel.node.new_parameter.field, "2 wide")
    QTest.keyClick(panel.node.new_parameter.field, Qt.Key.Key_Return)
    assert "begins with a letter" in panel.node.name_problem.text() and document.is_clean


def test_what_shares_a_block_has_no_form_of_its_own(document, panel):
    graph = document.graph.with_node("again", replace(GRAPH["stage"], graph=None, shares="stage"))
    document.edit_graph(graph, "Share")
    panel.show_selection(["again"])
    assert not panel.node.new_parameter.isVisible()
