"""A small picture of a graph: a bar for each node and lines for its links, from left to right whichever way the graph runs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from msgspec.structs import replace
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.canvas.layout import layout
from app.canvas.palette import Palette
from ml.ops.table import category_of
from ml.project.graph import BLOCK, INPUT, OUTPUT, RIGHT, Graph, Node

MOST_NODES = 200
"""Of a larger graph the picture would be a smear: it shows its first nodes."""
KEPT = 256
"""How many pictures are remembered."""
BAR, STEP, LINE = (14.0, 9.0), (22.0, 12.5), 1.2
"""The largest bar and the largest distance between two of them, across and down, and how thick the lines are, in pixels."""

Place = tuple[float, float]


@dataclass(frozen=True)
class Sketch:
    """Places count from the upper left one, in columns and rows. Two equal sketches look the same."""

    bars: tuple[tuple[Place, str], ...]
    """Each node's place and category."""
    lines: tuple[tuple[Place, Place], ...]
    columns: int
    rows: int

    def paint(self, painter: QPainter, rect: QRectF, palette: Palette, pale: bool = False) -> None:
        """Paint it into `rect`, from its left edge on and no larger than it need be; `pale` is without colours."""
        across, down = min(STEP[0], rect.width() / self.columns), min(STEP[1], rect.height() / self.rows)
        bar = QRectF(0, 0, min(BAR[0], 0.65 * across), min(BAR[1], 0.72 * down))
        corner = QPointF(rect.left() + bar.width() / 2, rect.center().y() - down * (self.rows - 1) / 2)

        def at(place: Place) -> QPointF:
            return corner + QPointF(place[0] * across, place[1] * down)

        painter.setPen(QPen(QColor(palette.link), LINE))
        painter.drawLines([QLineF(at(start), at(end)) for start, end in self.lines])
        painter.setPen(Qt.PenStyle.NoPen)
        for place, category in self.bars:
            painter.setBrush(QColor(palette.faint if pale else palette.category(category)))
            if category in (INPUT, OUTPUT):
                painter.drawEllipse(at(place), bar.height() / 3, bar.height() / 3)
            else:
                bar.moveCenter(at(place))
                painter.drawRoundedRect(bar, 1.5, 1.5)


_made: dict[int, tuple[Graph, Sketch]] = {}
"""By the graph's identity, with the graph, so that no other one can take that over: no graphs are compared."""


def sketch(graph: Graph) -> Sketch:
    """The picture of a graph; of one that was drawn lately the same."""
    if id(graph) not in _made:
        if len(_made) >= KEPT:
            _made.clear()
        _made[id(graph)] = graph, _drawn(graph)
    return _made[id(graph)][1]


def _drawn(graph: Graph) -> Sketch:
    plan = layout(replace(graph.without(set(list(graph.nodes)[MOST_NODES:])), flow=RIGHT))
    points = [*plan.positions.values(), *(point for way in plan.waypoints.values() for point in way)]
    columns, rows = _ranks([x for x, _ in points]), _ranks([y for _, y in points])
    places = {name: _place(point, columns, rows) for name, point in plan.positions.items()}
    lines: dict[tuple[Place, Place], None] = {}
    for name, _, link in graph.links():
        if link.node in places and name in places:
            via = [_place(point, columns, rows) for point in plan.waypoints.get((link.node, name), ())]
            lines |= dict.fromkeys(pairwise([places[link.node], *via, places[name]]))
    bars = tuple((place, _category(graph[name])) for name, place in places.items())
    return Sketch(bars, tuple(lines), max(1, len(columns)), max(1, len(rows)))


def _place(point: Place, columns: dict[int, int], rows: dict[int, int]) -> Place:
    return columns[round(point[0])], rows[round(point[1])]


def _ranks(values: list[float]) -> dict[int, int]:
    """The place of each value, rounded, among all different ones."""
    return {value: rank for rank, value in enumerate(sorted({round(value) for value in values}))}


def _category(node: Node) -> str:
    return node.type if node.type in (INPUT, OUTPUT, BLOCK) else category_of(node.type)
