"""A graph and its reports as what a figure is made of: small nodes joined to their layers, blocks opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import CycleError
from typing import Any

from app.canvas.layout.parts import Frame, Net, Step, chain
from app.drawings.captions import is_small, is_weighty
from app.drawings.drawing import DrawingProblem
from app.drawings.options import Options
from ml.project.blocks import resolved
from ml.project.expressions import ExpressionProblem
from ml.project.graph import BLOCK, INPUT, OUTPUT, Graph, Node
from ml.project.report import NodeReport


@dataclass(frozen=True)
class Subject:
    """What is drawn: a graph, and what Keras says of its nodes."""

    graph: Graph
    reports: Mapping[str, NodeReport] = field(default_factory=dict)
    title: str = ""


def order(graph: Graph) -> list[str]:
    """The names in the order in which values run. Raises `DrawingProblem` where there is none."""
    try:
        return graph.sorted()
    except CycleError as error:
        raise DrawingProblem(f"The links go round in a circle ({' → '.join(error.args[1])}), so there is no order to draw.") from error


def net(subject: Subject, options: Options, inside: bool = False) -> Net:
    """The subject's steps and links; `inside` of a block without its inputs and outputs, which are the frame's edge."""
    graph, names = subject.graph, order(subject.graph)
    head = _heads(graph, names) if options.join else {name: name for name in names}
    links = {(head[link.node], head[name]) for name, _, link in graph.links() if link.node in head and head[link.node] != head[name]}
    hidden = {name for name in names if inside and graph[name].type in (INPUT, OUTPUT)}
    shown = tuple(name for name in names if head[name] == name and name not in hidden)
    enters = frozenset(b for a, b in links if a in hidden and b not in hidden)
    leaves = frozenset(a for a, b in links if b in hidden and a not in hidden)
    members = {name: [other for other in names if head[other] == name] for name in shown}
    parts = {name: _part(subject, name, members[name], options) for name in shown}
    return Net(shown, parts, frozenset((a, b) for a, b in links if a not in hidden and b not in hidden), enters, leaves)


def _heads(graph: Graph, names: list[str]) -> dict[str, str]:
    """For each node the one in whose box it is drawn."""
    head: dict[str, str] = {}
    uses = dict.fromkeys(names, 0)
    for _, _, link in graph.links():
        uses[link.node] = uses.get(link.node, 0) + 1
    for name in names:
        node, head[name] = graph[name], name
        linked = [link for link in node.inputs if link is not None]
        if is_small(node) and len(linked) == 1 and (feeder := linked[0].node) in head and uses[feeder] == 1 and is_weighty(graph[head[feeder]]):
            head[name] = head[feeder]
    return head


def _part(subject: Subject, name: str, members: list[str], options: Options) -> Step | Frame:
    node, last = _told(subject.graph, name), subject.reports.get(members[-1], NodeReport())
    if options.open and node.type == BLOCK and node.graph is not None:
        inside = node.graph.with_nodes({other: _valued(one, node.arguments) for other, one in node.graph.nodes.items()})
        inner = net(Subject(inside, subject.reports.get(name, NodeReport()).inside), options, inside=True)
        if inner.names:
            return Frame(chain(inner, options.fold), name.replace("_", " "), node.repeat)
    return Step(name, node, last, tuple(_told(subject.graph, other) for other in members[1:]), node.repeat)


def _told(graph: Graph, name: str) -> Node:
    """A node with the arguments that say what it is: one that shares a layer has its owner's. A block that shares another stays closed."""
    node = graph[name]
    return graph.owning(name) if node.shares and node.type != BLOCK else node


def _valued(node: Node, parameters: Mapping[str, Any]) -> Node:
    """A node in a block with these parameters, its expressions put to their values where they have some."""
    try:
        return resolved(node, parameters)
    except ExpressionProblem:
        return node
