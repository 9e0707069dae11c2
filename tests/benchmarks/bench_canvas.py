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
ROUNDS, FRAMES = 15, 200


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


def times(step: Callable[[int], object], rounds: int = ROUNDS) -> list[float]:
    """The CPU time of each `step(round)` in milliseconds, the shortest first."""
    found = []
    for index in range(rounds):
        start = process_time()
        step(index)
        found.append((process_time() - start) * 1000)
    return sorted(found)


def milliseconds(step: Callable[[int], object]) -> float:
    """The median CPU time of `step(round)`."""
    return median(times(step))


def frames(step: Callable[[int], object]) -> str:
    """What a frame costs: the median and the 99th percentile of many."""
    found = times(step, FRAMES)
    return f"{median(found):.1f} ms a frame, p99 {found[int(0.99 * len(found))]:.1f}"


def frame(view: GraphView, action: Callable[[], object]) -> None:
    """Do something and paint what it asks to be painted."""
    action()
    view.viewport().repaint()


def test_laying_out(graph: Graph, record: Record) -> None:
    record(TABLE, "layout", f"{milliseconds(lambda i: layout(graph)):.1f} ms", "40 ms")


def test_opening(qtbot, graph: Graph, record: Record) -> None:
    project = Project("large", Data("digits"), {"model": graph}, Choice("supervised"))
    views = []

    def show(index: int) -> None:
        views.append(GraphView(Document(project)))
        views[-1].resize(1280, 800)
        views[-1].show()
        views[-1].grab()

    record(TABLE, "opening, from the value to the first picture", f"{milliseconds(show):.0f} ms", "1,000 ms")
    for view in views:
        qtbot.addWidget(view)


def test_panning(view: GraphView, record: Record) -> None:
    view.set_zoom(1.0)
    record(TABLE, "pan, actual size", frames(lambda i: frame(view, lambda: view.pan(QPoint(0, 7)))), "10 ms, p99 16")


def test_panning_with_everything_in_view(view: GraphView, record: Record) -> None:
    view.zoom_to_fit()
    record(TABLE, "pan, all in view", frames(lambda i: frame(view, lambda: view.pan(QPoint(3 if i % 2 else -3, 0)))), "10 ms, p99 16")


def test_zooming_with_everything_in_view(view: GraphView, record: Record) -> None:
    view.zoom_to_fit()
    whole = view.zoom
    record(TABLE, "zoom step, all in view", frames(lambda i: frame(view, lambda: view.set_zoom(whole * (1 - 0.05 * (i % 2))))), "10 ms, p99 16")


def test_zooming_with_cards_in_view(view: GraphView, record: Record) -> None:
    view.set_zoom(0.6)
    record(TABLE, "zoom step, near", frames(lambda i: frame(view, lambda: view.set_zoom(0.6 + 0.01 * (i % 2)))), "10 ms, p99 16")


def test_zooming_all_the_way(view: GraphView, record: Record) -> None:
    view.zoom_to_fit()
    steps = [view.zoom * (1 / view.zoom) ** (index / 50) for index in range(51)]
    way = [*steps, *reversed(steps)]
    record(TABLE, "zoom from all in view to actual size and back", frames(lambda i: frame(view, lambda: view.set_zoom(way[i % len(way)]))), "10 ms, p99 16")


def test_reports(view: GraphView, record: Record) -> None:
    def report(index: int) -> None:
        reports = {name: NodeReport(((None, 32, 32, 16 + index),), parameters=2320 + index) for name in view.graph_scene.nodes}
        frame(view, lambda: view.graph_scene.set_reports(reports))

    record(TABLE, "a report that changes every node", f"{milliseconds(report):.0f} ms", "40 ms")


def test_dragging_one(view: GraphView, record: Record) -> None:
    view.set_zoom(1.0)
    item = view.graph_scene.nodes["node_5"]
    view.centerOn(item)
    origin = item.pos()

    def drag(index: int) -> None:
        frame(view, lambda: view.graph_scene.move({"node_5": origin + QPointF(index, index)}))

    record(TABLE, "drag of one node", frames(drag), "5 ms a move")


def test_dragging_one_far_away(view: GraphView, record: Record) -> None:
    view.zoom_to_fit()

    def drag(index: int) -> None:
        frame(view, lambda: view.graph_scene.move({"node_5": QPointF(index * 3, 60_000 + index * 90)}))

    record(TABLE, "drag of one node across the others, all in view", frames(drag), "16 ms")


def test_dragging_two_hundred(view: GraphView, record: Record) -> None:
    view.zoom_to_fit()
    origins = {name: view.graph_scene.nodes[name].pos() for name in list(view.graph_scene.nodes)[300:500]}
    view.graph_scene.select(list(origins))

    def drag(index: int) -> None:
        shift = QPointF(index * 9, index * 9)
        frame(view, lambda: view.graph_scene.move({name: origin + shift for name, origin in origins.items()}))

    record(TABLE, "drag of 200 selected", frames(drag), "16 ms")


def test_an_edit(view: GraphView, record: Record) -> None:
    def rename(index: int) -> None:
        graph = view.document.graph
        name = "node_5"
        frame(view, lambda: view.editor.edit_graph(graph.with_node(name, Node("Conv2D", {"filters": index + 1, "kernel_size": 3}, graph[name].inputs)), "Edit"))

    record(TABLE, "an edit of one node, from value to paint", f"{milliseconds(rename):.1f} ms", "16 ms")


STEPS = {
    "an argument": lambda view: view.editor.edit_graph(view.document.graph.with_node("node_5", Node("Conv2D", {"filters": 3, "kernel_size": 3})), "Edit"),
    "a deleted node": lambda view: (view.select(["node_500"]), view.editor.delete_selected()),
    "200 pasted nodes": lambda view: (view.select([f"node_{index}" for index in range(300, 500)]), view.editor.duplicate()),
    "200 moved nodes": lambda view: _move(view, [f"node_{index}" for index in range(300, 500)]),
    "an arrangement after all were moved": lambda view: (_move(view, list(view.graph_scene.nodes)), view.select([]), view.arranging.arrange()),
    "a turn to the right": lambda view: view.arranging.turn(),
}


def _move(view: GraphView, names: list[str]) -> None:
    view.graph_scene.move({name: view.graph_scene.nodes[name].pos() + QPointF(300 + len(name) * 9, 40) for name in names})
    view.editor.keep_positions(names)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("zoom", ["near", "all in view"])
def test_undoing(view: GraphView, record: Record, step: str, zoom: str) -> None:
    STEPS[step](view)
    view.set_zoom(1.0) if zoom == "near" else view.zoom_to_fit()
    stack = view.document.undo_stack
    found = []
    for _ in range(ROUNDS):
        found += times(lambda i: frame(view, stack.undo), 1)
        stack.redo()
        view.viewport().repaint()
    record(TABLE, f"undo of {step}, {zoom}", f"{median(found):.0f} ms", "50 ms")
