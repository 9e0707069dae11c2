"""The graph editor, with the mouse and the keyboard."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QClipboard, QContextMenuEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app import theme
from app.canvas.palette import DARK
from app.canvas.view import MIME
from ml.project.graph import Graph, Link, Node
from ml.project.report import NodeReport, ProjectReport
from tests.app.canvas.conftest import GRAPH, project

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
EMPTY = QPointF(250, 40)


@pytest.fixture
def said(view):
    sentences = []
    view.status.connect(sentences.append)
    return sentences


def test_showing_a_graph_is_no_change_of_it(document, view):
    assert document.is_clean and document.project == project(GRAPH)
    assert all(node.position is None for node in document.graph.nodes.values())


def test_a_dragged_node_stays_where_the_hand_put_it(document, view, hand):
    there = hand.card("conv") + QPointF(220, 30)
    hand.drag(hand.card("conv"), there)
    x, y = document.graph["conv"].position
    assert abs(x - there.x()) < 2 and abs(y - there.y()) < 2
    assert document.undo_stack.count() == 1 and document.undo_stack.undoText() == "Move conv"


def test_undoing_a_move_puts_every_node_back(document, view, hand):
    before = view.graph_scene.positions()
    hand.drag(hand.card("conv"), hand.card("conv") + QPointF(220, 30))
    document.undo_stack.undo()
    assert view.graph_scene.positions() == before and document.is_clean


def test_all_selected_nodes_are_dragged_in_one_step(document, view, hand):
    view.selecting.all()
    before = view.graph_scene.positions()
    hand.drag(hand.card("conv"), hand.card("conv") + QPointF(60, 0))
    assert all(x > before[name][0] + 50 for name, (x, _) in view.graph_scene.positions().items())
    assert document.undo_stack.count() == 1


def test_escape_gives_up_a_drag(document, view, hand):
    before = view.graph_scene.positions()
    hand.press(hand.card("conv"))
    hand.move(hand.card("conv") + QPointF(80, 0))
    hand.key(Qt.Key.Key_Escape)
    hand.release(hand.card("conv"))
    assert view.graph_scene.positions() == before and document.is_clean


def test_another_button_neither_ends_a_drag_nor_opens_a_menu(document, view, hand):
    start, end = hand.card("conv"), hand.card("conv") + QPointF(80, 0)
    place = view.mapFromScene(end)
    hand.press(start)
    hand.move(end)
    QTest.mousePress(view.viewport(), Qt.MouseButton.RightButton, pos=place)
    QApplication.sendEvent(view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.viewport().mapToGlobal(place)))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.RightButton, pos=place)
    assert document.is_clean and QApplication.activePopupWidget() is None
    hand.release(end)
    assert document.undo_stack.undoText() == "Move conv"


def test_what_a_key_selects_after_the_press_is_what_is_dragged(document, view, hand):
    start, before = hand.card("conv"), hand.card("flatten")
    hand.press(start)
    hand.key(Qt.Key.Key_PageDown)
    hand.move(start + QPointF(80, 0))
    hand.release(start + QPointF(80, 0))
    assert document.undo_stack.undoText() == "Move flatten" and hand.card("flatten") != before
    assert document.graph["flatten"].position == hand.card("flatten").toTuple()


def test_clicks_select_and_shift_adds(view, hand):
    hand.click(hand.card("conv"))
    hand.click(hand.card("block"), SHIFT)
    assert view.selected() == ["conv", "block"]
    hand.click(hand.card("conv"), SHIFT)
    assert view.selected() == ["block"]
    hand.click(EMPTY)
    assert view.selected() == []


def test_a_rubber_band_selects_what_it_touches(view, hand):
    hand.drag(hand.card("conv") + QPointF(-160, -40), hand.card("flatten") + QPointF(-60, 5))
    assert view.selected() == ["conv", "flatten"]


def test_a_link_is_drawn_from_an_output_to_an_input(document, view, hand):
    name = view.add_node("Add", EMPTY)
    hand.drag(hand.output("image"), hand.input(name))
    hand.drag(hand.output("conv"), hand.input(name, 1))
    assert document.graph[name].inputs == (Link("image"), Link("conv"))


def test_and_backwards(document, view, hand):
    name = view.add_node("Dense", EMPTY)
    hand.drag(hand.input(name), hand.output("flatten"))
    assert document.graph[name].inputs == (Link("flatten"),)


def test_a_link_dropped_on_a_card_takes_its_first_free_port(document, view, hand):
    name = view.add_node("Attention", EMPTY)
    hand.drag(hand.output("conv"), hand.card(name))
    hand.drag(hand.output("image"), hand.card(name))
    assert document.graph[name].inputs == (Link("conv"), Link("image"))


def test_a_link_dragged_off_is_gone_and_undo_brings_it_back(document, view, hand):
    hand.drag(hand.input("flatten"), EMPTY)
    assert document.graph["flatten"].inputs == ()
    document.undo_stack.undo()
    assert document.graph["flatten"].inputs == (Link("conv"),)


def test_a_link_dragged_to_another_input_feeds_that_in_one_step(document, view, hand):
    name = view.add_node("Dense", EMPTY)
    steps = document.undo_stack.count()
    hand.drag(hand.input("flatten"), hand.input(name))
    assert document.graph["flatten"].inputs == () and document.graph[name].inputs == (Link("conv"),)
    assert document.undo_stack.count() == steps + 1


@pytest.mark.parametrize(("start", "end", "reason"), [("block", "conv", "taken"), ("image", "flatten", "taken")])
def test_a_refused_link_says_why_at_the_cursor(document, view, hand, said, start, end, reason):
    hand.press(hand.output(start))
    hand.move(hand.input(end) + QPointF(1, -1))
    hand.move(hand.input(end))
    assert view.hint.isVisible() and reason in view.hint.text()
    hand.release(hand.input(end))
    assert not view.hint.isVisible() and reason in said[0] and document.is_clean


def test_output_to_output_and_circles_are_refused(document, view, hand, said):
    hand.drag(hand.output("image"), hand.output("flatten"))
    view.editor.edit_graph(document.graph.linked("conv", 0, None), "Disconnect")
    hand.drag(hand.output("flatten"), hand.input("conv"))
    assert "output can't be joined to an output" in said[0] and "circle" in said[1]


def test_delete_takes_the_selected_nodes_or_the_selected_link(document, view, hand):
    hand.click(hand.card("flatten"))
    hand.key(Qt.Key.Key_Delete)
    assert "flatten" not in document.graph.nodes
    document.undo_stack.undo()
    hand.click((hand.output("conv") + hand.input("flatten")) / 2)
    hand.key(Qt.Key.Key_Backspace)
    assert document.graph["flatten"].inputs == () and "flatten" in document.graph.nodes


def test_duplicate_selects_the_copies(document, view, hand):
    view.select(["conv", "flatten"])
    hand.key(Qt.Key.Key_D, CONTROL)
    assert view.selected() == ["conv_1", "flatten_1"]
    assert document.graph["flatten_1"].inputs == (Link("conv_1"),)


def test_nodes_are_copied_as_text_and_pasted(document, view, hand):
    view.select(["conv", "flatten"])
    hand.key(Qt.Key.Key_C, CONTROL)
    hand.key(Qt.Key.Key_V, CONTROL)
    hand.key(Qt.Key.Key_V, CONTROL)
    assert {"conv_1", "conv_2", "flatten_2"} <= set(document.graph.nodes)
    assert document.graph["conv_1"].position != document.graph["conv_2"].position


@pytest.mark.parametrize("file", ["/theirs.h5", "", "/others.h5"])
def test_first_weights_come_along_within_a_project_and_stay_behind_where_it_is_another(document, view, hand, file):
    inside = Graph({"inner": Node("Dense", {"units": 4}, weights="b")})
    graph = Graph({"dense": Node("Dense", {"units": 4}, weights="a"), "block": Node("Block", graph=inside)})
    document.open(replace(project(graph), weights="/theirs.h5"))
    view.selecting.all()
    hand.key(Qt.Key.Key_C, CONTROL)
    document.open(replace(project(graph), weights=file))
    hand.key(Qt.Key.Key_V, CONTROL)
    pasted = document.graph["dense_1"].weights, document.graph["block_1"].graph["inner"].weights
    assert pasted == (("a", "b") if file == "/theirs.h5" else ("", ""))


@pytest.mark.parametrize("text", ["hello", "\ud800", '{"name": "a project", "models": {}}'])
def test_other_text_is_not_pasted(document, view, hand, said, monkeypatch, text):
    monkeypatch.setattr(QClipboard, "text", lambda self: text)
    hand.key(Qt.Key.Key_V, CONTROL)
    assert document.is_clean and "no nodes" in said[0]


def test_tab_adds_a_node_fed_by_the_selected_one(document, view, hand):
    view.select(["flatten"])
    hand.key(Qt.Key.Key_Tab)
    hand.write("dense")
    assert document.graph["dense"].inputs == (Link("flatten"),) and view.selected() == ["dense"]
    assert not view.search_menu.isVisible() and view.hasFocus()


def test_a_double_click_on_nothing_adds_a_node_there(document, view, hand):
    hand.double_click(EMPTY)
    hand.write("dropout")
    x, y = document.graph["dropout"].position
    assert abs(x - EMPTY.x()) < 2 and abs(y - EMPTY.y()) < 2 and document.graph["dropout"].inputs == ()


def test_a_link_let_go_on_nothing_offers_what_to_feed(document, view, hand):
    hand.drag(hand.output("conv"), EMPTY)
    hand.write("maxpool2d")
    assert document.graph["max_pooling2d"].inputs == (Link("conv"),)


def test_escape_closes_the_search(document, view, hand):
    hand.key(Qt.Key.Key_Tab)
    QTest.keyClick(view.search_menu.field, Qt.Key.Key_Escape)
    assert not view.search_menu.isVisible() and document.is_clean


def test_a_search_that_an_undo_closes_gives_the_keyboard_back(document, view, hand):
    QLineEdit(view.window())  # something else that would take it
    view.add_node("Dense", EMPTY)
    hand.key(Qt.Key.Key_Tab)
    document.undo_stack.undo()
    assert not view.search_menu.isVisible() and view.hasFocus()


def drop(view, point, type):
    data = QMimeData()
    data.setData(MIME, type.encode())
    where = QPointF(view.mapFromScene(point))
    view.dropEvent(QDropEvent(where, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))


def test_an_item_of_the_library_lies_where_it_is_dropped(document, view):
    drop(view, EMPTY, "Dense")
    x, y = document.graph["dense"].position
    assert abs(x - EMPTY.x()) < 2 and abs(y - EMPTY.y()) < 2


def test_dropped_on_a_link_it_goes_into_it(document, view, hand):
    drop(view, (hand.output("conv") + hand.input("flatten")) / 2, "BatchNormalization")
    assert document.graph["flatten"].inputs == (Link("batch_normalization"),)
    assert document.graph["batch_normalization"].inputs == (Link("conv"),)


def test_a_loose_node_let_go_on_a_link_goes_into_it(document, view, hand):
    name = view.add_node("Dropout", EMPTY)
    hand.drag(hand.card(name), (hand.output("conv") + hand.input("flatten")) / 2)
    assert document.graph["flatten"].inputs == (Link(name),)


def test_what_is_selected_can_be_heard(document, view):
    document.set_report(ProjectReport({"model": {"conv": NodeReport(((None, 6, 6, 32),), parameters=320)}}, 320, 320))
    view.select(["conv"])
    assert view.accessibleName() == "Graph"
    assert view.accessibleDescription() == "conv: Conv2D, 32 · 3×3, output 6 × 6 × 32, 320 parameters, fed by image, feeds flatten"


def test_so_can_a_link_from_an_output_that_no_node_has(document, view):
    document.set_report(ProjectReport({"model": {"conv": NodeReport(((None, 6, 6, 32),), parameters=320)}}, 320, 320))
    document.edit_graph(document.graph.linked("flatten", 0, Link("conv", -1)), "Link")
    view.graph_scene.select([], ("flatten", 0))
    assert view.accessibleDescription() == "link from conv to flatten, into inputs"


def test_arranging_is_one_step_and_can_be_undone(document, view, hand):
    hand.drag(hand.card("conv"), hand.card("conv") + QPointF(220, 30))
    moved = view.graph_scene.positions()
    hand.key(Qt.Key.Key_L, CONTROL)
    assert view.graph_scene.positions() != moved
    document.undo_stack.undo()
    assert view.graph_scene.positions() == moved


def wheel(view, point, clicks, modifiers=Qt.KeyboardModifier.NoModifier):
    where = QPointF(point)
    event = QWheelEvent(
        where, view.mapToGlobal(where), QPoint(), QPoint(0, 120 * clicks), Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(view.viewport(), event)


def test_the_wheel_zooms_where_the_cursor_is(view):
    point = QPoint(200, 200)
    before, zoom = view.mapToScene(point), view.zoom
    wheel(view, point, 3)
    assert view.zoom > zoom * 1.3
    after = view.mapToScene(point)
    assert abs(after.x() - before.x()) < 2 and abs(after.y() - before.y()) < 2


def test_the_wheel_with_shift_pans_aside(view):
    zoom, before = view.zoom, view.mapToScene(QPoint(0, 0))
    wheel(view, QPoint(200, 200), 1, SHIFT)
    after = view.mapToScene(QPoint(0, 0))
    assert view.zoom == zoom and after.y() == before.y() and after.x() < before.x()


def test_keys_zoom_and_fit(view, hand):
    hand.key(Qt.Key.Key_0, CONTROL)
    assert view.zoom == 1.0
    hand.key(Qt.Key.Key_Minus, CONTROL)
    assert view.zoom < 1.0
    hand.key(Qt.Key.Key_F)
    shown = view.mapToScene(view.viewport().rect()).boundingRect()
    assert shown.contains(view.graph_scene.extent())


def test_space_and_the_left_button_pan(document, view, hand):
    point = view.mapFromScene(hand.card("conv"))
    QTest.keyPress(view, Qt.Key.Key_Space)
    hand.press(hand.card("conv"))
    QTest.mouseMove(view.viewport(), point + QPoint(70, 20))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point + QPoint(70, 20))
    QTest.keyRelease(view, Qt.Key.Key_Space)
    assert view.mapFromScene(hand.card("conv")) == point + QPoint(70, 20) and document.is_clean


def test_a_block_opens_on_a_double_click_and_escape_leaves_it(document, view, hand):
    hand.double_click(hand.card("block"))
    assert document.scope == ("block",) and set(view.graph_scene.nodes) == {"input", "dense", "output"}
    assert view.breadcrumb.isVisible()
    hand.key(Qt.Key.Key_Escape)
    assert document.scope == () and view.selected() == ["block"] and not view.breadcrumb.isVisible()


def test_what_is_edited_inside_a_block_is_in_the_block(document, view, hand):
    document.scope = ("block",)
    view.select(["dense"])
    hand.key(Qt.Key.Key_Delete)
    assert "dense" not in document.project.models["model"]["block"].graph.nodes
    document.undo_stack.undo()
    assert document.graph["dense"].arguments == {"units": 4}


def test_reports_of_a_block_reach_its_inside(document, view):
    document.scope = ("block",)
    document.set_report(ProjectReport({"model": {"block": NodeReport(inside={"dense": NodeReport(parameters=68)})}}, 68, 68))
    assert view.graph_scene.nodes["dense"].face.parameters == "68"


def test_another_project_is_laid_out_anew(document, view, hand):
    hand.drag(hand.card("conv"), hand.card("conv") + QPointF(220, 30))
    document.open(project(Graph({name: GRAPH[name] for name in ("image", "conv")})))
    assert set(view.graph_scene.nodes) == {"image", "conv"}
    assert view.graph_scene.positions()["conv"][0] == view.graph_scene.positions()["image"][0]
    assert document.is_clean


def test_an_empty_graph_says_what_to_do_and_takes_a_first_node(document, view, hand):
    document.open(project(Graph()))
    view.grab()
    hand.key(Qt.Key.Key_Tab)
    hand.write("input")
    assert list(document.graph.nodes) == ["input"]
    hand.key(Qt.Key.Key_Escape)
    assert view.accessibleDescription() == "1 node, none selected"


def test_the_selection_is_announced_by_name(view, qtbot):
    with qtbot.waitSignal(view.selection_changed) as heard:
        view.select(["conv", "block"])
    assert heard.args == [["conv", "block"]]


def test_the_canvas_follows_the_theme(view, qapp):
    before = qapp.palette()
    qapp.setPalette(theme.palette(theme.DARK))
    try:
        qapp.processEvents()
        assert view.graph_scene.look.palette is DARK
        assert view.grab().toImage().pixelColor(2, 2).lightness() < 80
    finally:
        qapp.setPalette(before)


def test_of_a_graph_that_is_too_large_to_be_read_the_beginning_is_seen_first(document, view):
    columns = {f"{column}_{row}": Node("Flatten", {}, (Link(f"{column}_{row - 1}" if row else "image"),)) for column in range(40) for row in range(12)}
    ends = {f"end_{column}": Node("Output", {}, (Link(f"{column}_11"),)) for column in range(40)}
    document.edit_graph(Graph({"image": Node("Input", {"shape": [8, 8, 1]}, position=(0.0, 0.0)), **columns, **ends}), "Draw")
    view.first_look()
    seen = view.mapToScene(view.viewport().rect()).boundingRect()
    assert view.zoom == 0.8 and seen.contains(view.graph_scene.nodes["image"].sceneBoundingRect())
