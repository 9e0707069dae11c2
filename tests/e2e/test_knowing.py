"""What the real window knows of a graph: errors in words, ways out with one click or one key, costs of the whole and of a selection."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QToolTip

from ml.project.graph import Graph, Link, Node
from tests.e2e.studio import LEFT, NONE, Studio
from tests.e2e.test_whole_path import CONTROL

RESIDUAL = Graph(
    {
        "input": Node("Input", {"shape": [8, 8, 1]}),
        "conv": Node("Conv2D", {"filters": 32, "kernel_size": 3, "padding": "same"}, (Link("input"),)),
        "conv_1": Node("Conv2D", {"filters": 32, "kernel_size": 3, "padding": "same", "strides": 2}, (Link("conv"),)),
        "add": Node("Add", {}, (Link("conv"), Link("conv_1"))),
        "pool": Node("GlobalAveragePooling2D", {}, (Link("add"),)),
        "dense": Node("Dense", {"units": 10, "activation": "softmax"}, (Link("pool"),)),
        "output": Node("Output", {}, (Link("dense"),)),
    }
)


def show(studio: Studio, graph: Graph) -> None:
    document = studio.window.document
    document.open(msgspec.structs.replace(document.project, models={"model": graph}))
    checked(studio)
    studio.window.graph.view.setFocus()


def checked(studio: Studio) -> None:
    """Until the engine has answered for the graph as it is."""
    document = studio.window.document
    document.report = None
    studio.window.engines.check(document.project)
    studio.until_checked()


@pytest.fixture(autouse=True)
def residual(studio: Studio) -> None:
    show(studio, RESIDUAL)


def wrong_button(studio: Studio, name: str) -> QPointF:
    item = studio.window.graph.view.graph_scene.nodes[name]
    assert item._band is not None
    return item.pos() + item._band.buttons[0].center()


def test_a_sum_of_unequal_branches_is_told_in_shapes_and_mended_on_the_canvas(studio: Studio) -> None:
    error = studio.window.document.node_reports["add"].error
    assert error.startswith("this Add gets (None, 8, 8, 32) from conv and (None, 4, 4, 32) from conv_1: make them equal")
    assert studio.window.document.node_reports["pool"].waits == "add"
    view = studio.window.graph.view
    QTest.mouseClick(studio.canvas, LEFT, NONE, view.mapFromScene(wrong_button(studio, "add")))
    assert studio.window.document.graph["conv_1"].arguments["strides"] == 1
    studio.until(lambda: studio.report.errors == 0)
    QTest.keyClick(studio.window, Qt.Key.Key_Z, CONTROL)
    studio.until(lambda: studio.report.errors == 1)
    assert studio.window.document.graph["conv_1"].arguments["strides"] == 2


def test_the_same_by_keys_alone(studio: Studio) -> None:
    studio.window.graph.view.setFocus()
    studio.key(Qt.Key.Key_F4)
    assert studio.window.graph.view.selected() == ["add"]
    studio.key(Qt.Key.Key_Period, CONTROL)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert "max_pooling2d" in studio.window.document.graph.nodes
    studio.until(lambda: studio.report.errors == 0)


def test_the_inspector_offers_the_same(studio: Studio) -> None:
    studio.click_node("add")
    studio.find(QPushButton, "Upsample conv_1 by 2")
    studio.press("Upsample conv_1 by 2")
    assert studio.window.document.undo_stack.undoText() == "Upsample conv_1 by 2"
    studio.until(lambda: studio.report.errors == 0)


def test_an_output_of_too_few_classes_is_mended_beside_the_graph(studio: Studio) -> None:
    nodes = dict(RESIDUAL.nodes)
    nodes["conv_1"] = msgspec.structs.replace(nodes["conv_1"], arguments={**nodes["conv_1"].arguments, "strides": 1})
    nodes["dense"] = msgspec.structs.replace(nodes["dense"], arguments={"units": 7, "activation": "softmax"})
    show(studio, Graph(nodes))
    assert "10 classes" in studio.report.problems[0]
    studio.window.graph.view.select([])
    studio.press("Set units of dense to 10")
    studio.until(lambda: studio.report.errors == 0)


def test_the_status_bar_says_what_the_whole_and_the_selection_cost(studio: Studio) -> None:
    status = studio.window.status
    assert "320 parameters" not in status.totals.text()
    assert "multiply-adds" in status.totals.text()
    assert "1 error" in status.totals.text()
    studio.click_node("conv")
    assert status.selection.text() == "1 selected: 320 parameters  ·  18,432 multiply-adds  ·  8.2 kB"
    studio.window.graph.view.select([])
    assert not status.selection.text()


def test_resting_on_a_node_or_on_a_link_says_what_is_known_of_it(studio: Studio) -> None:
    view = studio.window.graph.view
    rest(studio, view.graph_scene.nodes["conv"].pos())
    for words in ("8.2 kB of output a sample", "320 parameters, trainable", "18,432 multiply-adds", "conv = layers.Conv2D(32, 3"):
        assert words in QToolTip.text()
    rest(studio, view.graph_scene.links["conv_1", 0].path().pointAtPercent(0.5))
    assert "(batch, 8, 8, 32) float32" in QToolTip.text()
    QToolTip.hideText()


def rest(studio: Studio, point: QPointF) -> None:
    """The mouse stays at a point of the canvas long enough for a tooltip."""
    view = studio.window.graph.view
    place = view.mapFromScene(point)
    QApplication.sendEvent(studio.canvas, QHelpEvent(QEvent.Type.ToolTip, place, studio.canvas.mapToGlobal(place)))


def test_every_link_carries_its_shape_in_both_flows(studio: Studio) -> None:
    view = studio.window.graph.view
    for _ in range(2):
        item = view.graph_scene.nodes["conv"]
        item._lay_out_text()
        assert [text.text() for _, text in item._shapes] == ["8 × 8 × 32"]
        view.setFocus()
        studio.key(Qt.Key.Key_L, CONTROL | Qt.KeyboardModifier.ShiftModifier)
