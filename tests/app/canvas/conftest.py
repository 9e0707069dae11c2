"""A small classifier on a canvas, and a hand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from app.canvas import glide
from app.canvas.view import GraphView
from app.document import Document
from ml.project.graph import Graph, Link, Node
from ml.project.project import Choice, Data, Project

glide.MILLISECONDS = 0
INSIDE = Graph({"input": Node("Input"), "dense": Node("Dense", {"units": 4}, (Link("input"),)), "output": Node("Output", {}, (Link("dense"),))})
GRAPH = Graph(
    {
        "image": Node("Input", {"shape": [8, 8, 1]}),
        "conv": Node("Conv2D", {"filters": 32, "kernel_size": 3}, (Link("image"),)),
        "flatten": Node("Flatten", {}, (Link("conv"),)),
        "block": Node("Block", {}, (Link("flatten"),), graph=INSIDE),
        "answer": Node("Output", {}, (Link("block"),)),
    }
)


def project(graph: Graph) -> Project:
    return Project("a net", Data("digits"), {"model": graph}, Choice("supervised"))


class Hand:
    """Moves the mouse over a view, in the scene's coordinates."""

    def __init__(self, view: GraphView) -> None:
        self.view = view

    def _at(self, point: QPointF) -> QPoint:
        return self.view.mapFromScene(point)

    def click(self, point: QPointF, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, modifiers, self._at(point))

    def double_click(self, point: QPointF) -> None:
        QTest.mouseDClick(self.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self._at(point))

    def press(self, point: QPointF, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mousePress(self.view.viewport(), Qt.MouseButton.LeftButton, modifiers, self._at(point))

    def move(self, point: QPointF) -> None:
        QTest.mouseMove(self.view.viewport(), self._at(point))

    def release(self, point: QPointF) -> None:
        QTest.mouseRelease(self.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self._at(point))

    def drag(self, start: QPointF, end: QPointF, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.press(start, modifiers)
        self.move(start + (end - start) * 0.5)
        self.move(end)
        self.release(end)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view, key, modifiers)

    def write(self, text: str) -> None:
        QTest.keyClicks(self.view.search_menu.field, text)
        QTest.keyClick(self.view.search_menu.field, Qt.Key.Key_Return)

    def card(self, name: str) -> QPointF:
        return self.view.graph_scene.nodes[name].pos()

    def input(self, name: str, index: int = 0) -> QPointF:
        return self.view.graph_scene.nodes[name].box().input(index)

    def output(self, name: str, index: int = 0) -> QPointF:
        return self.view.graph_scene.nodes[name].box().output(index)


@pytest.fixture
def document(qapp) -> Document:
    return Document(project(GRAPH))


@pytest.fixture
def view(qtbot, document) -> GraphView:
    view = GraphView(document)
    qtbot.addWidget(view)
    view.resize(900, 800)
    view.show()
    qtbot.waitExposed(view)
    view.activateWindow()
    view.setFocus()
    return view


@pytest.fixture
def hand(view) -> Hand:
    return Hand(view)
