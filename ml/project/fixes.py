"""A fix: what one click changes in a graph so that an error goes away."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ml.project.graph import Graph, Link, Node
from ml.project.grouping import independent
from ml.project.names import default_name
from ml.project.project import Project


class Argument(Struct, frozen=True, tag=True, tag_field="change"):
    """A node's argument gets another value. `node` is its path: `dense`, or `block_1/dense` for what is inside of a block."""

    node: str
    name: str
    value: Any


class Insertion(Struct, frozen=True, tag=True, tag_field="change"):
    """A new node goes into the link that feeds input number `port` of the node `target`."""

    type: str
    arguments: dict[str, Any]
    target: str
    port: int = 0


class Connection(Struct, frozen=True, tag=True, tag_field="change"):
    """Input number `port` of the node `target` is fed by `link`, or by nothing."""

    target: str
    port: int
    link: Link | None


class Independence(Struct, frozen=True, tag=True, tag_field="change"):
    """A node that shares another's layer gets one of its own, made alike."""

    node: str


Change = Argument | Insertion | Connection | Independence


class Fix(Struct, frozen=True, omit_defaults=True):
    """A way out of an error that was tried and found to work."""

    text: str
    """What it does, as on a button: `Set strides of conv2d to 1`."""
    changes: tuple[Change, ...]
    role: str = ""
    """Of a project's problem: the role whose model it changes."""


def apply(graph: Graph, fix: Fix) -> Graph:
    """The graph after a fix. Changes to nodes that are no longer there are passed over."""
    for change in fix.changes:
        graph = _changed(graph, change)
    return graph


def apply_to_project(project: Project, fix: Fix) -> Project:
    """The project after a fix of one of its models; the same where it has no such role."""
    if fix.role not in project.models:
        return project
    return replace(project, models={**project.models, fix.role: apply(project.models[fix.role], fix)})


def _changed(graph: Graph, change: Change) -> Graph:
    match change:
        case Argument(path, name, value):
            return _with_argument(graph, path.split("/"), name, value)
        case Insertion(target=target) if target in graph.nodes:
            return _inserted(graph, change)
        case Connection(target, port, link) if target in graph.nodes and (link is None or link.node in graph.nodes):
            return graph.linked(target, port, link)
        case Independence(name) if name in graph.nodes:
            return independent(graph, name) if graph[name].shares else graph
    return graph


def _with_argument(graph: Graph, path: list[str], name: str, value: Any) -> Graph:
    node = graph.nodes.get(path[0])
    if node is None:
        return graph
    if len(path) > 1:
        return graph.with_node(path[0], replace(node, graph=_with_argument(node.graph or Graph(), path[1:], name, value)))
    return graph.with_node(path[0], replace(node, arguments={**node.arguments, name: value}))


def _inserted(graph: Graph, change: Insertion) -> Graph:
    """The graph with a node in a link: what fed the target feeds it, and it feeds the target."""
    inputs = graph[change.target].inputs
    before = inputs[change.port] if change.port < len(inputs) else None
    name = graph.free_name(default_name(change.type))
    added = Node(change.type, change.arguments, (before,) if before else (), _between(graph, before, change.target))
    return _after_its_feeder(graph, name, added, before).linked(change.target, change.port, Link(name))


def _after_its_feeder(graph: Graph, name: str, node: Node, before: Link | None) -> Graph:
    """The graph with a new node that stands in its order behind what feeds it."""
    nodes: dict[str, Node] = {}
    for other, value in graph.nodes.items():
        nodes[other] = value
        if before and other == before.node:
            nodes[name] = node
    return graph.with_nodes({**nodes, name: node})


def _between(graph: Graph, before: Link | None, target: str) -> tuple[float, float] | None:
    """A place half way along a link, where both its ends have one; else the layout finds one."""
    start, end = graph[before.node].position if before and before.node in graph.nodes else None, graph[target].position
    return ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2) if start and end else None
