"""A graph laid out along lines: what follows one another in a straight column, branches beside it, links that skip in lanes between.

Rows are counted from the top, places across in pixels from the line.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from graphlib import TopologicalSorter

from app.canvas.layout.layers import Layout, Point, downward, downwards
from app.canvas.layout.parts import Branch, Chain, Frame, Knot, Net, Part, Split, Step, chain
from ml.project.graph import BLOCK, Graph, Link, Node
from ml.project.report import NodeReport

LANE = 40.0
"""The room that a link takes that runs past cards."""
START, END = "<start>", "<end>"
Ends = tuple[str, str]


@dataclass
class Piece:
    """A part that has its place: how far it reaches left and right of its line, over how many rows, and what is in it."""

    left: float = 0.0
    right: float = 0.0
    rows: int = 0
    nodes: dict[str, Point] = field(default_factory=dict)
    links: dict[Ends, list[Point]] = field(default_factory=dict)
    """By (source, target), the points through which a link goes."""
    pieces: list[tuple[Piece, float, int]] = field(default_factory=list)
    """What is in it, and by how much that is moved across and by how many rows."""

    def take(self, other: Piece, across: float, row: int) -> None:
        """Put another piece in, moved by this much."""
        self.pieces.append((other, across, row))
        self.left, self.right = max(self.left, other.left - across), max(self.right, other.right + across)

    def flat(self) -> tuple[dict[str, Point], dict[Ends, list[Point]]]:
        """All nodes and links in it, at any depth."""
        nodes: dict[str, Point] = {}
        links: dict[Ends, list[Point]] = {}
        waiting: list[tuple[Piece, float, int]] = [(self, 0.0, 0)]
        while waiting:
            piece, across, row = waiting.pop()
            nodes |= {name: (x + across, y + row) for name, (x, y) in piece.nodes.items()}
            links |= {ends: [(x + across, y + row) for x, y in points] for ends, points in piece.links.items() if points}
            waiting += [(inner, across + x, row + y) for inner, x, y in piece.pieces]
        return nodes, links


def along_lines(graph: Graph, column: float, row: float, more: float = 0.0) -> Layout:
    """A layout in columns `column` pixels wide and rows `row` pixels high, those with a block by `more` higher; the same for the same graph."""
    names = list(graph.nodes)
    number = {name: index for index, name in enumerate(names)}
    links = [(names[a], names[b]) for a, b in downward(graph, number)]
    joined = {end for ends in links for end in ends}
    sorter: TopologicalSorter[str] = TopologicalSorter({name: [] for name in names if name in joined})
    for source, target in links:
        sorter.add(target, source)
    parts: dict[str, Step | Frame] = {name: Step(name, graph[name], NodeReport()) for name in joined}
    piece = _Lines(graph, column, row).lay(chain(Net(tuple(sorter.static_order()), parts, frozenset(links)), fold=False))
    nodes, via = piece.flat()
    left = -min((x for x, _ in nodes.values()), default=0.0)
    tall = sorted({y for name, (_, y) in nodes.items() if graph[name].type == BLOCK})

    def down(y: float) -> float:
        return y * row + (bisect_left(tall, y) + bisect_right(tall, y)) / 2 * more

    positions = {name: (x + left, down(y)) for name, (x, y) in nodes.items()}
    beside = piece.left + piece.right + column if joined else 0.0
    loose = [name for name in names if name not in joined]
    positions |= {name: (beside + index % 4 * column, index // 4 * row) for index, name in enumerate(loose)}
    return Layout({name: positions[name] for name in names}, {ends: tuple((x + left, down(y)) for x, y in points) for ends, points in via.items()})


class _Lines:
    """One layout under way."""

    def __init__(self, graph: Graph, column: float, row: float) -> None:
        self.graph, self.column, self.row = graph, column, row

    def lay(self, parts: Chain) -> Piece:
        """A chain, its first row at 0."""
        whole = Piece()
        for part in parts:
            piece = self._piece(part)
            whole.take(piece, 0.0, whole.rows)
            whole.rows += piece.rows
        return whole

    def _piece(self, part: Part) -> Piece:
        match part:
            case Step(name=name):
                return Piece(self.column / 2, self.column / 2, 1, {name: (0.0, 0.0)})
            case Split():
                return self._split(part)
            case Knot():
                return self._knot(part)
        raise AssertionError("A layout draws no frames.")

    # What runs side by side.

    def _split(self, split: Split) -> Piece:
        """Branches beside one another; links from a shorter one run on beside the longer ones to the last row."""
        branches = sorted(split.branches, key=lambda branch: self._port(split, branch))
        pieces = [self.lay(branch.chain) for branch in branches]
        main = _longest(branches, pieces)
        made = Piece(rows=max(piece.rows for piece in pieces))
        for branch, piece, x in zip(branches, pieces, _beside(pieces, main), strict=True):
            made.take(piece, x, 0)
            if branch.leaves and x and isinstance(branch.chain[-1], Step):
                made.links[branch.chain[-1].name, split.end] = [(x, float(row)) for row in range(piece.rows, made.rows)]
        if split.skips:
            self._skip(made, split, branches if main is None else [branches[main]])
        return made

    def _skip(self, made: Piece, split: Split, beside: Iterable[Branch]) -> None:
        """A lane right of all, or left where the link comes to a port left of the branches'."""
        port = self._port_of({split.start}, split.end)
        if all(port < self._port(split, branch) for branch in beside):
            made.left += LANE
            lane = -made.left + LANE / 2
        else:
            made.right += LANE
            lane = made.right - LANE / 2
        made.links[split.start, split.end] = [(lane, float(y)) for y in range(made.rows)]

    def _port(self, split: Split, branch: Branch) -> int:
        """The first port to which a branch leads."""
        return self._port_of(set(_names(branch.chain)), split.end)

    def _port_of(self, sources: set[str], target: str) -> int:
        inputs = self.graph[target].inputs if target in self.graph.nodes else ()
        return next((port for port, link in enumerate(inputs) if link is not None and link.node in sources), len(inputs))

    # What is no line.

    def _knot(self, knot: Knot) -> Piece:
        """In layers, with what is before and after as nodes of their own, so that links from and to them find their way too."""
        inside = [step.name for step in knot.steps if isinstance(step, Step)]
        known = {name: name for name in inside} | ({knot.start: START} if knot.enters else {})
        nodes = {START: Node("Add")} if knot.enters else {}
        nodes |= {name: Node("Add", {}, self._inputs(name, known)) for name in inside}
        if knot.leaves:
            nodes[END] = Node("Add", {}, self._inputs(knot.end, {name: name for name in inside}))
        plan = downwards(Graph(nodes), self.column, self.row)
        rows = {name: round(y / self.row) - (1 if knot.enters else 0) for name, (_, y) in plan.positions.items()}
        middle = plan.positions[START if knot.enters else END if knot.leaves else inside[0]][0]
        made = Piece(rows=1 + max(rows[name] for name in inside))
        made.nodes = {name: (plan.positions[name][0] - middle, float(rows[name])) for name in inside}
        real = {START: knot.start, END: knot.end}
        for (a, b), via in plan.waypoints.items():
            points = [(x - middle, y / self.row - (1 if knot.enters else 0)) for x, y in via]
            made.links[real.get(a, a), real.get(b, b)] = [point for point in points if point[1] < made.rows]
        across = [x for x, _ in made.nodes.values()] + [x for points in made.links.values() for x, _ in points]
        made.left, made.right = self.column / 2 - min(across), self.column / 2 + max(across)
        return made

    def _inputs(self, name: str, known: dict[str, str]) -> tuple[Link, ...]:
        return tuple(Link(known[link.node]) for link in self.graph[name].inputs if link is not None and link.node in known)


def _longest(branches: list[Branch], pieces: list[Piece]) -> int | None:
    """The branch through which the line goes: the one with more rows than any other."""
    most = max(piece.rows for piece in pieces)
    found = [index for index, piece in enumerate(pieces) if piece.rows == most]
    return found[0] if len(found) == 1 and (branches[found[0]].enters or not any(branch.enters for branch in branches)) else None


def _beside(pieces: list[Piece], main: int | None) -> list[float]:
    """Where each branch's line is: the main one at 0, or all around it."""
    places, here = [], 0.0
    for piece in pieces:
        places.append(here + piece.left)
        here += piece.left + piece.right
    if main is not None:
        middle = places[main]
    else:
        half = len(pieces) // 2
        middle = places[half] if len(pieces) % 2 else (places[half - 1] + places[half]) / 2
    return [place - middle for place in places]


def _names(parts: Iterable[Part]) -> list[str]:
    found: list[str] = []
    for part in parts:
        match part:
            case Step(name=name):
                found.append(name)
            case Split(branches=branches):
                found += [name for branch in branches for name in _names(branch.chain)]
            case Knot(steps=steps):
                found += _names(steps)
    return found
