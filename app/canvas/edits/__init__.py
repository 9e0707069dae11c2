"""What hands do to a graph, as functions from graph to graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from app.canvas.edits import note_edits
from app.canvas.items.faces import ports
from ml.ops.starting import STARTING
from ml.ops.table import NODE_TYPES
from ml.project.graph import BLOCK, INPUT, OUTPUT, Graph, Link, Node
from ml.project.names import default_name

Position = tuple[float, float]


class Refused(Exception):
    """A link that can't be made, with the reason as a sentence."""


def new_node(type: str, position: Position) -> Node:
    """A node of this type with a value for each argument that must have one."""
    if type == BLOCK:
        inside = Graph({"input": Node(INPUT), "output": Node(OUTPUT, inputs=(Link("input"),))})
        return Node(BLOCK, position=position, graph=inside)
    required = [parameter for parameter in NODE_TYPES[type].parameters if parameter.required and parameter.name in STARTING]
    return Node(type, {parameter.name: STARTING[parameter.name] for parameter in required}, position=position)


def add(graph: Graph, type: str, position: Position) -> tuple[Graph, str]:
    """The graph with a new node, and its name."""
    name = graph.free_name(default_name(type))
    return graph.with_node(name, new_node(type, position)), name


def add_copy(graph: Graph, node: Node, wish: str, position: Position) -> tuple[Graph, str]:
    """The graph with a copy of a node, fed by nothing, and its name."""
    name = graph.free_name(wish)
    return graph.with_node(name, replace(node, inputs=(), position=position)), name


def attach(graph: Graph, name: str, before: Sequence[Link]) -> Graph:
    """The graph with the first free inputs of `name` fed by the nodes of `before`, as far as they fit."""
    for link in before:
        port = free_port(graph[name])
        if port is not None and refusal(graph, link, name, port) is None:
            graph = graph.linked(name, port, link)
    return graph


def insert(graph: Graph, name: str, target: str, port: int) -> Graph:
    """The graph with `name` put into the link that feeds input `port` of `target`. Raises `Refused`."""
    link = graph[target].inputs[port]
    free = free_port(graph[name])
    if link is None or free is None or graph[name].type == OUTPUT:
        raise Refused(f"{name} has no free input to be put into a link.")
    return connect(connect(disconnect(graph, target, port, close=False), link, name, free), Link(name), target, port)


def free_port(node: Node) -> int | None:
    """The first input that nothing feeds: one that must be fed, else one that may be."""
    found = ports(node)
    free = [index for index, port in enumerate(found) if not port.many and (index >= len(node.inputs) or node.inputs[index] is None)]
    if found and found[-1].many:
        free.append(max(len(node.inputs), len(found) - 1))
    needed = [index for index in free if not found[min(index, len(found) - 1)].optional]
    return next(iter(needed or free), None)


def refusal(graph: Graph, link: Link, target: str, port: int) -> str | None:
    """Why `link` can't feed input `port` of `target`, as a sentence, or None."""
    if link.node not in graph.nodes or target not in graph.nodes:
        return "That node is no longer there."
    if graph[link.node].type == OUTPUT:
        return f"{link.node} is an output: nothing comes out of it."
    node = graph[target]
    found = ports(node)
    if not found:
        return f"{target} takes no inputs."
    if port >= len(found) and not found[-1].many:
        return f"{target} takes only {len(found)} input{'s' if len(found) > 1 else ''}."
    if link.node == target:
        return f"{target} can't feed itself."
    if port < len(node.inputs) and node.inputs[port] is not None:
        return f"{found[min(port, len(found) - 1)].name} of {target} is taken: drag that link off first."
    if graph.makes_cycle(link.node, target):
        return f"{target} comes before {link.node}: this link would close a circle."
    return None


def connect(graph: Graph, link: Link, target: str, port: int) -> Graph:
    """The graph with input `port` of `target` fed by `link`. Raises `Refused` with the reason."""
    if reason := refusal(graph, link, target, port):
        raise Refused(reason)
    return graph.linked(target, port, link)


def disconnect(graph: Graph, target: str, port: int, close: bool = True) -> Graph:
    """The graph without the link into input `port` of `target`; where that port takes many, the others move up if `close` is set."""
    graph = graph.linked(target, port, None)
    return graph.with_node(target, _closed(graph[target])) if close else graph


def delete(graph: Graph, names: Iterable[str]) -> Graph:
    """The graph without these nodes and their links. What they stood between is not joined."""
    rest = graph.without(set(names))
    return rest.with_nodes({name: node if node is graph.nodes[name] else _closed(node) for name, node in rest.nodes.items()})


def _closed(node: Node) -> Node:
    """The node without holes among the links of a port that takes many."""
    found = ports(node)
    if not found or not found[-1].many:
        return node
    first = len(found) - 1
    inputs = node.inputs[:first] + tuple(link for link in node.inputs[first:] if link is not None)
    return node if inputs == node.inputs else replace(node, inputs=inputs)


def moved(graph: Graph, positions: Mapping[str, Position]) -> Graph:
    """The graph with these nodes where `positions` says."""
    nodes = {name: replace(node, position=positions[name]) if name in positions else node for name, node in graph.nodes.items()}
    return graph.with_nodes(nodes)


def part(graph: Graph, names: Iterable[str], notes: Iterable[str] = ()) -> Graph:
    """These nodes alone, with the links among them, and these notes."""
    alone = graph.without(set(graph.nodes) - set(names))
    return replace(alone, notes={name: graph.notes[name] for name in notes})


def insert_part(graph: Graph, added: Graph, shift: Position) -> tuple[Graph, list[str]]:
    """The graph with the nodes and notes of another, under free names and moved by `shift`, and the nodes' new names."""
    names: dict[str, str] = {}
    for name in added.nodes:
        names[name] = Graph(dict.fromkeys([*graph.nodes, *names.values()], Node(""))).free_name(_stem(name))
    nodes = dict(graph.nodes)
    for name, node in added.nodes.items():
        inputs = tuple(replace(link, node=names[link.node]) if link is not None and link.node in names else None for link in node.inputs)
        x, y = node.position or (0.0, 0.0)
        nodes[names[name]] = replace(node, inputs=inputs, shares=names.get(node.shares or ""), position=(x + shift[0], y + shift[1]))
    graph = graph.with_nodes(nodes)
    for note in added.notes.values():
        left, top, *size = note.place
        graph, _ = note_edits.added(graph, replace(note, place=(left + shift[0], top + shift[1], *size)))
    return graph, list(names.values())


def _stem(name: str) -> str:
    """A name without the number at its end."""
    return re.sub(r"_\d+$", "", name) or name
