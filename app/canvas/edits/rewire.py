"""Edits after which what was joined stays joined: chains that close, nodes of another type, several links at once. From graph to graph."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from msgspec.structs import replace

from app.canvas import edits
from app.canvas.items.faces import ports
from ml.ops import table
from ml.ops.table import NODE_TYPES
from ml.project.graph import INPUT, OUTPUT, Graph, Link, Node


def delete(graph: Graph, names: Collection[str]) -> Graph:
    """The graph without these nodes. Where one stood in a chain, fed by one link and used by one output, the chain closes over it."""
    return edits.delete(_bridged(graph, names), names)


def take_out(graph: Graph, name: str) -> Graph:
    """The graph with a node taken out of its chain, which closes behind it: the node stays, without a link."""
    without = _bridged(graph, [name])
    for user, port, _ in reversed(without.consumers(name)):
        without = edits.disconnect(without, user, port)
    return without.with_node(name, replace(without[name], inputs=()))


def _bridged(graph: Graph, names: Collection[str]) -> Graph:
    """The graph with what feeds these nodes feeding their consumers, where that is one link for one output."""
    gone = set(names)
    used: dict[str, set[int]] = {}
    for _, _, link in graph.links():
        used.setdefault(link.node, set()).add(link.output)
    feeders = {name: link for name in gone if len(used.get(name, ())) == 1 and (link := _only(graph[name].inputs)) is not None}

    def beyond(link: Link | None) -> Link | None:
        seen: set[str] = set()
        while link is not None and link.node in gone and link.node not in seen:
            seen.add(link.node)
            link = feeders.get(link.node)
        return link if link is None or link.node not in gone else None

    nodes = {}
    for name, node in graph.nodes.items():
        kept = [link for link in node.inputs if link is None or link.node not in gone]
        inputs = list(node.inputs)
        for port, link in enumerate(inputs):
            if link is not None and link.node in gone and (other := beyond(link)) is not None and other not in kept:
                inputs[port] = other
        nodes[name] = node if name in gone or tuple(inputs) == node.inputs else replace(node, inputs=tuple(inputs))
    return graph.with_nodes(nodes)


def _only(inputs: Sequence[Link | None]) -> Link | None:
    linked = [link for link in inputs if link is not None]
    return linked[0] if len(linked) == 1 else None


def exchange(graph: Graph, name: str, type: str, own: Node | None = None) -> tuple[Graph, str]:
    """The graph with a node of another type, or a block of one's own, in a node's place, and its name: a new one where the old one only said the old type.

    Arguments of the same names stay where the new type takes their values, links stay as far as there are ports for them. Of those that shared the old
    one's layer the first has it then.
    """
    old = graph.owning(name)
    new = own or edits.new_node(type, old.position or (0.0, 0.0))
    known = {parameter.name: parameter for parameter in NODE_TYPES[new.type].parameters}
    kept = {key: value for key, value in old.arguments.items() if key in known and (isinstance(value, dict) or known[key].problem(value) is None)}
    new = replace(new, arguments=new.arguments | kept, position=old.position)
    found = ports(new)
    inputs = old.inputs if found and found[-1].many else old.inputs[: len(found)]
    heirs = graph.without({name})
    nodes = {user: replace(heirs[user], inputs=node.inputs) if node.shares == name else node for user, node in graph.nodes.items()}
    graph = graph.with_nodes({**nodes, name: replace(new, inputs=_trimmed(inputs))})
    outputs = len(table.outputs(new))
    for user, port, link in reversed(graph.consumers(name)):
        if link.output >= outputs:
            graph = edits.disconnect(graph, user, port)
    if re.fullmatch(re.escape(edits.default_name(old.type)) + r"(_\d+)?", name):
        wish = Graph({other: node for other, node in graph.nodes.items() if other != name}).free_name(edits.default_name(type))
        return graph.renamed(name, wish), wish
    return graph, name


def connect_all(graph: Graph, links: Sequence[Link], target: str, port: int) -> tuple[Graph, str | None]:
    """The graph with these links into `target`, from input `port` on and then wherever one is free; and why some could not be, or None."""
    reason = None
    for index, link in enumerate(links):
        free = port if index == 0 else edits.free_port(graph[target])
        refused = f"{target} has no free input for {link.node}." if free is None else edits.refusal(graph, link, target, free)
        if refused is None and free is not None:
            graph = graph.linked(target, free, link)
        reason = reason or refused
    return graph, reason


def insertable(graph: Graph, name: str) -> bool:
    """Whether a node could go into a link: nothing is joined to it, and something may come in and go out."""
    node: Node = graph[name]
    return not any(node.inputs) and not graph.consumers(name) and node.type not in (INPUT, OUTPUT)


def _trimmed(inputs: Sequence[Link | None]) -> tuple[Link | None, ...]:
    kept = list(inputs)
    while kept and kept[-1] is None:
        kept.pop()
    return tuple(kept)
