"""The generator panel of a model that reads lines: each line, what the model says at every step below it, and what is read from that."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app import theme
from app.panels.data.samples import image_of
from app.panels.panel import Panel, described
from ml import events
from ml.data.words import label_name, transcribed
from ml.project.project import Project

EMPTY = "Lines as the model reads them appear here as soon as it trains."
HELP = "Lines of the validation part. Below each: how likely the blank (grey) and each label (in its colour) are at every step, from left to right."
CAPTION, CHART, LETTER = 20, 56, 14
"""Pixels down for what is read, for the probabilities at least, and above them for the labels that are said."""
NARROWEST = 200


class TranscriptsPage(Panel):
    """Shows the latest `Transcripts` event."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._event: events.Transcripts | None = None
        self._heading = theme.label("As it reads", kind="heading", wrap=False)
        self._says = theme.label(kind="muted", wrap=False)
        self._lines = described(Lines(), "lines as they are read", HELP)
        head = QHBoxLayout()
        head.addWidget(self._heading)
        head.addWidget(self._says)
        head.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        column.addLayout(head)
        column.addWidget(self._lines, 1)

    def begin(self, _project: Project) -> None:
        """A run starts: nothing is read yet."""
        self._event = None
        self.stale()

    def show_event(self, event: events.Message) -> None:
        """Take what a run says."""
        if isinstance(event, events.Transcripts):
            self._event = event
            self.stale()

    def refresh(self) -> None:
        """Draw the lines."""
        event = self._event
        self._lines.show_lines(event)
        self._says.setText("" if event is None else sentence(event))


class Lines(QWidget):
    """Draws as many of the lines as there is room for, from left to right and down."""

    def __init__(self) -> None:
        super().__init__()
        self._event: events.Transcripts | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(NARROWEST, 2 * CHART)

    def sizeHint(self) -> QSize:
        return QSize(600, 260)

    def show_lines(self, event: events.Transcripts | None) -> None:
        """Show these lines, or none."""
        self._event = event
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._event is None:
            painter.setPen(QColor(theme.colours().muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, EMPTY)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height, width = self._event.lines[0].picture.shape[:2]
        columns, picture = self._grid(len(self._event.lines), height / width)
        wide, least = self.width() / columns, CAPTION + picture + LETTER + CHART + 2 * theme.GRID
        rows = max(1, min(math.ceil(len(self._event.lines) / columns), int(self.height() / least)))
        tall = min(self.height() / rows, least + CHART)
        for index, line in enumerate(self._event.lines[: rows * columns]):
            left, top = index % columns * wide, index // columns * tall
            self._draw(painter, line, QRectF(left, top, wide - 2 * theme.GRID, tall - 2 * theme.GRID), picture)

    def _grid(self, count: int, ratio: float) -> tuple[int, float]:
        """In how many columns the lines stand, as few as let all be seen, and how high their pictures are."""
        most = max(1, self.width() // NARROWEST)
        for columns in range(1, most + 1):
            picture = min((self.width() / columns - 2 * theme.GRID) * ratio, 2 * CHART)
            if math.ceil(count / columns) * (CAPTION + picture + LETTER + CHART + 2 * theme.GRID) <= self.height():
                return columns, picture
        return most, min((self.width() / most - 2 * theme.GRID) * ratio, 2 * CHART)

    def _draw(self, painter: QPainter, line: events.Transcript, area: QRectF, picture: float) -> None:
        assert self._event is not None
        colours, classes = theme.colours(), self._event.classes
        painter.setPen(QColor(colours.good if line.said == line.right else colours.error))
        said = painter.fontMetrics().elidedText(caption(line, classes), Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(QRectF(area.left(), area.top(), area.width(), CAPTION), Qt.AlignmentFlag.AlignVCenter, said)
        painter.drawImage(QRectF(area.left(), area.top() + CAPTION, area.width(), picture), image_of(line.picture.numpy() / 255))
        chart = area.adjusted(0, CAPTION + picture + LETTER, 0, 0)
        painter.setPen(QPen(QColor(colours.border)))
        painter.drawLine(chart.bottomLeft(), chart.bottomRight())
        chances = line.chances.numpy() / 255
        self._draw_curves(painter, chances, chart)
        for step, label in spoken(chances):
            painter.setPen(_colour(label))
            middle = chart.left() + (step + 0.5) / len(chances) * chart.width()
            painter.drawText(QRectF(middle - 40, chart.top() - LETTER, 80, LETTER), Qt.AlignmentFlag.AlignCenter, label_name(label, classes))

    def _draw_curves(self, painter: QPainter, chances: np.ndarray, area: QRectF) -> None:
        """The blank as a grey area, each label that is ever likely as a line."""
        across = area.left() + (np.arange(len(chances)) + 0.5) / len(chances) * area.width()
        curves = area.bottom() - chances * area.height()
        for label in np.flatnonzero((chances > 0.02).any(axis=0)):
            points = [QPointF(*point) for point in zip(across, curves[:, label], strict=True)]
            if label:
                painter.setPen(QPen(_colour(int(label)), 1.8))
                painter.drawPolyline(points)
                continue
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.colours().border))
            painter.drawPolygon(QPolygonF([QPointF(across[0], area.bottom()), *points, QPointF(across[-1], area.bottom())]))


def sentence(event: events.Transcripts) -> str:
    """How many lines are right, in words, and what the colours mean."""
    right = sum(line.said == line.right for line in event.lines)
    return f"After step {event.step:,}: {right} of {len(event.lines)} lines right. Grey: how likely the blank is; in colours: each label."


def caption(line: events.Transcript, classes: tuple[str, ...]) -> str:
    """What is read, and where that is wrong what is right."""
    said, right = (transcribed(labels, classes) for labels in (line.said, line.right))
    return f"✓ {said}" if line.said == line.right else f"✗ {said or 'nothing'}  →  {right}"


def spoken(chances: np.ndarray) -> list[tuple[int, int]]:
    """Where a label (time, classes) begins to be the likeliest, and which: what is read."""
    best = chances.argmax(axis=1)
    return [(step, int(label)) for step, label in enumerate(best) if label and (step == 0 or label != best[step - 1])]


def _colour(label: int) -> QColor:
    return QColor(theme.colours().of_series(label - 1))
