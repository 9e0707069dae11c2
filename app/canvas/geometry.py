"""Where things lie: sizes, ports, link paths, and what a point hits. Pure functions in the scene's pixels.

A node's position is the middle of its card. Where values flow down, inputs lie on the upper edge and outputs on the lower one;
where they flow right, inputs lie on the left edge and outputs on the right one: there a link is one that flows down, mirrored at the diagonal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QTransform

from ml.project.graph import DOWN, RIGHT

WIDTH, HEIGHT, END_HEIGHT = 224.0, 58.0, 46.0
INSIDE = 36.0
"""How much higher a block's card is, for the picture of what is in it."""
PORT_RADIUS, PORT_REACH = 4.5, 12.0
PORT_GAP = 24.0
BELOW = 20.0
"""Room under a card for the port and the shape's label; a link runs straight down through it."""
COLUMN, ROW = WIDTH + 44.0, HEIGHT + 62.0
"""Distances of the layout, from middle to middle."""
RIGHT_COLUMN, RIGHT_ROW = WIDTH + 124.0, HEIGHT + 46.0
"""The same where values flow right; the room between columns is the shapes'."""
RIGHT_GAP, RIGHT_MARGIN = 18.0, 11.0
"""From port to port on an upright edge, and from the outermost to the card's corner: three fit a card of the least height."""
SPARE_GAP, RIGHT_SPARE_GAP = 16.0, 13.0
"""The same for the spare ports after the others."""
LEAD = 64.0
"""How far a link that runs right goes straight under its shape, where there is room."""
MIRROR = QTransform(0, 1, 1, 0, 0, 0)
"""At the diagonal: down becomes right."""


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
    flow: str = DOWN
    spare: int = 0
    """How many of the last inputs need no link and have none."""

    @property
    def rect(self) -> QRectF:
        """The card."""
        return QRectF(self.x - self.width / 2, self.y - self.height / 2, self.width, self.height)

    def input(self, index: int) -> QPointF:
        """The middle of an input port."""
        return QPointF(self.x, self.y) + port_place(index, self.inputs, self.flow, -self.width / 2, -self.height / 2, self.spare)

    def output(self, index: int) -> QPointF:
        """The middle of an output port."""
        return QPointF(self.x, self.y) + port_place(index, self.outputs, self.flow, self.width / 2, self.height / 2)


@dataclass(frozen=True)
class Hit:
    """What lies under a point. `node` and `index` say which port or, of a link, which input it feeds; `node` names a note too, `index` its handle.

    A fix is the button that mends the node, `index` which of them.
    """

    kind: Literal["empty", "node", "input", "output", "link", "note", "handle", "fix"] = "empty"
    node: str = ""
    index: int = 0


def port_place(index: int, count: int, flow: str, side: float, edge: float, spare: int = 0) -> QPointF:
    """Where a port lies from the card's middle: on its upright edge at `side` where values flow right, else on its level edge at `edge`.

    The last `spare` ones stand aside where the card has room for that, so that what is linked stays in the middle.
    """
    gap, narrow, reach = (RIGHT_GAP, RIGHT_SPARE_GAP, abs(edge)) if flow == RIGHT else (PORT_GAP, SPARE_GAP, abs(side))
    taken = count - spare
    last = (taken - 1) / 2 * gap
    if not 0 < taken < count or last + spare * narrow + PORT_RADIUS > reach:
        taken, last = count, (count - 1) / 2 * gap
    place = index * gap - last if index < taken else last + (index - taken + 1) * narrow
    return QPointF(side, place) if flow == RIGHT else QPointF(place, edge)


def width_for(inputs: int, outputs: int, flow: str = DOWN) -> float:
    """The width of a card that has room for its ports."""
    return WIDTH if flow == RIGHT else max(WIDTH, PORT_GAP * (max(inputs, outputs) + 1))


def height_for(least: float, inputs: int, outputs: int, flow: str = DOWN) -> float:
    """The height of a card that has room for its ports and is `least` high."""
    return max(least, RIGHT_GAP * (max(inputs, outputs) - 1) + 2 * RIGHT_MARGIN) if flow == RIGHT else least


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


def link_path(start: QPointF, end: QPointF, via: Sequence[QPointF] = (), flow: str = DOWN) -> QPainterPath:
    """The line from an output at `start` to an input at `end`, by the layout's waypoints: straight past each row, curved between."""
    if flow == RIGHT:
        return MIRROR.map(_path_down(start.transposed(), end.transposed(), [point.transposed() for point in via], WIDTH / 2, LEAD))
    return _path_down(start, end, via, HEIGHT / 2, BELOW)


def _path_down(start: QPointF, end: QPointF, via: Sequence[QPointF], half: float, lead: float) -> QPainterPath:
    """The line of `link_path` where values flow down past rows of cards that reach `half` up and down, at first straight for `lead`."""
    path = QPainterPath(start)
    here = start
    room = (via[0].y() - half if via else end.y()) - start.y()
    if room > 2 * BELOW:
        here = QPointF(start.x(), start.y() + max(BELOW, min(lead, room - 2 * BELOW)))
        path.lineTo(here)
    for point in via:
        curve(path, here, QPointF(point.x(), point.y() - half))
        here = QPointF(point.x(), point.y() + half)
        path.lineTo(here)
    curve(path, here, end)
    return path


def curve(path: QPainterPath, start: QPointF, end: QPointF) -> None:
    """Draw on from `start` to `end`, leaving and arriving straight down."""
    down = end.y() - start.y()
    pull = down / 2 if down > 0 else min(40.0 - down / 3, 120.0)
    path.cubicTo(QPointF(start.x(), start.y() + pull), QPointF(end.x(), end.y() - pull), end)


def bent(via: Sequence[tuple[float, float]], start: tuple[QPointF, QPointF], end: tuple[QPointF, QPointF], flow: str = DOWN) -> list[QPointF]:
    """The waypoints of a link after its ends have moved. `start` and `end` are (in the layout, now).

    Each waypoint goes along with the nearer end the more, so a link whose ends move alike keeps its form. Those that no longer
    lie between the ends are left out.
    """
    first, last = start[1] - start[0], end[1] - end[0]
    half = WIDTH if flow == RIGHT else HEIGHT
    begin, span = onward(start[0], flow), onward(end[0] - start[0], flow)
    points = []
    for x, y in via:
        part = (onward(QPointF(x, y), flow) - begin) / span if span else 0.5
        point = QPointF(x, y) + first * (1 - part) + last * part
        if onward(start[1], flow) + half < onward(point, flow) < onward(end[1], flow) - half:
            points.append(point)
    return points


def onward(point: QPointF, flow: str) -> float:
    """How far a point lies along the flow."""
    return point.x() if flow == RIGHT else point.y()


def _distance(a: QPointF, b: QPointF) -> float:
    return ((a.x() - b.x()) ** 2 + (a.y() - b.y()) ** 2) ** 0.5
