"""Finds a softmax over one unit: it gives 1 whatever comes in, and nothing can be learned from that."""

from __future__ import annotations

from ml.project.graph import OUTPUT, Graph
from ml.project.report import NodeReport

SOFTMAX = ("Softmax", "ops.softmax")


def lone_softmaxes(graph: Graph, reports: dict[str, NodeReport]) -> list[str]:
    """The nodes right before an output that share the whole of 1 among one unit."""
    lasts = {link.node for name in graph.of_type(OUTPUT) for link in graph[name].inputs if link is not None and link.node in graph.nodes}
    return sorted(name for name in lasts if _is_softmax(graph, name) and name in reports and _width(reports[name]) == 1)


def sentence(name: str, classes: int) -> str:
    """What is wrong with it and what would work, for data with so many classes (0: a number is learned)."""
    instead = "linear, for a number" if not classes else "sigmoid" if classes == 2 else f"{classes} units"
    return f"{name} is a softmax over one unit, and that gives 1 whatever comes in: nothing can be learned. Use {instead}."


def activation(classes: int) -> str:
    """What to put in its place where the one unit is right."""
    return "sigmoid" if classes else "linear"


def _is_softmax(graph: Graph, name: str) -> bool:
    node = graph[name]
    return node.type in SOFTMAX or node.arguments.get("activation") == "softmax"


def _width(report: NodeReport) -> int | None:
    return report.shapes[0][-1] if report.shapes and report.shapes[0] else None
