"""The nodes of a built graph that compute something, with their paths."""

from __future__ import annotations

from collections.abc import Iterator

from ml.project.graph import OUTPUT, Graph, Node


def computed(graph: Graph, path: str = "") -> Iterator[tuple[str, Node]]:
    """Every node that computes something of its own, in blocks too, in the order in which they are computed; what is shared is there once."""
    for name in graph.sorted():
        node = graph[name]
        if node.graph is not None:
            if not node.shares:
                yield from computed(node.graph, f"{path}{name}/")
        elif node.type != OUTPUT:
            yield path + name, node
