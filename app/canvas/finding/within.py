"""What a project holds that answers to some words, wherever it lies: in any role, inside blocks, on notes. Pure functions."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.canvas.items.faces import shape_label
from app.canvas.walking import in_order
from ml.ops.table import NODE_TYPES
from ml.project.graph import Graph, Node
from ml.project.project import Project
from ml.project.report import NodeReport

Reports = Mapping[str, NodeReport]


@dataclass(frozen=True)
class Spot:
    """Where a node lies, or a note: the role, the opened blocks from the outermost, and its name."""

    role: str
    scope: tuple[str, ...]
    name: str
    note: bool = False


def spots(project: Project) -> list[Spot]:
    """Everything that can be gone to: role by role in the order of the flow, a block's inside after the block, a graph's notes at its end."""
    return [spot for role, graph in project.models.items() for spot in _spots(graph, role, ())]


def _spots(graph: Graph, role: str, scope: tuple[str, ...]) -> list[Spot]:
    found = []
    for name in in_order(graph):
        found.append(Spot(role, scope, name))
        if (inner := graph[name].graph) is not None:
            found += _spots(inner, role, (*scope, name))
    return found + [Spot(role, scope, name, note=True) for name in graph.notes]


def matching(project: Project, reports: Mapping[str, Reports], query: str) -> list[Spot]:
    """What answers to every word of `query`: in its name, its type and that type's aliases, its arguments (`filters=64`), its shapes or its error.

    The word `error` alone finds all that is wrong.
    """
    words = query.lower().split()
    return [spot for spot in spots(project) if words and all(word in _text(project, reports, spot) for word in words)]


def wrong(project: Project, reports: Mapping[str, Reports]) -> list[Spot]:
    """The nodes with an error of their own; of a block that is wrong inside only what is wrong in it."""
    found = [(spot, _report(reports, spot)) for spot in spots(project) if not spot.note]
    return [spot for spot, report in found if report.error and not any(inner.error for inner in report.inside.values())]


def following(project: Project, found: Sequence[Spot], here: Spot | None, step: int, stay: bool = False) -> Spot | None:
    """What comes after `here` among what was found (`step` 1) or before it (-1), around the end; with `stay` what is at `here` itself counts."""
    if not found:
        return None
    place = {spot: index for index, spot in enumerate(spots(project))}
    there = [place[spot] for spot in found]
    now = place.get(here, -1) if here else -1
    if step > 0:
        index = bisect_left(there, now) if stay else bisect_right(there, now)
        return found[index % len(found)]
    return found[(bisect_left(there, now) if now >= 0 else 0) - 1]


def _text(project: Project, reports: Mapping[str, Reports], spot: Spot) -> str:
    graph = _graph(project, spot)
    if spot.note:
        return graph.notes[spot.name].text.lower()
    node, report = graph[spot.name], _report(reports, spot)
    known = NODE_TYPES.get(node.type)
    parts = [spot.name, node.type, *(known.aliases if known else ()), *(f"{name}={_value(value)}" for name, value in node.arguments.items())]
    parts += [shape_label(shape).replace(" ", "") for shape in report.shapes]
    parts += [f"error: {report.error}"] if report.error else []
    return " ".join(parts).lower()


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "×".join(map(_value, value))
    if isinstance(value, dict):
        return str(value.get("class_name") or value.get("expression") or value)
    return str(value)


def _graph(project: Project, spot: Spot) -> Graph:
    graph = project.models[spot.role]
    for name in spot.scope:
        node: Node = graph[name]
        graph = node.graph or Graph()
    return graph


def _report(reports: Mapping[str, Reports], spot: Spot) -> NodeReport:
    there = reports.get(spot.role, {})
    for name in spot.scope:
        there = there[name].inside if name in there else {}
    return there.get(spot.name, NodeReport())
