"""The way of a link: by the layout's waypoints while its ends lie as planned, else straight, else around the cards in its way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from app.canvas.geometry import BELOW, MIRROR, Box, bent, curve, link_path
from app.canvas.layout import Layout
from ml.project.graph import RIGHT

Finder = Callable[[QPainterPath], Sequence[QRectF]]
"""The cards that a line runs through, beside those of its own ends."""

APART = 22.0
"""How far from the cards a detour runs."""
TRIES = 6
"""How often a lane is moved outwards before it is given up."""


def planned(source: Box, target: Box, layout: Layout) -> bool:
    """Whether both ends lie where the layout has them, seen from each other: there is nothing in the way then."""
    if source.name not in layout.positions or target.name not in layout.positions:
        return False
    (x, y), (u, v) = layout.positions[source.name], layout.positions[target.name]
    return abs((target.x - source.x) - (u - x)) < 1 and abs((target.y - source.y) - (v - y)) < 1


def waypoints(source: Box, target: Box, layout: Layout) -> list[QPointF]:
    """The points that the layout has for a link, moved along with its ends."""
    via, positions = layout.waypoints.get((source.name, target.name), ()), layout.positions
    if not via:
        return []
    start = QPointF(*positions[source.name]), QPointF(source.x, source.y)
    end = QPointF(*positions[target.name]), QPointF(target.x, target.y)
    return bent(via, start, end, source.flow)


def around(start: QPointF, end: QPointF, via: Sequence[QPointF], own: Iterable[QRectF], cards: Finder, flow: str) -> tuple[QPainterPath, bool]:
    """The line from `start` to `end`, and whether it is a detour: straight where nothing is in the way, else by a lane beside what is.

    `own` are the cards of its ends, which only a link that runs back has to get around. Where no lane is free it runs through as few as it can.
    """
    straight = link_path(start, end, via, flow)
    if flow == RIGHT:
        found = _lane(start.transposed(), end.transposed(), MIRROR.map(straight), [_mirrored(rect) for rect in own], _mirrored_finder(cards))
        return (MIRROR.map(found), True) if found else (straight, False)
    found = _lane(start, end, straight, own, cards)
    return (found, True) if found else (straight, False)


def _lane(start: QPointF, end: QPointF, straight: QPainterPath, own: Iterable[QRectF], cards: Finder) -> QPainterPath | None:
    """The best way around where values flow down, or None where there is nothing to get around or no way."""
    back = end.y() - start.y() < BELOW
    own = list(own)
    hits = own if back else list(cards(straight))
    if not hits:
        return None
    ways: list[Way] = [(len(hits), 0.0, None)]
    if back and (gap := _gap(own)) is not None:
        ways.append(_judged(_back(start, end, gap), gap, start, end, cards))
    for side in (-1, 1):
        block, more = QRectF(), hits
        for _ in range(TRIES):
            block = _united([block, *more])
            lane = block.left() - APART if side < 0 else block.right() + APART
            path = _back(start, end, lane) if back else _forth(start, end, lane, block)
            if path is None:
                break
            ways.append(_judged(path, lane, start, end, cards))
            if not ways[-1][0]:
                break
            more = list(cards(path))
    return min(ways, key=lambda way: way[:2])[2]


Way = tuple[int, float, QPainterPath | None]
"""How many cards a way runs through, how far aside it goes, and its line; no line: straight."""


def _judged(path: QPainterPath, lane: float, start: QPointF, end: QPointF, cards: Finder) -> Way:
    return len(cards(path)), abs(lane - start.x()) + abs(lane - end.x()), path


def _gap(own: Sequence[QRectF]) -> float | None:
    """The middle of the gap between both cards of a link that runs back, where there is one."""
    left, right = min(rect.right() for rect in own), max(rect.left() for rect in own)
    return (left + right) / 2 if right - left >= 2 * APART else None


def _forth(start: QPointF, end: QPointF, lane: float, block: QRectF) -> QPainterPath | None:
    """Down a lane as long as `block` is beside it; None where there is no room to get there and back."""
    top, bottom = max(block.top() - APART / 2, start.y() + BELOW), min(block.bottom() + APART / 2, end.y() - BELOW)
    if bottom <= top:
        return None
    path = QPainterPath(start)
    curve(path, start, QPointF(lane, top))
    path.lineTo(QPointF(lane, bottom))
    curve(path, QPointF(lane, bottom), end)
    return path


def _back(start: QPointF, end: QPointF, lane: float) -> QPainterPath:
    """Out of the card, up a lane and into the other card from above."""
    path, pull = QPainterPath(start), 2 * BELOW
    path.cubicTo(QPointF(start.x(), start.y() + pull), QPointF(lane, start.y() + pull), QPointF(lane, start.y() - BELOW))
    path.lineTo(QPointF(lane, end.y() + BELOW))
    path.cubicTo(QPointF(lane, end.y() - pull), QPointF(end.x(), end.y() - pull), end)
    return path


def doubled(path: QPainterPath) -> QPainterPath:
    """A line there and back: only so it hits what lies on it, and not what lies in its hollow."""
    line = QPainterPath(path)
    line.connectPath(path.toReversed())
    return line


def _mirrored(rect: QRectF) -> QRectF:
    return MIRROR.mapRect(rect)


def _mirrored_finder(cards: Finder) -> Finder:
    return lambda path: [_mirrored(rect) for rect in cards(MIRROR.map(path))]


def _united(rects: Iterable[QRectF]) -> QRectF:
    whole = QRectF()
    for rect in rects:
        whole = whole.united(rect)
    return whole
