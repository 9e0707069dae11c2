"""Edges without friction, by hand."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from app.canvas.gestures import scrolling
from ml.project.graph import Link
from ml.project.report import NodeReport, ProjectReport

SHIFT, CONTROL, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
EMPTY = QPointF(250, 40)


def test_deleting_closes_the_chain_and_with_shift_it_does_not(document, view, hand):
    view.select(["flatten"])
    hand.key(Qt.Key.Key_Delete)
    assert document.graph["block"].inputs == (Link("conv"),)
    document.undo_stack.undo()
    view.select(["flatten"])
    hand.key(Qt.Key.Key_Delete, SHIFT)
    assert document.graph["block"].inputs == ()


def between(hand, source, target, part):
    start, end = hand.output(source), hand.input(target)
    return start + (end - start) * part


def test_a_link_pressed_near_its_end_is_taken_elsewhere(document, view, hand):
    name = view.add_node("Dense", EMPTY)
    hand.drag(between(hand, "conv", "flatten", 0.7), hand.input(name))
    assert document.graph["flatten"].inputs == () and document.graph[name].inputs == (Link("conv"),)


def test_a_link_pressed_near_its_beginning_is_fed_by_another(document, view, hand):
    steps = document.undo_stack.count()
    hand.drag(between(hand, "conv", "flatten", 0.3), hand.output("image"))
    assert document.graph["flatten"].inputs == (Link("image"),) and document.undo_stack.count() == steps + 1


def test_a_click_on_a_link_only_selects_it(document, view, hand):
    hand.click(between(hand, "conv", "flatten", 0.3))
    assert view.graph_scene.picked_link == ("flatten", 0) and document.is_clean


def test_a_link_put_back_where_it_was_is_no_step(document, view, hand):
    hand.drag(between(hand, "conv", "flatten", 0.7), hand.input("flatten"))
    assert document.is_clean and view.graph_scene.links["flatten", 0].isVisible()


def test_links_of_all_selected_nodes_are_drawn_at_once(document, view, hand):
    name = view.add_node("Concatenate", EMPTY)
    view.select(["image", "conv", "flatten"])
    hand.drag(hand.output("conv"), hand.card(name))
    assert {link.node for link in document.graph[name].inputs} == {"image", "conv", "flatten"}
    assert document.undo_stack.undoText() == "Connect 3 nodes to concatenate"


def test_and_what_finds_no_port_is_named(document, view, hand):
    said = []
    view.status.connect(said.append)
    name = view.add_node("Dense", EMPTY)
    view.select(["image", "conv"])
    hand.drag(hand.output("conv"), hand.card(name))
    assert document.graph[name].inputs == (Link("conv"),) and "image" in said[0]


def test_in_the_void_they_all_feed_the_new_node(document, view, hand):
    view.select(["image", "conv"])
    hand.drag(hand.output("conv"), EMPTY)
    hand.write("concatenate")
    assert {link.node for link in document.graph["concatenate"].inputs} == {"image", "conv"}


def test_with_alt_a_node_leaves_its_chain(document, view, hand):
    hand.drag(hand.card("flatten"), EMPTY, ALT)
    assert document.graph["block"].inputs == (Link("conv"),) and document.graph["flatten"].inputs == ()
    assert document.undo_stack.undoText() == "Take flatten out" and document.undo_stack.count() == 1


def test_and_goes_into_another_link(document, view, hand):
    hand.drag(hand.card("flatten"), between(hand, "image", "conv", 0.5), ALT)
    assert document.graph["conv"].inputs == (Link("flatten"),) and document.graph["block"].inputs == (Link("conv"),)


def test_the_link_into_which_a_node_would_go_is_shown(document, view, hand):
    name = view.add_node("Dropout", EMPTY)
    hand.press(hand.card(name))
    hand.move(between(hand, "conv", "flatten", 0.4))
    hand.move(between(hand, "conv", "flatten", 0.5))
    assert view.graph_scene.links["flatten", 0].pen().widthF() == 3.0
    hand.key(Qt.Key.Key_Escape)
    assert view.graph_scene.links["flatten", 0].pen().widthF() < 3.0


@pytest.mark.parametrize("key", [(Qt.Key.Key_R, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_H, CONTROL)])
def test_a_node_is_replaced_by_another_type(document, view, hand, key):
    view.select(["flatten"])
    hand.key(*key)
    assert "flatten" in view.search_menu.field.placeholderText()
    hand.write("global average pooling2d")
    assert view.selected() == ["global_average_pooling2d"]
    assert document.graph["block"].inputs == (Link("global_average_pooling2d"),)
    document.undo_stack.undo()
    assert document.graph["block"].inputs == (Link("flatten"),)


def test_the_paper_moves_while_a_hand_rests_at_the_border(view, hand, qtbot, monkeypatch):
    monkeypatch.setattr(scrolling, "WAIT", 5)
    before = view.mapToScene(QPoint(0, 0)).x()
    place = view.mapFromScene(hand.card("conv"))
    hand.press(hand.card("conv"))
    for x in (place.x() - 20, 6):
        QTest.mouseMove(view.viewport(), QPoint(x, place.y()))
    qtbot.waitUntil(lambda: view.mapToScene(QPoint(0, 0)).x() < before - 60)
    assert abs(view.mapFromScene(hand.card("conv")).x() - 6) <= 20
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(6, place.y()))
    assert view.document.graph["conv"].position[0] < before


def offered(view):
    return [view.search_menu.list.item(row).text() for row in range(view.search_menu.list.count())]


def test_the_search_begins_with_what_takes_the_shape(document, view, hand):
    document.set_report(ProjectReport({"model": {"conv": NodeReport(((None, 6, 6, 32),), ("float32",))}}, 320, 320))
    hand.drag(hand.output("conv"), EMPTY)
    assert offered(view)[0] == "Conv2D" and "6 × 6 × 32" in view.search_menu.field.placeholderText()
    QTest.keyClick(view.search_menu.field, Qt.Key.Key_Escape)
    hand.double_click(between(hand, "conv", "flatten", 0.5))
    assert view.search_menu.isVisible() and offered(view)[0] == "Conv2D"
    QTest.keyClick(view.search_menu.field, Qt.Key.Key_Return)
    assert document.graph["flatten"].inputs == (Link("conv2d"),)


def test_what_was_added_last_is_offered_first_and_announced(document, view, hand, qtbot):
    with qtbot.waitSignal(view.search_menu.used) as heard:
        view.add_node("Reshape", EMPTY)
    assert heard.args == [["Reshape"]]
    hand.key(Qt.Key.Key_Tab)
    assert offered(view)[0] == "Reshape"


def test_an_input_dragged_into_the_void_asks_what_feeds_it(document, view, hand):
    name = view.add_node("Dense", EMPTY)
    steps = document.undo_stack.count()
    hand.drag(hand.input(name), EMPTY + QPointF(60, -90))
    hand.write("flatten")
    assert document.graph[name].inputs == (Link("flatten_1"),) and document.undo_stack.count() == steps + 1
