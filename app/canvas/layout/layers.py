"""A graph in layers, by `fast_sugiyama`: for what can't be laid out along lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast

from fast_sugiyama import from_edges

from ml.project.graph import Graph

Point = tuple[float, float]


@dataclass(frozen=True)
class Layout:
    """Positions by node, and for links that pass by other layers the points they pass through, by (source, target)."""

    positions: dict[str, Point] = field(default_factory=dict)
    waypoints: dict[tuple[str, str], tuple[Point, ...]] = field(default_factory=dict)


def downwards(graph: Graph, column: float, row: float) -> Layout:
    """A layout in rows from top to bottom; `column` and `row` are the distances from middle to middle."""
    names = list(graph.nodes)
    number = {name: index for index, name in enumerate(names)}
    edges = downward(graph, number)
    joined = {end for edge in edges for end in edge}
    # Its numbers for our nodes are their places among those that have an edge; larger ones are the points of long links.
    order = sorted(joined)
    place = {node: index for index, node in enumerate(order)}
    positions: dict[str, Point] = {}
    waypoints: dict[tuple[str, str], tuple[Point, ...]] = {}
    left = 0.0
    pieces = from_edges([(place[a], place[b]) for a, b in edges], vertex_spacing=column, dummy_vertices=True, dummy_size=column) if edges else []
    for piece, _, _, lines in pieces:
        found = straightened(cast("list[tuple[int, Point]]", piece), cast("list[tuple[int, int]]", lines or []), len(order))
        top = max(y for _, (_, y) in found)
        shift = left - min(x for _, (x, _) in found)
        points = {node: (x + shift, (top - y) / column * row) for node, (x, y) in found}
        positions |= {names[order[node]]: point for node, point in points.items() if node < len(order)}
        waypoints |= {
            (names[order[a]], names[order[b]]): tuple(points[node] for node in between)
            for a, b, between in _long_links(cast("list[tuple[int, int]]", lines or []), len(order))
        }
        left = max([left, *(x for x, _ in points.values())]) + 2 * column
    loose = [name for name in names if number[name] not in joined]
    positions |= {name: (left + index % 4 * column, index // 4 * row) for index, name in enumerate(loose)}
    return _turned(graph, Layout({name: positions[name] for name in names}, waypoints))


def straightened(found: list[tuple[int, Point]], lines: list[tuple[int, int]], count: int) -> list[tuple[int, Point]]:
    """Points with each row moved aside so that the main line is straight, where that makes fewer bends; numbers from `count` on are no nodes.

    Rows keep their order and their distances, so no more lines cross and nothing comes to lie on anything else.
    """
    points = dict(found)
    line = {points[node][1]: points[node][0] for node in _main_line(points, lines, count)}
    if line.keys() != {y for _, y in points.values()}:
        return found
    moved = {node: (x - line[y], y) for node, (x, y) in points.items()}
    return list(moved.items()) if _bends(moved, lines) < _bends(points, lines) else found


def _main_line(points: dict[int, Point], lines: list[tuple[int, int]], count: int) -> list[int]:
    """The way that goes through the most nodes, from row to row."""
    into: dict[int, list[int]] = {}
    for source, target in lines:
        into.setdefault(target, []).append(source)
    passed: dict[int, int] = {}
    before: dict[int, int] = {}
    for node in sorted(points, key=lambda node: -points[node][1]):
        if feeders := [source for source in into.get(node, ()) if source in passed]:
            before[node] = max(feeders, key=lambda source: passed[source])
        passed[node] = (node < count) + (passed[before[node]] if node in before else 0)
    way = [max(passed, key=lambda node: passed[node])]
    while way[-1] in before:
        way.append(before[way[-1]])
    return way


def _bends(points: dict[int, Point], lines: list[tuple[int, int]]) -> int:
    """How many lines from row to row are not straight."""
    return sum(abs(points[source][0] - points[target][0]) > 1 for source, target in lines)


def _turned(graph: Graph, found: Layout) -> Layout:
    """The layout, or its mirror image where fewer links cross on their way into ports that lie side by side."""
    crossed = 0
    for name, node in graph.nodes.items():
        sources = [link.node for link in node.inputs if link is not None and link.node in graph.nodes]
        across = [found.waypoints.get((source, name), (found.positions[source],))[-1][0] for source in sources]
        crossed += sum((left > right) - (left < right) for left, right in pairwise(across))
    if crossed <= 0:
        return found
    width = max(x for x, _ in found.positions.values())
    positions = {name: (width - x, y) for name, (x, y) in found.positions.items()}
    return Layout(positions, {ends: tuple((width - x, y) for x, y in points) for ends, points in found.waypoints.items()})


def downward(graph: Graph, number: dict[str, int]) -> list[tuple[int, int]]:
    """The links as (source, target), each once, without those that would close a circle, which the layout can't take."""
    edges = dict.fromkeys((number[link.node], number[name]) for name, _, link in graph.links() if link.node in number)
    if not graph.cycle():
        return list(edges)
    kept: dict[int, list[int]] = {}
    for source, target in edges:
        if not _reaches(kept, target, source):
            kept.setdefault(source, []).append(target)
    return [(source, target) for source, targets in kept.items() for target in targets]


def _reaches(links: dict[int, list[int]], start: int, end: int) -> bool:
    seen, waiting = set(), [start]
    while waiting:
        node = waiting.pop()
        if node == end:
            return True
        if node not in seen:
            seen.add(node)
            waiting.extend(links.get(node, ()))
    return False


def _long_links(lines: list[tuple[int, int]], count: int) -> list[tuple[int, int, list[int]]]:
    """Links that pass through points of the layout (numbers from `count` on), as (source, target, those points in order)."""
    after = {a: b for a, b in lines if a >= count}
    found = []
    for source, point in lines:
        if source < count <= point:
            between = []
            while point >= count:
                between.append(point)
                point = after[point]
            found.append((source, point, between))
    return found
