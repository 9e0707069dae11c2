"""Blocks that share another's weights: in the document they hold nothing; to be seen and linked they need what their owner holds."""

from __future__ import annotations

from msgspec.structs import replace

from ml.project.graph import BLOCK, Graph, Node


def with_insides(graph: Graph) -> Graph:
    """The graph with the owner's inside in each block that shares; where none does, the graph itself."""
    found = {
        name: replace(node, graph=graph[node.shares].graph, repeat=graph[node.shares].repeat)
        for name, node in graph.nodes.items()
        if node.type == BLOCK and node.shares in graph.nodes
    }
    return graph.with_nodes(graph.nodes | found) if found else graph


def without_insides(graph: Graph) -> Graph:
    """The graph, and the graphs in it, as `with_insides` found them; where no block shares, the graph itself."""
    found = {name: bare for name, node in graph.nodes.items() if node.type == BLOCK and (bare := _bare(node)) is not node}
    return graph.with_nodes(graph.nodes | found) if found else graph


def _bare(node: Node) -> Node:
    if node.shares:
        return replace(node, graph=None, repeat=1) if node.graph is not None else node
    inner = without_insides(node.graph) if node.graph is not None else None
    return node if inner is node.graph else replace(node, graph=inner)
