"""Links without friction, the search that knows shapes, and the ways a graph runs, in the real window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from app.canvas.view import GraphView
from ml.project.graph import Graph, Link
from tests.e2e.studio import LEFT, NONE, Studio

SHIFT, CONTROL, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def view(studio: Studio) -> Iterator[GraphView]:
    """The canvas with a convolutional network on it, all of it in view."""
    studio.window.document.undo_stack.setClean()
    studio.window.files.new("cnn")
    view = studio.window.graph.view
    studio.window.activateWindow()
    view.setFocus()
    studio.until(view.hasFocus)
    studio.until_checked()
    view.zoom_to_fit()
    yield view
    while studio.window.document.undo_stack.canUndo():
        studio.window.document.undo_stack.undo()


def graph(view: GraphView) -> Graph:
    return view.document.graph


def drag(view: GraphView, start: QPointF, end: QPointF, modifiers: Qt.KeyboardModifier = NONE) -> str:
    """Drag the mouse; what stood at the cursor before it let go."""
    canvas = view.viewport()
    QTest.mousePress(canvas, LEFT, modifiers, view.mapFromScene(start))
    for part in (0.5, 0.95, 1.0):
        QTest.mouseMove(canvas, view.mapFromScene(start + (end - start) * part))
    said = view.hint.text() if view.hint.isVisible() else ""
    QTest.mouseRelease(canvas, LEFT, modifiers, view.mapFromScene(end))
    return said


def card(view: GraphView, name: str) -> QPointF:
    return view.graph_scene.nodes[name].pos()


def output(view: GraphView, name: str) -> QPointF:
    return view.graph_scene.nodes[name].box().output(0)


def entry(view: GraphView, name: str, index: int = 0) -> QPointF:
    return view.graph_scene.nodes[name].box().input(index)


def on_link(view: GraphView, source: str, target: str, part: float) -> QPointF:
    return output(view, source) + (entry(view, target) - output(view, source)) * part


def aside(view: GraphView, name: str) -> QPointF:
    """An empty place to the right of a node."""
    return card(view, name) + QPointF(330, 10)


def offered(view: GraphView) -> list[str]:
    return [view.search_menu.list.item(row).text() for row in range(view.search_menu.list.count())]


def test_a_link_dragged_into_the_void_offers_what_takes_its_shape_and_enter_connects_it(studio: Studio, view: GraphView) -> None:
    drag(view, output(view, "conv2d"), aside(view, "conv2d"))
    found = offered(view)
    assert found[:2] == ["Conv2D", "MaxPooling2D"] and "LSTM" not in found and "×" in view.search_menu.field.placeholderText()
    studio.type("batchnorm")
    studio.key(Qt.Key.Key_Return)
    assert graph(view)["batch_normalization"].inputs == (Link("conv2d"),) and view.selected() == ["batch_normalization"]


def test_tab_and_a_double_click_open_the_search_and_what_was_used_last_is_remembered(studio: Studio, view: GraphView) -> None:
    view.select(["dense"])
    studio.key(Qt.Key.Key_Tab)
    assert offered(view)[0] != "Conv2D"
    studio.type("alphadropout")
    studio.key(Qt.Key.Key_Return)
    assert graph(view)["alpha_dropout"].inputs == (Link("dense"),)
    assert studio.window.settings.node_types[0] == "AlphaDropout"
    place = view.mapFromScene(aside(view, "conv2d"))
    QTest.mouseDClick(view.viewport(), LEFT, NONE, place)
    assert offered(view)[0] == "AlphaDropout"
    studio.key(Qt.Key.Key_Escape)


def test_a_double_click_on_a_link_puts_a_node_into_it(studio: Studio, view: GraphView) -> None:
    QTest.mouseDClick(view.viewport(), LEFT, NONE, view.mapFromScene(on_link(view, "conv2d", "max_pooling2d", 0.6)))
    studio.type("relu")
    studio.key(Qt.Key.Key_Return)
    assert graph(view)["max_pooling2d"].inputs == (Link("re_lu"),) and graph(view)["re_lu"].inputs == (Link("conv2d"),)


def test_a_chain_closes_over_what_is_deleted_and_stays_open_with_shift(studio: Studio, view: GraphView) -> None:
    studio.click_node("max_pooling2d")
    studio.key(Qt.Key.Key_Delete)
    assert graph(view)["conv2d_1"].inputs == (Link("conv2d"),)
    studio.key(Qt.Key.Key_Z, CONTROL)
    studio.click_node("max_pooling2d")
    studio.key(Qt.Key.Key_Delete, SHIFT)
    assert graph(view)["conv2d_1"].inputs == ()


def test_a_node_is_taken_out_with_alt_and_put_into_another_link(studio: Studio, view: GraphView) -> None:
    drag(view, card(view, "dropout"), on_link(view, "conv2d", "max_pooling2d", 0.5), ALT)
    assert graph(view)["max_pooling2d"].inputs == (Link("dropout"),) and graph(view)["dense"].inputs == (Link("flatten"),)
    assert view.document.undo_stack.count() == 1


def test_another_type_takes_a_nodes_place(studio: Studio, view: GraphView) -> None:
    studio.click_node("max_pooling2d")
    studio.key(Qt.Key.Key_R)
    studio.type("average pooling2d")
    studio.key(Qt.Key.Key_Return)
    assert graph(view)["average_pooling2d"].arguments["pool_size"] == 2 and graph(view)["conv2d_1"].inputs == (Link("average_pooling2d"),)


def test_either_end_of_a_link_is_taken_elsewhere(studio: Studio, view: GraphView) -> None:
    drag(view, on_link(view, "max_pooling2d_1", "flatten", 0.3), output(view, "conv2d_1"))
    assert graph(view)["flatten"].inputs == (Link("conv2d_1"),)
    studio.key(Qt.Key.Key_Z, CONTROL)
    drag(view, on_link(view, "flatten", "dropout", 0.75), aside(view, "flatten"))
    assert graph(view)["dropout"].inputs == ()


def test_all_selected_nodes_are_connected_at_once(studio: Studio, view: GraphView) -> None:
    name = view.add_node("Add", aside(view, "flatten"))
    studio.click_node("conv2d")
    QTest.mouseClick(view.viewport(), LEFT, SHIFT, studio.node_place("max_pooling2d"))
    drag(view, output(view, "conv2d"), card(view, name))
    assert {link.node for link in graph(view)[name].inputs if link} == {"conv2d", "max_pooling2d"}


def test_what_can_not_be_is_refused_at_the_cursor(view: GraphView) -> None:
    before = view.document.graph
    assert "taken" in drag(view, output(view, "conv2d"), entry(view, "flatten"))
    assert "output can't be joined to an output" in drag(view, output(view, "conv2d"), output(view, "flatten"))
    name = view.add_node("Add", aside(view, "flatten"))
    drag(view, output(view, "conv2d"), card(view, name))
    drag(view, entry(view, "conv2d"), aside(view, "input"))
    assert "circle" in drag(view, output(view, name), entry(view, "conv2d"))
    assert graph(view)["conv2d"].inputs == () and graph(view)["flatten"].inputs == before["flatten"].inputs


def test_a_graph_runs_to_the_right_and_is_arranged_as_a_whole_or_in_part(studio: Studio, view: GraphView) -> None:
    studio.key(Qt.Key.Key_L, CONTROL | SHIFT)
    assert graph(view).flow == "right" and output(view, "conv2d").x() < entry(view, "max_pooling2d").x()
    before = view.graph_scene.positions()
    view.zoom_to_fit()
    drag(view, card(view, "flatten"), card(view, "flatten") + QPointF(0, 240))
    drag(view, card(view, "dropout"), card(view, "dropout") + QPointF(40, 240))
    studio.click_node("flatten")
    QTest.mouseClick(view.viewport(), LEFT, SHIFT, studio.node_place("dropout"))
    studio.key(Qt.Key.Key_L, CONTROL)
    after = view.graph_scene.positions()
    assert after["flatten"][1] == after["dropout"][1] > before["flatten"][1] + 200 and after["conv2d"] == before["conv2d"]
    QTest.mouseClick(view.viewport(), LEFT, NONE, view.mapFromScene(card(view, "conv2d") + QPointF(0, -200)))
    studio.key(Qt.Key.Key_L, CONTROL)
    assert view.graph_scene.positions() == before
    for _ in range(5):
        studio.key(Qt.Key.Key_Z, CONTROL)
    assert graph(view).flow == "down" and view.document.is_clean
