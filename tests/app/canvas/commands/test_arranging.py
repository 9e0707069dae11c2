"""Order on the canvas: downwards or from left to right, all of it or a part."""

from PySide6.QtCore import QPointF, QRectF, Qt

from app.canvas import glide
from app.canvas.commands.arranging import carried
from app.canvas.edits import moved
from ml.project.graph import Graph, Node, Note
from tests.app.canvas.conftest import GRAPH

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_values_flow_right_at_a_key_and_down_again_at_the_same(document, view, hand):
    hand.key(Qt.Key.Key_L, CONTROL | SHIFT)
    assert document.graph.flow == "right" and document.undo_stack.undoText() == "Run left to right"
    for name, _, link in GRAPH.links():
        assert hand.output(link.node).x() < hand.input(name).x()
    assert hand.output("image").y() == hand.card("image").y() and hand.input("conv").x() == view.graph_scene.nodes["conv"].box().rect.left()
    hand.key(Qt.Key.Key_L, CONTROL | SHIFT)
    assert document.graph.flow == "down" and hand.output("image").y() < hand.input("conv").y()


def test_turning_back_is_one_undo(document, view, hand):
    before, project = view.graph_scene.positions(), document.project
    hand.key(Qt.Key.Key_L, CONTROL | SHIFT)
    document.undo_stack.undo()
    assert document.project == project and view.graph_scene.positions() == before
    assert hand.output("image").y() > hand.card("image").y()


def test_links_are_drawn_to_ports_at_the_side(document, view, hand):
    hand.key(Qt.Key.Key_L, CONTROL | SHIFT)
    name = view.add_node("Dense", hand.card("flatten") + QPointF(0, 150))
    hand.drag(hand.output("conv"), hand.input(name))
    assert document.graph[name].inputs[0].node == "conv"


def test_three_ports_fit_at_the_side_and_more_make_the_card_higher(document, view, hand):
    hand.key(Qt.Key.Key_L, CONTROL | SHIFT)
    name = view.add_node("Attention", hand.card("flatten") + QPointF(0, 200))
    box = view.graph_scene.nodes[name].box()
    assert all(box.rect.contains(box.input(index) + QPointF(1, 0)) for index in range(box.inputs))


def test_the_selected_nodes_are_arranged_where_they_are_and_the_others_stay(document, view, hand):
    hand.drag(hand.card("conv"), hand.card("conv") + QPointF(150, 8))
    hand.drag(hand.card("flatten"), hand.card("flatten") + QPointF(250, -6))
    before = view.graph_scene.positions()
    view.select(["conv", "flatten"])
    hand.key(Qt.Key.Key_L, CONTROL)
    after = view.graph_scene.positions()
    assert after["conv"][0] == after["flatten"][0] == (before["conv"][0] + before["flatten"][0]) / 2
    assert {name: after[name] for name in ("image", "block")} == {name: before[name] for name in ("image", "block")}
    document.undo_stack.undo()
    assert view.graph_scene.positions() == before


def test_undoing_puts_back_what_nobody_had_put_anywhere(document, view, hand):
    before = view.graph_scene.positions()
    view.select(["image", "flatten"])
    hand.key(Qt.Key.Key_L, CONTROL)
    assert view.graph_scene.positions() != before
    document.undo_stack.undo()
    assert view.graph_scene.positions() == before
    name = view.add_node("Dense", QPointF(600, 0))
    hand.drag(hand.output("image"), hand.input(name))
    view.select([])
    hand.key(Qt.Key.Key_L, CONTROL)
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert view.graph_scene.positions() == before


def test_nodes_glide_and_are_there_for_whoever_asks(document, view, hand, monkeypatch, qtbot):
    monkeypatch.setattr(glide, "MILLISECONDS", 60)
    hand.drag(hand.card("conv"), hand.card("conv") + QPointF(220, 30))
    lying = hand.card("conv")
    hand.key(Qt.Key.Key_L, CONTROL)
    planned = QPointF(*document.graph["conv"].position)
    assert planned.x() == 0 and hand.card("conv") == lying
    qtbot.waitUntil(lambda: hand.card("conv") == planned)
    document.undo_stack.undo()
    hand.key(Qt.Key.Key_L, CONTROL)
    assert view.graph_scene.positions()["conv"] == (planned.x(), planned.y())


def test_frames_stay_around_what_lay_in_them_and_comments_beside_their_node():
    graph = Graph(
        {"a": Node("Add", position=(100, 300)), "b": Node("Add", position=(100, 500))},
        {"frame": Note("both", (-20, -30, 90, 170), frame=True), "note": Note("here", (60, 0, 10, 10))},
    )
    cards = {"a": QRectF(0, 0, 20, 20), "b": QRectF(0, 100, 20, 20)}
    notes = carried(moved(graph, {}), cards).notes
    assert notes["frame"].place == (70, 260, 90, 270)
    assert notes["note"].place == (150, 290, 10, 10)
