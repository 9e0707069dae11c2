"""The canvas by keyboard alone."""

from PySide6.QtCore import Qt

from ml.project.graph import Graph, Link, Node
from tests.app.canvas.conftest import GRAPH, project

SHIFT, CONTROL, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
BRANCHES = GRAPH.with_nodes(
    {
        "image": GRAPH["image"],
        "one": Node("Conv2D", {"filters": 8, "kernel_size": 3}, (Link("image"),)),
        "two": Node("Conv2D", {"filters": 8, "kernel_size": 5}, (Link("image"),)),
        "join": Node("Concatenate", {}, (Link("one"), Link("two"))),
    }
)


def walk(view, hand, *keys):
    walked = []
    for key in keys:
        hand.key(key)
        walked += view.selected()
    return walked


def test_arrows_walk_along_the_links(view, hand):
    down, up = Qt.Key.Key_Down, Qt.Key.Key_Up
    assert walk(view, hand, down, down, down, up) == ["image", "conv", "flatten", "conv"]
    view.select([])
    assert walk(view, hand, up, up) == ["answer", "block"]


def test_arrows_aside_walk_among_siblings_and_back_by_the_way_that_was_come(document, view, hand):
    document.open(project(Graph(BRANCHES.nodes)))
    view.select(["image"])
    left = min(("one", "two"), key=lambda name: hand.card(name).x())
    right = "two" if left == "one" else "one"
    view.select([left])
    assert walk(view, hand, Qt.Key.Key_Right) == [right]
    assert walk(view, hand, Qt.Key.Key_Down, Qt.Key.Key_Up) == ["join", right]
    assert walk(view, hand, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Down) == [left, "image", left]


def test_shift_and_an_arrow_add_what_is_walked_to(view, hand):
    view.select(["conv"])
    hand.key(Qt.Key.Key_Down, SHIFT)
    hand.key(Qt.Key.Key_Down, SHIFT)
    assert view.selected() == ["conv", "flatten", "block"]


def test_alt_and_arrows_move_the_selection_in_one_step(document, view, hand):
    view.select(["conv"])
    x, y = view.graph_scene.positions()["conv"]
    for _ in range(3):
        hand.key(Qt.Key.Key_Right, ALT)
    hand.key(Qt.Key.Key_Down, ALT | SHIFT)
    assert view.graph_scene.positions()["conv"] == (x + 24, y + 1)
    assert document.undo_stack.count() == 1


def test_page_keys_go_through_all_nodes_in_order(view, hand):
    page_down = Qt.Key.Key_PageDown
    assert walk(view, hand, *[page_down] * 6) == ["image", "conv", "flatten", "block", "answer", "image"]
    assert walk(view, hand, Qt.Key.Key_PageUp, Qt.Key.Key_Home, Qt.Key.Key_End) == ["answer", "image", "answer"]


def test_links_are_selected_walked_and_cut_by_keys(document, view, hand):
    view.select(["conv"])
    hand.key(Qt.Key.Key_L)
    assert view.graph_scene.picked_link == ("conv", 0) and view.accessibleDescription() == "link from image to conv, into inputs"
    hand.key(Qt.Key.Key_L)
    assert view.graph_scene.picked_link == ("flatten", 0)
    hand.key(Qt.Key.Key_Down)
    assert view.selected() == ["flatten"]
    hand.key(Qt.Key.Key_L)
    hand.key(Qt.Key.Key_Delete)
    assert document.graph["flatten"].inputs == ()


def test_what_is_walked_to_comes_into_view(view, hand):
    view.set_zoom(2.0)
    view.centerOn(hand.card("image"))
    view.select(["image"])
    walk(view, hand, *[Qt.Key.Key_Down] * 4)
    assert view.viewport().rect().contains(view.mapFromScene(hand.card("answer")))


def test_tab_on_a_selected_link_puts_a_node_into_it(document, view, hand):
    view.select(["flatten"])
    hand.key(Qt.Key.Key_L)
    hand.key(Qt.Key.Key_Tab)
    hand.write("dropout")
    assert document.graph["flatten"].inputs == (Link("dropout"),) and document.graph["dropout"].inputs == (Link("conv"),)
