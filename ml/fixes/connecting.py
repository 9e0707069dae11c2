"""Ways out of an error that lies in how the node is linked: nothing comes in, too much goes round, or what is shared does not fit."""

from __future__ import annotations

from collections.abc import Iterator

from ml.fixes import arguments
from ml.ops.table import NODE_TYPES, is_operation, ports
from ml.project.fixes import Argument, Connection, Fix, Independence
from ml.project.graph import BLOCK, INPUT, OUTPUT, Graph, Link, Node
from ml.situation import ATTENTION, Situation

NEAREST = 6
"""How many outputs are tried for an input that gets nothing."""


def missing(s: Situation) -> Iterator[Fix]:
    """The nearest outputs for the first input that must have one, those that feed nothing yet first; and no more than two where two is all."""
    if s.type in ("Subtract", "Dot") and len(s.node.inputs) > 2:
        yield Fix("Keep the first two", tuple(Connection(s.name, port, None) for port in range(2, len(s.node.inputs))))
    kind = NODE_TYPES.get(s.type)
    also = tuple(change for fix in arguments.wrong(s) for change in fix.changes)
    values = {port.name for port in kind.ports if port.name in s.node.arguments} if kind and is_operation(kind) else set()
    for index, port in enumerate(ports(s.node) if kind or s.type == BLOCK else ()):
        free = not any(s.node.inputs[index:]) if port.many else index >= len(s.node.inputs) or s.node.inputs[index] is None
        if free and not port.optional and port.name not in values:
            for source in _nearest(s)[:NEAREST]:
                text = f"Connect {source.node}{f', output {source.output + 1},' if source.output else ''} to {port.name}"
                yield Fix(text, (Connection(s.name, index, source), *also))
            return
    if kind and kind.ports and kind.ports[-1].many:
        for source in _nearest(s)[:2]:
            yield Fix(f"Connect {source.node} too", (Connection(s.name, len(s.node.inputs), source),))


def _nearest(s: Situation) -> list[Link]:
    """The outputs that may feed the node, those without a link first, then by how far they lie."""
    used = {(link.node, link.output) for _, _, link in s.graph.links()}
    order = list(s.graph.nodes)
    here = order.index(s.name)
    found: list[tuple[bool, float, Link]] = []
    for place, (name, node) in enumerate(s.graph.nodes.items()):
        report = s.reports.get(name)
        if node.type == OUTPUT or name == s.name or report is None or report.error or s.graph.makes_cycle(name, s.name):
            continue
        far = _distance(node, s.node)
        for output in range(len(report.shapes)):
            found.append(((name, output) in used, abs(place - here) + (place > here) if far is None else far, Link(name, output)))
    return [link for _, _, link in sorted(found, key=lambda entry: entry[:2])]


def _distance(a: Node, b: Node) -> float | None:
    return abs(a.position[0] - b.position[0]) + abs(a.position[1] - b.position[1]) if a.position and b.position else None


def circles(s: Situation) -> Iterator[Fix]:
    """The links of a circle, one of which must go: those whose node gets something else too, or where there are none, any."""
    circle = s.graph.cycle()
    if s.name not in circle:
        return
    around = [(name, port, link) for name, port, link in s.graph.links() if name in circle and link.node in circle]
    spare = [entry for entry in around if not _needs(s.graph, entry[0])]
    for name, port, link in sorted(spare or around, key=lambda entry: entry[0] != s.name):
        yield Fix(f"Delete the link from {link.node} to {name}", (Connection(name, port, None),))


def _needs(graph: Graph, name: str) -> bool:
    """Whether a node has no link to spare."""
    return sum(link is not None for link in graph[name].inputs) < 2


def sharing(s: Situation) -> Iterator[Fix]:
    """Weights of its own."""
    if s.node.shares:
        yield Fix(f"Give {s.name} weights of its own", (Independence(s.name),))


def keys(s: Situation) -> Iterator[Fix]:
    """An attention whose keys are not as many as its values: the values are their own keys."""
    if s.type in ATTENTION and len(s.node.inputs) > 2 and s.node.inputs[2]:
        yield Fix(f"Delete the link from {s.node.inputs[2].node} to key", (Connection(s.name, 2, None),))


def blocks(s: Situation) -> Iterator[Fix]:
    """The shape of a block's Input as it is given."""
    if s.type != BLOCK or s.node.graph is None or s.node.shares:
        return
    inner = s.node.graph.of_type(INPUT)
    for feed in s.feeds:
        if feed.port < len(inner):
            shape = list(feed.shape[1:])
            text = f"Set shape of {inner[feed.port]} inside to {shape}"
            yield Fix(text, (Argument(f"{s.name}/{inner[feed.port]}", "shape", shape),))
