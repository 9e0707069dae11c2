"""Ways through the nodes of a built graph: those that compute something, with their paths, and those that a node rests on."""

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


def behind(graph: Graph, name: str, until: str = "") -> set[str]:
    """A node, all that it depends on, and the nodes whose layers any of them shares; what is only behind `until` is left out, as is that node."""
    waiting, seen = [name], set()
    while waiting:
        at = waiting.pop()
        if at in seen or at == until:
            continue
        seen.add(at)
        owner = graph[at].shares
        waiting += [link.node for link in graph[at].inputs if link is not None] + ([owner] if owner else [])
    return seen
