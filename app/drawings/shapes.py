"""What a figure is made of, as values: closed and open paths, and words. Lengths are in tenths of a point, y grows downward."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, hypot, radians, sin
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPainter, QPainterPath, QPen

POINT = 10.0
"""One typographic point: fonts then have whole sizes and are set alike on paper and on the screen."""
MILLIMETRE = POINT * 72 / 25.4
HAIR = 0.5 * POINT


@dataclass(frozen=True)
class Face:
    """A typeface: families by preference, of which the first that is installed is used and all are named in the file."""

    families: tuple[str, ...]

    def font(self, size: float, bold: bool = False, italic: bool = False) -> QFont:
        """The font at `size` tenths of a point."""
        font = QFont()
        font.setFamilies(sorted(self.families, key=lambda family: family not in _installed()))
        font.setPixelSize(max(1, round(size)))
        font.setBold(bold)
        font.setItalic(italic)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font


@cache
def _installed() -> frozenset[str]:
    return frozenset(QFontDatabase.families())


@dataclass(frozen=True)
class Words:
    """A line of text around, left of or right of a point, which is at half the height of its letters."""

    text: str
    x: float
    y: float
    font: QFont
    colour: str
    align: Literal["middle", "left", "right"] = "middle"
    turned: float = 0.0
    """By how many degrees, clockwise."""

    @property
    def rect(self) -> QRectF:
        """What it covers."""
        width, height = extent(self.text, self.font)
        left = {"middle": -width / 2, "left": 0.0, "right": -width}[self.align]
        turn = radians(self.turned)
        corners = [(x, y) for x in (left, left + width) for y in (-height / 2, height / 2)]
        points = [(self.x + x * cos(turn) - y * sin(turn), self.y + x * sin(turn) + y * cos(turn)) for x, y in corners]
        return bounds(QPointF(*point) for point in points)

    def paint(self, painter: QPainter) -> None:
        """Set the text."""
        painter.save()
        painter.setFont(self.font)
        painter.setPen(QColor(self.colour))
        painter.translate(self.x, self.y)
        painter.rotate(self.turned)
        width, _ = extent(self.text, self.font)
        left = {"middle": -width / 2, "left": 0.0, "right": -width}[self.align]
        painter.drawText(QPointF(left, QFontMetricsF(self.font).capHeight() / 2), self.text)
        painter.restore()


@dataclass(frozen=True)
class Shape:
    """A path with a fill, a stroke, or both."""

    path: QPainterPath
    fill: str = ""
    stroke: str = ""
    width: float = HAIR
    dashed: bool = False

    @property
    def rect(self) -> QRectF:
        """What it covers."""
        return self.path.boundingRect().adjusted(-self.width, -self.width, self.width, self.width)

    def paint(self, painter: QPainter) -> None:
        """Fill it, then draw its outline."""
        pen = QPen(QColor(self.stroke), self.width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)
        if self.dashed:
            pen.setDashPattern([3, 2.5])
        painter.setPen(pen if self.stroke else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.fill) if self.fill else Qt.BrushStyle.NoBrush)
        painter.drawPath(self.path)


@dataclass(frozen=True)
class Figure:
    """Shapes and words in the order in which they are painted."""

    marks: tuple[Shape | Words, ...] = ()
    smallest: float = 0.0
    """The size of its smallest letters."""

    @property
    def rect(self) -> QRectF:
        """What it covers."""
        rect = QRectF()
        for mark in self.marks:
            rect = rect.united(mark.rect)
        return rect

    @property
    def texts(self) -> list[str]:
        """All its words."""
        return [mark.text for mark in self.marks if isinstance(mark, Words)]

    def paint(self, painter: QPainter) -> None:
        """Paint all of it."""
        for mark in self.marks:
            mark.paint(painter)


def figure(marks: Iterable[Shape | Words]) -> Figure:
    """A figure of these marks, without words that say nothing."""
    kept = tuple(mark for mark in marks if isinstance(mark, Shape) or mark.text)
    return Figure(kept, min((mark.font.pixelSize() for mark in kept if isinstance(mark, Words)), default=0.0))


def extent(text: str, font: QFont) -> tuple[float, float]:
    """The width and the height of a line of text."""
    metrics = QFontMetricsF(font)
    return metrics.horizontalAdvance(text), metrics.height()


def bounds(points: Iterable[QPointF]) -> QRectF:
    """The smallest rectangle around points."""
    points = list(points)
    xs, ys = [point.x() for point in points], [point.y() for point in points]
    return QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def polygon(points: Sequence[tuple[float, float]], fill: str, stroke: str, width: float = HAIR) -> Shape:
    """A closed polygon."""
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    path.closeSubpath()
    return Shape(path, fill, stroke, width)


def rounded(rect: QRectF, radius: float, fill: str, stroke: str, width: float = HAIR, dashed: bool = False) -> Shape:
    """A rectangle with round corners."""
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    return Shape(path, fill, stroke, width, dashed)


def circle(x: float, y: float, radius: float, fill: str, stroke: str, width: float = HAIR) -> Shape:
    """A circle around a point."""
    path = QPainterPath()
    path.addEllipse(QPointF(x, y), radius, radius)
    return Shape(path, fill, stroke, width)


def line(points: Sequence[tuple[float, float]], stroke: str, width: float = HAIR, radius: float = 0.0, dashed: bool = False) -> Shape:
    """A line through points, its corners rounded with `radius` where there is room."""
    path = QPainterPath(QPointF(*points[0]))
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        room = min(radius, _distance(before, corner) / 2, _distance(corner, after) / 2)
        path.lineTo(_towards(corner, before, room))
        path.quadTo(QPointF(*corner), _towards(corner, after, room))
    path.lineTo(QPointF(*points[-1]))
    return Shape(path, "", stroke, width, dashed)


def arrow(points: Sequence[tuple[float, float]], stroke: str, width: float = HAIR, radius: float = 0.0) -> list[Shape]:
    """A line through points with a head at its last one."""
    (x, y), (fx, fy) = points[-1], points[-2]
    length = _distance(points[-1], points[-2]) or 1.0
    dx, dy = (x - fx) / length, (y - fy) / length
    long, wide = 3.4 * POINT, 1.4 * POINT
    back = (x - dx * long, y - dy * long)
    head = polygon([(x, y), (back[0] - dy * wide, back[1] + dx * wide), (back[0] + dy * wide, back[1] - dx * wide)], stroke, "")
    stop = (x - dx * long * 0.8, y - dy * long * 0.8)
    return [line([*points[:-1], stop], stroke, width, radius), head]


def _distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])


def _towards(start: tuple[float, float], end: tuple[float, float], by: float) -> QPointF:
    length = _distance(start, end) or 1.0
    return QPointF(start[0] + (end[0] - start[0]) / length * by, start[1] + (end[1] - start[1]) / length * by)
