"""Where things lie: sizes, ports, link paths, and what a point hits. Pure functions in the scene's pixels.

A node's position is the middle of its card. Values flow down: inputs lie on the upper edge, outputs on the lower one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

WIDTH, HEIGHT, END_HEIGHT = 224.0, 58.0, 46.0
PORT_RADIUS, PORT_REACH = 4.5, 12.0
PORT_GAP = 24.0
BELOW = 20.0
"""Room under a card for the port and the shape's label; a link runs straight down through it."""
COLUMN, ROW = WIDTH + 44.0, HEIGHT + 62.0
"""Distances of the layout, from middle to middle."""


@dataclass(frozen=True)
class Box:
    """A node as far as hands and links are concerned."""

    name: str
    x: float
    y: float
    width: float
    height: float
    inputs: int
    outputs: int

    @property
    def rect(self) -> QRectF:
        """The card."""
        return QRectF(self.x - self.width / 2, self.y - self.height / 2, self.width, self.height)

    def input(self, index: int) -> QPointF:
        """The middle of an input port."""
        return QPointF(self.x + port_offset(index, self.inputs), self.y - self.height / 2)

    def output(self, index: int) -> QPointF:
        """The middle of an output port."""
        return QPointF(self.x + port_offset(index, self.outputs), self.y + self.height / 2)


@dataclass(frozen=True)
class Hit:
    """What lies under a point. `node` and `index` say which port or, of a link, which input it feeds; `node` names a note too, `index` its handle."""

    kind: Literal["empty", "node", "input", "output", "link", "note", "handle"] = "empty"
    node: str = ""
    index: int = 0


def port_offset(index: int, count: int) -> float:
    """How far right of the card's middle a port lies."""
    return (index - (count - 1) / 2) * PORT_GAP


def width_for(inputs: int, outputs: int) -> float:
    """The width of a card that has room for its ports."""
    return max(WIDTH, PORT_GAP * (max(inputs, outputs) + 1))


def hit(point: QPointF, boxes: Iterable[Box], links: Iterable[tuple[str, int, QPainterPath]] = (), reach: float = PORT_REACH) -> Hit:
    """What lies under `point`: the nearest port within `reach`, else a card, else a link within half of it. Boxes come topmost first."""
    boxes = list(boxes)
    ports = [(distance, found) for box in boxes for distance, found in _ports_near(point, box, reach)]
    if ports:
        return min(ports, key=lambda pair: pair[0])[1]
    for box in boxes:
        if box.rect.contains(point):
            return Hit("node", box.name)
    for name, index, path in links:
        if is_near(point, path, reach / 2):
            return Hit("link", name, index)
    return Hit()


def _ports_near(point: QPointF, box: Box, reach: float) -> Iterable[tuple[float, Hit]]:
    if not reach or not box.rect.adjusted(-reach, -reach, reach, reach).contains(point):
        return
    for index in range(box.inputs):
        if (distance := _distance(point, box.input(index))) <= reach:
            yield distance, Hit("input", box.name, index)
    for index in range(box.outputs):
        if (distance := _distance(point, box.output(index))) <= reach:
            yield distance, Hit("output", box.name, index)


def is_near(point: QPointF, path: QPainterPath, reach: float) -> bool:
    """Whether `point` lies within `reach` of the path's line."""
    around = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
    if not path.boundingRect().adjusted(-1, -1, 1, 1).intersects(around):
        return False
    back = path.toReversed()
    line = QPainterPath(path)
    line.connectPath(back)
    return line.intersects(around)


def link_path(start: QPointF, end: QPointF, via: Sequence[QPointF] = ()) -> QPainterPath:
    """The line from an output at `start` to an input at `end`, by the layout's waypoints: straight down past each row, curved between."""
    path = QPainterPath(start)
    here = start
    if end.y() - start.y() > 2 * BELOW:
        here = QPointF(start.x(), start.y() + BELOW)
        path.lineTo(here)
    for point in via:
        _curve(path, here, QPointF(point.x(), point.y() - HEIGHT / 2))
        here = QPointF(point.x(), point.y() + HEIGHT / 2)
        path.lineTo(here)
    _curve(path, here, end)
    return path


def _curve(path: QPainterPath, start: QPointF, end: QPointF) -> None:
    down = end.y() - start.y()
    pull = down / 2 if down > 0 else min(40.0 - down / 3, 120.0)
    path.cubicTo(QPointF(start.x(), start.y() + pull), QPointF(end.x(), end.y() - pull), end)


def bent(via: Sequence[tuple[float, float]], start: tuple[QPointF, QPointF], end: tuple[QPointF, QPointF]) -> list[QPointF]:
    """The waypoints of a link after its ends have moved. `start` and `end` are (in the layout, now).

    Each waypoint goes along with the nearer end the more, so a link whose ends move alike keeps its form. Those that no longer
    lie between the ends are left out.
    """
    first, last = start[1] - start[0], end[1] - end[0]
    span = end[0].y() - start[0].y()
    points = []
    for x, y in via:
        part = (y - start[0].y()) / span if span else 0.5
        point = QPointF(x, y) + first * (1 - part) + last * part
        if start[1].y() + HEIGHT < point.y() < end[1].y() - HEIGHT:
            points.append(point)
    return points


def _distance(a: QPointF, b: QPointF) -> float:
    return ((a.x() - b.x()) ** 2 + (a.y() - b.y()) ** 2) ** 0.5
