"""Nodes into a block and out of it: its inputs and outputs are found by what is linked across its edge."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

from msgspec.structs import replace

from ml.project.blocks import BlockProblem, copy_names, expanded_once, repeats
from ml.project.expressions import ExpressionProblem, expression, names, substituted, texts
from ml.project.graph import BLOCK, INPUT, OUTPUT, Graph, Link, Node, Note, sources

Point = tuple[float, float]


class GroupProblem(ValueError):
    """What can't be grouped or ungrouped: why, as a sentence."""


def group(graph: Graph, chosen: Iterable[str], wish: str = "block", notes: Collection[str] = ()) -> tuple[Graph, str]:
    """The graph with these nodes and notes in a block, and its name. Inputs and outputs of the graph itself stay outside. Raises `GroupProblem`."""
    if circle := graph.cycle():
        raise GroupProblem(f"{', '.join(circle[:-1])} feed each other in a circle: cut one of the links between them first.")
    inner = [name for name in graph.sorted() if name in set(chosen) and graph[name].type not in (INPUT, OUTPUT)]
    _refuse(graph, inner)
    outside = _feeders(graph, inner)
    given = _given(graph, inner)
    name = graph.without(set(inner)).free_name(wish)
    block = Node(
        BLOCK,
        {parameter: expression(parameter) for parameter in _parameters(graph[node] for node in inner)},
        tuple(outside),
        position=_middle(graph, inner),
        graph=replace(_inside(graph, inner, outside, given), notes=_shifted(graph, notes, _middle(graph, inner) or (0.0, 0.0), -1)),
    )
    nodes: dict[str, Node] = {}
    for node_name, node in graph.nodes.items():
        if node_name == inner[0]:
            nodes[name] = block
        if node_name not in inner:
            nodes[node_name] = _relinked(node, {link: Link(name, index) for index, link in enumerate(given)})
    return replace(graph, nodes=nodes, notes={key: note for key, note in graph.notes.items() if key not in notes}), name


def ungroup(graph: Graph, name: str) -> tuple[Graph, list[str]]:
    """The graph with a block's nodes in its place, repeats one after another (lying nowhere) and parameters put in, and their names. Raises `GroupProblem`."""
    node = graph[name]
    if node.shares or node.graph is None:
        raise GroupProblem(f"{name} shares the block {node.shares}: make it independent first." if node.shares else f"{name} is no block.")
    sharing = [other for other, one in graph.nodes.items() if one.shares == name]
    if sharing:
        raise GroupProblem(f"{sharing[0]} shares the weights of {name}: make it independent first.")
    try:
        count = repeats(graph, name)
    except BlockProblem as problem:
        raise GroupProblem(str(problem)) from problem
    if count > 1:
        copies = copy_names(graph, name)
        graph, made = expanded_once(graph.with_node(name, replace(node, position=None)), name), []  # or all copies would lie in one place
        for copy in copies:
            graph, names_of_copy = ungroup(graph, copy)
            made += names_of_copy
        return graph, made
    return _opened(graph, name, node, node.graph)


def shared_copy(graph: Graph, chosen: Iterable[str], shift: Point) -> tuple[Graph, list[str]]:
    """The graph with a second use of each of these layers and blocks, with the same weights, and their names; operations are copied."""
    picked = [name for name in graph.nodes if name in set(chosen) and graph[name].type not in (INPUT, OUTPUT)]
    if not picked:
        raise GroupProblem("Select the layers or blocks whose weights shall be used again.")
    made: dict[str, str] = {}
    result = graph
    for name in picked:
        made[name] = result.free_name(re.sub(r"_\d+$", "", name))
        result = result.with_node(made[name], Node(""))
    for name in picked:
        node = graph[name]
        x, y = node.position or (0.0, 0.0)
        inputs = tuple(replace(link, node=made[link.node]) if link is not None and link.node in made else None for link in node.inputs)
        while inputs and inputs[-1] is None:
            inputs = inputs[:-1]
        owner = None if node.type.startswith("ops.") else node.shares or name
        kept = node.arguments if owner is None else {}
        place = (x + shift[0], y + shift[1]) if node.position else None
        result = result.with_node(made[name], Node(node.type, kept, inputs, position=place, shares=owner))
    return result, list(made.values())


