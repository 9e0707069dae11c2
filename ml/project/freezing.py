"""Which layers training leaves as they are: nodes frozen and thawed, those inside blocks too."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from msgspec.structs import replace

from ml.ops.table import NODE_TYPES
from ml.project.graph import BLOCK, Graph, Node

PARAMETER = "trainable"


def freeze(graph: Graph, names: Collection[str], frozen: bool = True) -> Graph:
    """The graph with the layers of these nodes frozen, or thawed; of a node that shares a layer, the owner's. Nodes without weights stay as they are."""
    owners = {graph[name].shares or name for name in names}
    changed = {name: _set(graph[name], frozen) for name in owners if name in graph.nodes}
    return graph.with_nodes({name: changed.get(name, node) for name, node in graph.nodes.items()})


def is_frozen(node: Node) -> bool:
    """Whether training leaves a node as it is: its own layer, or of a block every layer inside that could learn."""
    if node.graph is None:
        return node.arguments.get(PARAMETER) is False
    inside = [each for each in node.graph.nodes.values() if can_freeze(each)]
    return bool(inside) and all(map(is_frozen, inside))


def can_freeze(node: Node) -> bool:
    """Whether a node is a layer that may have weights of its own, or a block with such a layer in it."""
    if node.type == BLOCK:
        return any(map(can_freeze, node.graph.nodes.values())) if node.graph else False
    kind = NODE_TYPES.get(node.type)
    return kind is not None and not node.shares and any(parameter.name == PARAMETER for parameter in kind.parameters)


def _thawed(layer: Any) -> Any:
    """A layer that is an argument of another, or a list of them, with none frozen in it."""
    if isinstance(layer, list):
        return [_thawed(part) for part in layer]
    if not isinstance(layer, dict):
        return layer
    return {name: _thawed(value) for name, value in layer.items() if not (name == PARAMETER and value is False)}


def _set(node: Node, frozen: bool) -> Node:
    if node.graph is not None:
        return replace(node, graph=freeze(node.graph, list(node.graph.nodes), frozen))
    if not can_freeze(node):
        return node
    others = {name: value for name, value in node.arguments.items() if name != PARAMETER}
    if not frozen:
        others |= {name: _thawed(others[name]) for name in NODE_TYPES[node.type].layers if name in others}
    return replace(node, arguments={**others, PARAMETER: False} if frozen else others)
