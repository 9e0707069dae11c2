"""Ways through a graph: along its links, to what lies beside, and to all that comes before or after. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ml.project.graph import RIGHT, Graph, sources

Point = tuple[float, float]


def along(graph: Graph, positions: Mapping[str, Point], name: str, step: int, last: str = "") -> str | None:
    """The node that a link leads to from `name` (`step` 1) or comes from (-1): `last` where that is one, else the one straight ahead."""
    linked = [user for user, _, _ in graph.consumers(name)] if step > 0 else [link.node for link in graph[name].inputs if link is not None]
    found = [other for other in dict.fromkeys(linked) if other in positions]
    if last in found:
        return last
    here = flowing(graph, positions[name])
    return min(found, key=lambda other: _aside(here, flowing(graph, positions[other])), default=None)


def beside(graph: Graph, positions: Mapping[str, Point], name: str, step: int) -> str | None:
    """The next node on one side (`step` -1 or 1): one that shares a feeder or a consumer with `name`, else whatever lies there."""
    here = flowing(graph, positions[name])
    places = {other: flowing(graph, point) for other, point in positions.items() if other != name}
    there = {other: place for other, place in places.items() if (place[0] - here[0]) * step > 0}
    siblings = {other: there[other] for other in _siblings(graph, name) & there.keys()}
    level = {other: place for other, place in there.items() if abs(place[1] - here[1]) <= abs(place[0] - here[0])}
    found = siblings or level
    return min(found, key=lambda other: (abs(found[other][1] - here[1]), abs(found[other][0] - here[0])), default=None)


def flowing(graph: Graph, point: Point) -> Point:
    """A point as (across the flow, along it), so that a graph that runs right is walked like one that runs down."""
    return (point[1], point[0]) if graph.flow == RIGHT else point


def upstream(graph: Graph, names: Iterable[str]) -> set[str]:
    """These nodes and all that they depend on, the owners of shared layers too."""
    return _reached(names, {name: sources(node) for name, node in graph.nodes.items()})


def downstream(graph: Graph, names: Iterable[str]) -> set[str]:
    """These nodes and all that depend on them."""
    after: dict[str, list[str]] = {}
    for name, node in graph.nodes.items():
        for source in sources(node):
            after.setdefault(source, []).append(name)
    return _reached(names, after)


def in_order(graph: Graph) -> list[str]:
    """The nodes from the first to the last, in the graph's own order where there is a circle."""
    return list(graph.nodes) if graph.cycle() else graph.sorted()


def _siblings(graph: Graph, name: str) -> set[str]:
    fed = {user for link in graph[name].inputs if link is not None for user, _, _ in graph.consumers(link.node)}
    feeding = {link.node for user, _, _ in graph.consumers(name) for link in graph[user].inputs if link is not None}
    return (fed | feeding) - {name}


def _aside(here: Point, there: Point) -> tuple[float, float]:
    return abs(there[0] - here[0]), abs(there[1] - here[1])


def _reached(names: Iterable[str], ways: Mapping[str, Iterable[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(ways.get(name, ()))
    return seen