def independent(graph: Graph, name: str) -> Graph:
    """The graph with a node that shares another's layer given its own. Raises `GroupProblem`."""
    node = graph[name]
    if node.shares is None:
        raise GroupProblem(f"{name} has weights of its own already.")
    return graph.with_node(name, graph.owning(name))


def with_parameter(block: Node, name: str, value: Any, inner: str, argument: str) -> Node:
    """The block with a parameter that one argument of a node inside is taken from."""
    inside = block.graph or Graph()
    node = inside[inner]
    changed = inside.with_node(inner, replace(node, arguments=node.arguments | {argument: expression(name)}))
    return replace(block, arguments={name: value} | block.arguments, graph=changed)


def without_parameter(block: Node, name: str) -> Node:
    """The block without a parameter: what was taken from it gets its present value."""
    inside = block.graph or Graph()
    nodes = {key: replace(node, arguments=_put_in(node, {name: block.arguments[name]})) for key, node in inside.nodes.items()}
    return replace(block, arguments={key: value for key, value in block.arguments.items() if key != name}, graph=inside.with_nodes(nodes))


def renamed_parameter(block: Node, old: str, new: str) -> Node:
    """The block with a parameter called otherwise, and whatever is taken from it."""
    inside = block.graph or Graph()
    nodes = {key: replace(node, arguments=_put_in(node, {old: expression(new)})) for key, node in inside.nodes.items()}
    return replace(block, arguments={(new if key == old else key): value for key, value in block.arguments.items()}, graph=inside.with_nodes(nodes))


def _refuse(graph: Graph, inner: list[str]) -> None:
    """Raises `GroupProblem` for what can't be a block."""
    if not inner:
        raise GroupProblem("Select the nodes that shall become a block; inputs and outputs of the model stay outside.")
    chosen = set(inner)
    for name, node in graph.nodes.items():
        if node.shares and (name in chosen) != (node.shares in chosen):
            raise GroupProblem(f"{name} shares the weights of {node.shares}: take both into the block, or make {name} independent first.")
    if found := between(graph, chosen):
        raise GroupProblem(f"What is selected feeds {found[0]} and is fed by it again: select {found[0]} too.")


def between(graph: Graph, chosen: set[str]) -> list[str]:
    """What is not chosen, but fed by what is and feeding it, directly or not."""
    order = graph.sorted()
    after, before = set(chosen), set(chosen)
    for name in order:
        if after.intersection(sources(graph[name])):
            after.add(name)
    for name in reversed(order):
        if name in before:
            before.update(sources(graph[name]))
    return [name for name in order if name in after and name in before and name not in chosen]


def _feeders(graph: Graph, inner: list[str]) -> list[Link]:
    """What feeds the nodes from outside, each once."""
    return list(dict.fromkeys(link for name in inner for link in graph[name].inputs if link is not None and link.node not in inner))


def _given(graph: Graph, inner: list[str]) -> list[Link]:
    """What the nodes give to those outside; where that is nothing, what none of themselves uses."""
    used = list(
        dict.fromkeys(link for name, node in graph.nodes.items() if name not in inner for link in node.inputs if link is not None and link.node in inner)
    )
    consumed = {link.node for name in inner for link in graph[name].inputs if link is not None}
    return used or [Link(name) for name in inner if name not in consumed]


def _inside(graph: Graph, inner: list[str], outside: list[Link], given: list[Link]) -> Graph:
    """The block's own graph: its nodes under their names, an `Input` for each feeder and an `Output` for each thing given."""
    left, top = _middle(graph, inner) or (0.0, 0.0)
    nodes: dict[str, Node] = {}
    found = Graph({name: graph[name] for name in inner})
    ports: dict[Link, Link] = {}
    for link in outside:
        name = found.with_nodes({**found.nodes, **nodes}).free_name(link.node)
        nodes[name] = Node(INPUT)
        ports[link] = Link(name)
    for name in inner:
        node = _relinked(graph[name], ports)
        nodes[name] = replace(node, position=(node.position[0] - left, node.position[1] - top)) if node.position else node
    for link in given:
        nodes[Graph(nodes).free_name("output" if len(given) == 1 else f"{link.node}_output")] = Node(OUTPUT, inputs=(link,))
    return Graph(nodes, flow=graph.flow)


