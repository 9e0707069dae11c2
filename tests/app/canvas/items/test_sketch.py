"""The small picture of what is in a block."""

from msgspec.structs import replace
from PySide6.QtCore import Qt

from app.canvas.geometry import HEIGHT
from app.canvas.items.faces import face
from app.canvas.items.sketch import MOST_NODES, sketch
from ml.project.graph import BLOCK, RIGHT, Graph, Link, Node
from tests.app.canvas.conftest import INSIDE

SKIP = Graph(
    {
        "input": Node("Input"),
        "conv": Node("Conv2D", {"filters": 8}, (Link("input"),)),
        "add": Node("Add", {}, (Link("input"), Link("conv"))),
        "output": Node("Output", {}, (Link("add"),)),
    }
)


def test_each_node_is_a_bar_in_the_order_of_the_flow():
    made = sketch(INSIDE)
    assert [category for _, category in made.bars] == ["Input", "Core", "Output"]
    assert [place for place, _ in made.bars] == [(0, 0), (1, 0), (2, 0)]
    assert (made.columns, made.rows) == (3, 1)


def test_a_skip_connection_runs_beside_what_it_skips():
    made = sketch(SKIP)
    assert made.columns == 4 and made.rows > 1
    bars = [place for place, _ in made.bars]
    assert any(end not in bars for line in made.lines for end in line), "it passes by the node in its way"


def test_the_way_a_graph_runs_does_not_matter():
    assert sketch(SKIP) == sketch(replace(SKIP, flow=RIGHT))


def test_of_a_large_graph_the_first_nodes_are_shown():
    many = Graph({f"n{index}": Node("Dense", {}, (Link(f"n{index - 1}"),) if index else ()) for index in range(3 * MOST_NODES)})
    assert len(sketch(many).bars) == MOST_NODES


def test_an_empty_block_has_an_empty_picture(qapp):
    assert sketch(Graph()).bars == ()


def test_a_repeated_block_says_how_often(document, view):
    node = document.graph["block"]
    shown = face("block", replace(node, repeat=6), None)
    assert shown.repeat == 6 and "6 times" in shown.sentence
    assert shown != face("block", node, None)


def test_the_card_of_a_block_has_room_for_its_picture_and_follows_an_edit_inside(document, view, hand):
    item = view.graph_scene.nodes["block"]
    assert item.height > HEIGHT and item.face.inside is not None and len(item.face.inside.bars) == 3
    hand.double_click(hand.card("block"))
    hand.click(hand.card("dense"))
    hand.key(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    hand.key(Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    shown = view.graph_scene.nodes["block"].face.inside
    assert shown is not None and len(shown.bars) == 4
    assert document.graph["block"].type == BLOCK
