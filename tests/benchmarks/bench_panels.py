"""What the panels beside the canvas cost with a thousand nodes, and the plots with two hundred thousand measurements."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.document import Document
from app.panels.code import CodePanel
from app.panels.outline import OutlinePanel
from app.panels.training.plots import PlotsPanel
from ml.events import Metrics
from ml.project.difference import difference
from ml.project.graph import Graph, Link, Node
from tests.app.canvas.conftest import project
from tests.benchmarks.conftest import Record

TABLE = "Panels, a thousand nodes"
NODES = {"n0": Node("Input", {"shape": [4]})} | {f"n{i}": Node("Dense", {"units": 4}, (Link(f"n{i - 1}"),)) for i in range(1, 1000)}
CHANGED = NODES | {"n5": Node("Dense", {"units": 8}, (Link("n4"),))}


def milliseconds(do: Callable[[], object]) -> float:
    """Of the processor, that others on the machine do not count."""
    began = time.process_time()
    do()
    return 1000 * (time.process_time() - began)


@pytest.mark.parametrize(("name", "made"), [("the outline", OutlinePanel), ("the code", CodePanel)])
def test_a_panel_follows_an_edit(qtbot: QtBot, record: Record, name: str, made: type[OutlinePanel | CodePanel]) -> None:
    document = Document(project(Graph({})))
    panel = made(document)
    document.setParent(panel)
    qtbot.addWidget(panel)
    panel.show()
    document.open(project(Graph(NODES)))
    record(TABLE, f"{name}, from nothing", f"{milliseconds(panel.refresh):.0f} ms", "500 ms")
    document.edit_graph(Graph(CHANGED), "Change")
    record(TABLE, f"{name}, after an edit", f"{milliseconds(panel.refresh):.0f} ms", "300 ms")


def test_two_graphs_are_compared(record: Record) -> None:
    renamed = {"m0": Node("Input")} | {f"m{i}": Node("Dense", {"units": 4}, (Link(f"m{i - 1}"),)) for i in range(1, 1000)}
    record(TABLE, "compared with one in which a node changed", f"{milliseconds(lambda: difference(Graph(NODES), Graph(CHANGED))):.0f} ms", "500 ms")
    record(TABLE, "compared with one in which every name changed", f"{milliseconds(lambda: difference(Graph(NODES), Graph(renamed))):.0f} ms", "500 ms")


def test_many_points_are_drawn(qtbot: QtBot, record: Record) -> None:
    panel = PlotsPanel()
    qtbot.addWidget(panel)
    panel.resize(1280, 400)
    panel.show()
    for step in range(200_000):
        panel.history.add(Metrics("block", step, 0, {"loss": 1.0 / (step + 1), "accuracy": 0.5}))

    def repaint() -> None:
        panel.stale()
        while panel._stale:
            panel._tick()
        panel.grab()

    repaint()
    record("Plots", "a repaint of two curves of 200,000 measurements", f"{milliseconds(repaint):.0f} ms", "250 ms")
