"""Blocks are made, opened, shared and taken apart with the keyboard and the mouse."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from ml.project.graph import BLOCK, Graph, Link, Node
from tests.app.canvas.conftest import project

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def said(view):
    sentences = []
    view.status.connect(sentences.append)
    return sentences


def name_it(view, name: str) -> None:
    QTest.keyClicks(view.writing, name)
    QTest.keyClick(view.writing, Qt.Key.Key_Return)


def test_what_is_selected_becomes_a_block_with_the_name_that_is_typed_as_one_step(document, view, hand):
    view.selection_changed.connect(document.end_step)  # as the window has it
    hand.click(hand.card("conv"))
    hand.click(hand.card("flatten"), SHIFT)
    hand.key(Qt.Key.Key_G, CONTROL)
    name_it(view, "features")
    assert document.graph["features"].type == BLOCK and document.graph["block"].inputs == (Link("features"),)
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert "conv" in document.graph.nodes and document.is_clean


def test_a_block_is_gone_into_and_out_of(document, view, hand):
    hand.double_click(hand.card("block"))
    assert document.scope == ("block",)
    hand.key(Qt.Key.Key_Up, CONTROL)
    assert document.scope == () and view.selected() == ["block"]


@pytest.mark.parametrize(
    ("node", "why"),
    [
        (Node(BLOCK, {}, (Link("flatten"),), shares="gone"), "it shares the weights of gone, which is no block in this graph"),
        (Node(BLOCK, {}, (Link("flatten"),)), "there is nothing inside"),
    ],
    ids=["orphan", "empty"],
)
def test_a_block_without_an_inside_is_not_gone_into_but_why_is_said(document, view, hand, said, node, why):
    document.edit_graph(document.graph.with_node("other", node), "Add other")
    hand.double_click(hand.card("other"))
    assert document.scope == () and said[-1] == f"other can't be opened: {why}."


def test_what_shares_a_layer_that_is_gone_is_not_frozen(document, view, said):
    document.edit_graph(document.graph.with_node("other", Node("Dense", {}, (Link("flatten"),), shares="gone")), "Add other")
    view.select(["other"])
    view.commands["freeze"].trigger()
    assert said[-1] == "There is nothing to freeze: what is selected has no weights."


def test_ungrouping_puts_the_inside_in_its_place(document, view, hand):
    hand.click(hand.card("block"))
    hand.key(Qt.Key.Key_G, CONTROL | SHIFT)
    assert document.graph["dense"].inputs == (Link("flatten"),) and document.graph["answer"].inputs == (Link("dense"),)
    assert view.selected() == ["dense"]


def test_a_block_is_used_again_with_its_weights_and_made_independent(document, view, hand):
    hand.click(hand.card("block"))
    hand.key(Qt.Key.Key_D, CONTROL | SHIFT)
    (copy,) = view.selected()
    assert document.graph[copy].shares == "block"
    view.blocks.open(copy)
    assert document.scope == ("block",)
    view.blocks.close()
    view.select([copy])
    hand.key(Qt.Key.Key_I, CONTROL | SHIFT)
    assert document.graph[copy].shares is None and document.graph[copy].graph == document.graph["block"].graph


def test_what_can_not_be_grouped_says_why(document, view, hand, said):
    view.select(["conv", "block"])
    hand.key(Qt.Key.Key_G, CONTROL)
    assert said == ["What is selected feeds flatten and is fed by it again: select flatten too."]
    assert document.is_clean


def test_a_shared_block_has_its_owners_ports_and_picture_and_is_linked_by_hand(document, view, hand):
    view.select(["block"])
    hand.key(Qt.Key.Key_D, CONTROL | SHIFT)
    (copy,) = view.selected()
    view.graph_scene.move({copy: hand.card(copy) + QPointF(300, 0)})
    view.editor.keep_positions([copy])
    hand.drag(hand.output("flatten"), hand.input(copy))
    assert document.graph[copy].inputs == (Link("flatten"),)
    assert document.project.models["model"][copy].graph is None, "in the document only the owner holds the inside"
    assert view.graph_scene.nodes[copy].face.inside == view.graph_scene.nodes["block"].face.inside
    view.select(["block"])
    hand.key(Qt.Key.Key_Delete)
    assert document.graph[copy].graph is not None and document.graph[copy].shares is None


def test_the_way_to_an_opened_block_is_said_in_the_names_that_it_has(document, view):
    document.edit_graph(document.graph.renamed("block", "<i>block"), "Rename")  # as a stranger's file may have it
    view.blocks.open("<i>block")
    assert "&lt;i&gt;block" in view.breadcrumb.text()


def test_what_changes_nothing_is_no_step(document, view, said):
    view.select(["conv"])
    view.commands["thaw"].trigger()
    assert said[-1] == "There is nothing to thaw: what is selected is trained already."
    document.open(project(Graph({"lonely": Node("Dense"), "image": Node("Input")})))
    view.select(["lonely"])
    view.commands["disconnect"].trigger()
    assert document.is_clean and document.undo_stack.count() == 0