def _opened(graph: Graph, name: str, block: Node, inside: Graph) -> tuple[Graph, list[str]]:
    left, top = block.position or (0.0, 0.0)
    rest = graph.without(set())
    made: dict[str, str] = {}
    for inner, node in inside.nodes.items():
        if node.type not in (INPUT, OUTPUT):
            taken = Graph({**{other: Node("") for other in rest.nodes if other != name}, **{other: Node("") for other in made.values()}})
            made[inner] = taken.free_name(inner)
    fed = dict(zip(inside.of_type(INPUT), [*block.inputs, *[None] * len(inside.nodes)], strict=False))

    def outer(link: Link | None) -> Link | None:
        if link is None or link.node in fed:
            return fed[link.node] if link else None
        return replace(link, node=made[link.node])

    nodes: dict[str, Node] = {}
    for inner, new in made.items():
        node = inside[inner]
        place = (node.position[0] + left, node.position[1] + top) if node.position and block.position else None
        inputs = tuple(map(outer, node.inputs))
        shares = made.get(node.shares) if node.shares else None
        nodes[new] = replace(node, arguments=_put_in(node, block.arguments), inputs=inputs, position=place, shares=shares)
    ends = [outer(inside[end].inputs[0] if inside[end].inputs else None) for end in inside.of_type(OUTPUT)]
    gives = {Link(name, index): link for index, link in enumerate(ends)}
    whole: dict[str, Node] = {}
    for other, node in graph.nodes.items():
        if other == name:
            whole |= nodes
        else:
            whole[other] = _relinked(node, gives)
    notes = dict(graph.notes)
    for note in _shifted(inside, inside.notes, (left, top), 1).values():
        notes[_free("note", notes)] = note
    return replace(graph, nodes={key: _trimmed(node) for key, node in whole.items()}, notes=notes), list(made.values())


def _relinked(node: Node, links: dict[Link, Any]) -> Node:
    if not any(link in links for link in node.inputs if link is not None):
        return node
    return replace(node, inputs=tuple(links.get(link, link) if link is not None else None for link in node.inputs))


def _trimmed(node: Node) -> Node:
    inputs = node.inputs
    while inputs and inputs[-1] is None:
        inputs = inputs[:-1]
    return node if inputs is node.inputs else replace(node, inputs=inputs)


def _middle(graph: Graph, inner: list[str]) -> Point | None:
    places = [place for name in inner if (place := graph[name].position) is not None]
    return (sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)) if places else None


def _shifted(graph: Graph, notes: Iterable[str], by: Point, sign: int) -> dict[str, Note]:
    """These notes of a graph, moved as its nodes are when they go into a block or come out."""
    found = {}
    for name in notes:
        left, top, *size = graph.notes[name].place
        found[name] = replace(graph.notes[name], place=(left + sign * by[0], top + sign * by[1], *size))
    return found


def _free(wish: str, taken: Collection[str]) -> str:
    return next(name for number in range(len(taken) + 1) if (name := f"{wish}_{number}" if number else wish) not in taken)


def _put_in(node: Node, parameters: dict[str, Any]) -> dict[str, Any]:
    """A node's arguments with what is given for some names; an expression that can't be worked out stays, for the check to speak of."""
    found = {}
    for name, value in node.arguments.items():
        try:
            found[name] = substituted(value, parameters)
        except ExpressionProblem:
            found[name] = value
    return found


def _parameters(nodes: Iterable[Node]) -> list[str]:
    """The names in the nodes' expressions: what they take from the block that they are in."""
    return list(dict.fromkeys(name for node in nodes for text in texts(node.arguments) for name in _names(text)))


def _names(text: str) -> list[str]:
    try:
        return names(text)
    except ExpressionProblem:
        return []
