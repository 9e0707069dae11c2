"""The figure of a network as a flow diagram: a box for each step, what repeats drawn once, skipping links beside the main line."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont

from app.canvas.layout.parts import Chain, Frame, Step, chain, steps
from app.drawings import captions, shapes
from app.drawings.drawing import DrawingProblem
from app.drawings.fitting import fitting
from app.drawings.ink import BLACK, MUTED, ink
from app.drawings.nets import Subject, net
from app.drawings.options import Options
from app.drawings.pieces import Border, Measure, Piece, Placed, Point, Room, in_columns
from app.drawings.shapes import POINT, Figure, Shape, Words
from ml.ops.table import category_of
from ml.project.graph import BLOCK, INPUT, OUTPUT

MOST_COLUMNS = 6
PAD = 4 * POINT
STACK = 1.8 * POINT
"""How far the card behind a box that stands for many looks out."""


def draw(subject: Subject, options: Options) -> Figure:
    """The figure. What is too long for the page goes on beside; from left to right, words that make it too wide are turned. Raises `DrawingProblem`."""
    if not subject.graph.nodes:
        raise DrawingProblem("There is nothing to draw.")
    parts = chain(net(subject, options), options.fold)
    ways = [(columns, turned) for turned in ((False, True) if options.right else (False,)) for columns in range(1, MOST_COLUMNS + 1)]
    best, largest = Figure(), 0.0
    for columns, turned in ways:
        figure = _Flow(options, parts, turned).figure(columns)
        if (scale := fitting(figure.rect, options)) > 1.08 * largest:
            best, largest = figure, scale
    return best


class _Flow:
    """One drawing under way."""

    def __init__(self, options: Options, parts: Chain, turned: bool) -> None:
        self.options, self.turned, self.ink = options, turned, ink(options)
        self.parts = parts
        plain = [self._extent(step) for step in steps(parts) if not captions.sign(step.node)]
        self.width = max((width for width, _ in plain), default=0.0)
        self.height = max((height for _, height in plain), default=0.0)

    def figure(self, columns: int) -> Figure:
        """All of it, in so many columns (from left to right: rows)."""
        size = self.ink.size
        piece = in_columns(self.parts, columns, Measure(self._box, self._label, gap=1.5 * size, lane=1.6 * size))
        marks: list[Shape | Words] = []
        for border in piece.borders:
            marks += self._border(border)
        marks += self._wires(piece)
        for placed in piece.boxes:
            marks += self._step(placed)
        return shapes.figure(marks)

    # Measuring.

    def _extent(self, step: Step) -> Point:
        words = [shapes.extent(text, font) for text, font in self._lines(step)]
        return max(width for width, _ in words) + 2 * PAD, sum(height for _, height in words) + PAD

    def _box(self, step: Step) -> Point:
        if captions.sign(step.node):
            side = 1.5 * self.ink.size
            return side, side
        across_text = self.options.right and not self.turned
        return (self.width, self.height) if across_text else (self.height, self.width)

    def _label(self, frame: Frame) -> Room:
        size, repeats = self.ink.size, frame.count > 1
        title = 1.3 * size if frame.title else 0.0
        long = shapes.extent(frame.title, self.ink.small)[0] + size if frame.title else 0.0
        if self.options.right:
            return Room(before=title, after=1.6 * size if repeats else 0.0, least=(long, 0.0))
        return Room(title, after=shapes.extent(_times(frame.count), self.ink.title)[0] + 0.8 * size if repeats else 0.0, least=(0.0, long))

    def _lines(self, step: Step) -> list[tuple[str, QFont]]:
        name = step.name if step.count == step.node.repeat else captions.unnumbered(step.name)
        text = captions.caption(step.node, name, step.joined, self.options.names, self.options.arguments)
        if step.count > 1:
            text += f"  {_times(step.count)}"
        size = captions.size(step.report) if self.options.sizes else ""
        return [(text, self.ink.title), *([(size, self.ink.small)] if size else [])]

    # Drawing.

    def _at(self, point: Point) -> Point:
        along, across = point
        return (along, across) if self.options.right else (across, along)

    def _rect(self, start: Point, end: Point) -> QRectF:
        return QRectF(QPointF(*self._at(start)), QPointF(*self._at(end))).normalized()

    def _wires(self, piece: Piece) -> list[Shape]:
        found: list[Shape] = []
        for wire in piece.wires:
            points = [self._at(point) for point in wire.points]
            if wire.head:
                found += shapes.arrow(points, BLACK, 0.6 * POINT, 0.8 * self.ink.size)
            else:
                found.append(shapes.line(points, BLACK, 0.6 * POINT, 0.8 * self.ink.size))
        return found

    def _step(self, placed: Placed) -> list[Shape | Words]:
        step = placed.step
        category = step.node.type if step.node.type in (INPUT, OUTPUT, BLOCK) else category_of(step.node.type)
        fill, stroke = self.ink.fill(category), self.ink.stroke(category)
        x, y = self._at((placed.along, placed.across))
        if sign := captions.sign(step.node):
            return [shapes.circle(x, y, placed.width / 2, "#ffffff", BLACK, 0.6 * POINT), Words(sign, x, y, self.ink.face.font(1.25 * self.ink.size), BLACK)]
        half = placed.length / 2, placed.width / 2
        rect = self._rect((placed.along - half[0], placed.across - half[1]), (placed.along + half[0], placed.across + half[1]))
        radius = min(rect.width(), rect.height()) / 2 if step.node.type in (INPUT, OUTPUT) else 1.6 * POINT
        behind = [shapes.rounded(rect.translated(STACK, -STACK), radius, fill, stroke)] if step.count > 1 else []
        return [*behind, shapes.rounded(rect, radius, fill, stroke), *self._words(step, x, y)]

    def _words(self, step: Step, x: float, y: float) -> list[Words]:
        lines = self._lines(step)
        heights = [shapes.extent(text, font)[1] for text, font in lines]
        here = -sum(heights) / 2
        found = []
        for (text, font), height, colour in zip(lines, heights, (BLACK, MUTED), strict=False):
            offset = here + height / 2
            place = (x + offset, y) if self.turned else (x, y + offset)
            found.append(Words(text, *place, font, colour, turned=-90.0 if self.turned else 0.0))
            here += height
        return found

    def _border(self, border: Border) -> list[Shape | Words]:
        rect, size = self._rect(border.start, border.end), self.ink.size
        found: list[Shape | Words] = [shapes.rounded(rect, 3 * POINT, "", MUTED, 0.6 * POINT, dashed=True)]
        if border.frame.title:
            found.append(Words(border.frame.title, rect.left() + 0.5 * size, rect.top() + 0.9 * size, self.ink.small, MUTED, "left"))
        if border.frame.count > 1:
            place = (rect.center().x(), rect.bottom() + 0.8 * size) if self.options.right else (rect.right() + 0.5 * size, rect.center().y())
            found.append(Words(_times(border.frame.count), *place, self.ink.title, BLACK, "middle" if self.options.right else "left"))
        return found


def _times(count: int) -> str:
    return f"×{count}"
