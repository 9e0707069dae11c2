"""Networks to draw, with the sizes that Keras would say."""

from __future__ import annotations

from typing import Any

from ml.project.graph import Graph, Link, Node
from ml.project.report import NodeReport


def chained(*steps: tuple[str, str, Any], shapes: dict[str, tuple[int, ...]] | None = None) -> tuple[Graph, dict[str, NodeReport]]:
    """A chain of (name, type, arguments), and reports with these shapes."""
    nodes, before = {}, ()
    for name, type, arguments in steps:
        nodes[name] = Node(type, dict(arguments), before)
        before = (Link(name),)
    return Graph(nodes), {name: NodeReport(((None, *shape),)) for name, shape in (shapes or {}).items()}


def residual(copies: int) -> Graph:
    """An input, blocks of two convolutions that a link skips, and an output."""
    nodes = {"input": Node("Input", {"shape": [8, 8, 16]})}
    here = "input"
    for n in range(copies):
        nodes[f"a{n}"] = Node("Conv2D", {"filters": 16, "kernel_size": 3}, (Link(here),))
        nodes[f"b{n}"] = Node("Conv2D", {"filters": 16, "kernel_size": 3}, (Link(f"a{n}"),))
        nodes[f"add{n}"] = Node("Add", {}, (Link(f"b{n}"), Link(here)))
        here = f"add{n}"
    return Graph({**nodes, "output": Node("Output", {}, (Link(here),))})
