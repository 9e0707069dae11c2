"""Which ports can be joined, for those who connect by keys, and what is cut when nodes are disconnected. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.canvas import edits, walking
from app.canvas.geometry import Hit
from app.canvas.items.faces import ports
from ml.project.graph import INPUT, OUTPUT, Graph, Node

Point = tuple[float, float]


def free_inputs(name: str, node: Node) -> list[Hit]:
    """The inputs of a node that nothing feeds, those that must be fed first."""
    found = [Hit("input", name, index) for index, port in enumerate(ports(node)) if not port.many and _is_free(node, index)]
    if ports(node) and ports(node)[-1].many:
        found.append(Hit("input", name, max(len(node.inputs), len(ports(node)) - 1)))
    return sorted(found, key=lambda hit: not _needed(node, hit.index))


def targets(graph: Graph, names: Sequence[str], positions: Mapping[str, Point]) -> list[Hit]:
    """The free inputs that these nodes can feed: those that must be fed first, then the nearest. None that would close a circle."""
    before = walking.upstream(graph, names)
    found = [hit for name, node in graph.nodes.items() if name not in before for hit in free_inputs(name, node)]
    return sorted(found, key=lambda hit: (not _needed(graph[hit.node], hit.index), _distance(positions, names[0], hit.node), hit.index))


def feeders(graph: Graph, name: str, outputs: Mapping[str, int], positions: Mapping[str, Point]) -> list[Hit]:
    """The outputs that can feed a node, the nearest first; `outputs` is how many each node has."""
    after = walking.downstream(graph, [name])
    found = [Hit("output", other, index) for other in graph.nodes if other not in after for index in range(outputs.get(other, 0))]
    return sorted(found, key=lambda hit: (_distance(positions, name, hit.node), hit.index))


def cut_off(graph: Graph, names: Iterable[str]) -> Graph:
    """The graph without the links between these nodes and the others; one node alone loses all of its links."""
    chosen = set(names)
    cut = [(target, port) for target, port, link in graph.links() if (target in chosen) != (link.node in chosen)]
    for target, port in sorted(cut, reverse=True):
        graph = edits.disconnect(graph, target, port)
    return graph


def port_name(graph: Graph, hit: Hit) -> str:
    """What an input is called, or an output's number where it is told by that; nothing where there is nothing to tell apart."""
    node = graph[hit.node]
    if hit.kind == "output":
        return f"output {hit.index + 1}"
    found = ports(node)
    if not found or node.type in (INPUT, OUTPUT):
        return ""
    port = found[min(hit.index, len(found) - 1)]
    return f"{port.name} {hit.index - len(found) + 2}" if port.many else port.name


def _is_free(node: Node, index: int) -> bool:
    return index >= len(node.inputs) or node.inputs[index] is None


def _needed(node: Node, index: int) -> bool:
    found = ports(node)
    port = found[min(index, len(found) - 1)]
    return not (port.optional or port.name in node.arguments or (port.many and bool(node.inputs)))


def _distance(positions: Mapping[str, Point], one: str, other: str) -> float:
    (x, y), (across, down) = positions[one], positions[other]
    return abs(x - across) + abs(y - down)
