"""Blocks written out: expressions put to their values, and repeats to copies, as whatever builds or counts a graph sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from ml.project.expressions import ExpressionProblem, evaluated, has_expression
from ml.project.graph import BLOCK, OUTPUT, Graph, Link, Node

LARGEST = 100_000
"""How many nodes a model may have when its blocks are written out."""
MOST = 1000
"""How often a block may be repeated."""


class BlockProblem(ValueError):
    """A block that can't be written out: the path of the node, and why as a sentence."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def resolved(node: Node, parameters: Mapping[str, Any]) -> Node:
    """A node with its expressions put to their values, those of the block that it is in. Raises `ExpressionProblem`, which begins with the argument."""
    found = {}
    for name, value in node.arguments.items():
        try:
            found[name] = evaluated(value, parameters)
        except ExpressionProblem as problem:
            raise ExpressionProblem(f"{name}: {problem}") from problem
    return replace(node, arguments=found) if any(map(has_expression, node.arguments.values())) else node


def expanded(graph: Graph, parameters: Mapping[str, Any] | None = None, path: str = "") -> Graph:
    """The graph without expressions and without repeats, in its blocks too.

    A block `stage` that is repeated becomes `stage_1` … `stage_N`, one after another: the outputs of each feed the first inputs of the next, and
    further inputs get the same as the first one's. Raises `BlockProblem`. A graph that has neither comes back as it is.
    """
    if not needs_expansion(graph):
        return graph
    if not path and (count := size(graph)) > LARGEST:
        raise BlockProblem(next(iter(graph.nodes)), f"written out, the blocks of the model have {count:,} nodes: at most {LARGEST:,} can be built.")
    nodes: dict[str, Node] = {}
    last: dict[str, str] = {}
    for name, node in graph.nodes.items():
        try:
            node = resolved(node, parameters or {})
        except ExpressionProblem as problem:
            raise BlockProblem(path + name, str(problem)) from problem
        if node.graph is not None:
            node = replace(node, arguments={}, graph=expanded(node.graph, node.arguments, f"{path}{name}/"), repeat=1)
        try:
            count = repeats(graph, name)
        except BlockProblem as problem:
            raise BlockProblem(path + name, problem.reason) from problem
        if count == 1:
            nodes[name] = node
            continue
        copies = copy_names(graph, name)
        nodes |= _chained(node, copies, copy_names(graph, node.shares) if node.shares else [], _outputs(graph, name))
        last[name] = copies[-1]
    return graph.with_nodes({name: _from_the_last(node, last) for name, node in nodes.items()})


def size(graph: Graph) -> int:
    """How many nodes a graph has when its blocks are written out."""
    return sum(1 if node.graph is None else max(1, node.repeat) * (1 + size(node.graph)) for node in graph.nodes.values())


def expanded_once(graph: Graph, name: str) -> Graph:
    """The graph with one repeated block written out as its copies. Raises `BlockProblem`."""
    node, copies = graph[name], copy_names(graph, name)
    made = _chained(replace(node, repeat=1), copies, [], _outputs(graph, name))
    nodes: dict[str, Node] = {}
    for other, one in graph.nodes.items():
        nodes |= made if other == name else {other: one}
    return graph.with_nodes({key: _from_the_last(one, {name: copies[-1]}) for key, one in nodes.items()})


def needs_expansion(graph: Graph) -> bool:
    """Whether there is an expression, a repeat or a block's parameter anywhere in a graph."""
    return any(
        node.repeat != 1
        or (node.type == BLOCK and node.arguments)
        or any(map(has_expression, node.arguments.values()))
        or (node.graph and needs_expansion(node.graph))
        for node in graph.nodes.values()
    )


def repeats(graph: Graph, name: str) -> int:
    """How many of a block stand one after another; of one that shares its weights as many as of its owner. Raises `BlockProblem`."""
    node = graph[name]
    count = graph[node.shares].repeat if node.shares in graph.nodes else node.repeat
    if not 1 <= count <= MOST:
        raise BlockProblem(name, f"it is repeated {count} times: from 1 to {MOST} it can be.")
    return count if node.type == BLOCK else 1


def copy_names(graph: Graph, name: str) -> list[str]:
    """What the copies of a repeated block are called: `stage_1`, or `stage_copy_1`, `stage_copy_copy_1` … where other nodes have such names."""
    count, stem = repeats(graph, name), name
    while any(f"{stem}_{number}" in graph.nodes for number in range(1, count + 1)):
        stem += "_copy"
    return [f"{stem}_{number}" for number in range(1, count + 1)]


def _outputs(graph: Graph, name: str) -> int:
    node = graph[name]
    inside = node.graph or (graph[node.shares].graph if node.shares in graph.nodes else None)
    return len(inside.of_type(OUTPUT)) if inside else 0


def _chained(node: Node, copies: list[str], owners: list[str], outputs: int) -> dict[str, Node]:
    """The copies of a node, each fed by the one before."""
    found: dict[str, Node] = {}
    inputs = node.inputs
    for index, copy in enumerate(copies):
        found[copy] = replace(node, inputs=inputs, shares=owners[index] if owners else None)
        inputs = tuple(Link(copy, number) if number < outputs else link for number, link in enumerate(node.inputs))
    return found


def _from_the_last(node: Node, last: dict[str, str]) -> Node:
    """A node whose links from a repeated block come from its last copy."""
    if not any(link is not None and link.node in last for link in node.inputs):
        return node
    return replace(node, inputs=tuple(replace(link, node=last[link.node]) if link is not None and link.node in last else link for link in node.inputs))
