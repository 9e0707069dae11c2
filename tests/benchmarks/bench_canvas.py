"""The canvas with a thousand nodes: showing, panning, zooming and dragging, as medians of CPU time."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import process_time

import pytest
from PySide6.QtCore import QPoint, QPointF

from app.canvas.layout import layout
from app.canvas.view import GraphView
from app.document import Document
from ml.project.graph import Graph, Link, Node
from ml.project.project import Choice, Data, Project
from ml.project.report import NodeReport, ProjectReport
from tests.benchmarks.conftest import Record

TABLE = "The canvas, 1,000 nodes"
ROUNDS = 15


def residual(count: int) -> Graph:
    """A chain of `count` nodes with a skip link over every third."""
    nodes = {"image": Node("Input", {"shape": [32, 32, 16]})}
    last, skip = "image", "image"
    for index in range(1, count):
        name = f"node_{index}"
        if index % 4 == 0:
            nodes[name] = Node("Add", {}, (Link(skip), Link(last)))
            skip = name
        else:
            nodes[name] = Node("Conv2D", {"filters": 16, "kernel_size": 3, "padding": "same"}, (Link(last),))
        last = name
    return Graph(nodes)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return residual(1000)


@pytest.fixture
def view(qtbot, graph) -> GraphView:
    document = Document(Project("large", Data("digits"), {"model": graph}, Choice("supervised")))
    view = GraphView(document)
    qtbot.addWidget(view)
    view.resize(1280, 800)
    view.show()
    qtbot.waitExposed(view)
    document.set_report(ProjectReport({"model": {name: NodeReport(((None, 32, 32, 16),), parameters=2320) for name in graph.nodes}}, 0, 0))
    return view


def milliseconds(step: Callable[[int], object]) -> float:
    """The median CPU time of `step(round)`."""
    times = []
    for index in range(ROUNDS):
        start = process_time()
        step(index)
        times.append((process_time() - start) * 1000)
    return median(times)


def frame(view: GraphView, action: Callable[[], object]) -> None:
    """Do something and paint what it asks to be painted."""
    action()
    view.viewport().repaint()


def test_laying_out(graph: Graph, record: Record) -> None:
    record(TABLE, "layout", f"{milliseconds(lambda i: layout(graph)):.1f} ms", "40 ms")


def test_showing(qtbot, graph: Graph, record: Record) -> None:
    document = Document(Project("large", Data("digits"), {"model": graph}, Choice("supervised")))

    def show(index: int) -> None:
        qtbot.addWidget(GraphView(document))

    record(TABLE, "layout and creating all items", f"{milliseconds(show):.0f} ms", "150 ms")


def test_panning(view: GraphView, record: Record) -> None:
    view.set_zoom(1.0)
    record(TABLE, "pan, actual size", f"{milliseconds(lambda i: frame(view, lambda: view.pan(QPoint(0, 7)))):.1f} ms a frame", "8 ms")


def test_zooming_with_everything_in_view(view: GraphView, record: Record) -> None:
    view.zoom_to_fit()
    whole = view.zoom
    record(
        TABLE, "zoom step, all in view", f"{milliseconds(lambda i: frame(view, lambda: view.set_zoom(whole * (1 - 0.05 * (i % 2))))):.1f} ms a frame", "16 ms"
    )


def test_zooming_with_cards_in_view(view: GraphView, record: Record) -> None:
    view.set_zoom(0.6)
    record(TABLE, "zoom step, near", f"{milliseconds(lambda i: frame(view, lambda: view.set_zoom(0.6 + 0.01 * (i % 2)))):.1f} ms a frame", "16 ms")


def test_reports(view: GraphView, record: Record) -> None:
    def report(index: int) -> None:
        reports = {name: NodeReport(((None, 32, 32, 16 + index),), parameters=2320 + index) for name in view.graph_scene.nodes}
        frame(view, lambda: view.set_report(reports))

    record(TABLE, "a report that changes every node", f"{milliseconds(report):.0f} ms", "40 ms")


def test_dragging_one(view: GraphView, record: Record) -> None:
    view.set_zoom(1.0)
    item = view.graph_scene.nodes["node_5"]
    view.centerOn(item)
    origin = item.pos()

    def drag(index: int) -> None:
        frame(view, lambda: view.graph_scene.move({"node_5": origin + QPointF(index, index)}))

    record(TABLE, "drag of one node", f"{milliseconds(drag):.1f} ms a frame", "2 ms")


def test_dragging_two_hundred(view: GraphView, record: Record) -> None:
    view.zoom_to_fit()
    origins = {name: view.graph_scene.nodes[name].pos() for name in list(view.graph_scene.nodes)[300:500]}
    view.graph_scene.select(list(origins))

    def drag(index: int) -> None:
        shift = QPointF(index * 9, index * 9)
        frame(view, lambda: view.graph_scene.move({name: origin + shift for name, origin in origins.items()}))

    record(TABLE, "drag of 200 selected", f"{milliseconds(drag):.1f} ms a frame", "16 ms")


def test_an_edit(view: GraphView, record: Record) -> None:
    def rename(index: int) -> None:
        graph = view.document.graph
        name = "node_5"
        frame(view, lambda: view.editor.edit_graph(graph.with_node(name, Node("Conv2D", {"filters": index + 1, "kernel_size": 3}, graph[name].inputs)), "Edit"))

    record(TABLE, "an edit of one node, from value to paint", f"{milliseconds(rename):.1f} ms", "16 ms")
