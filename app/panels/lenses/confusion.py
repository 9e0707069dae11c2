"""A confusion matrix: a row for each class, a column for what is said of it, the more there are the fuller the colour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.theme import GRID, colours

NAME = 88
"""Pixels that a class's name may take."""
LINE = 16
"""Pixels for a line of words above the cells."""
LEAST, LARGEST = 8, 13
"""Pixels of the letters, which are smaller where the cells are; of still smaller cells there are no numbers and no names."""


class ConfusionMatrix(QWidget):
    """Draws counts (classes, classes). What is right lies on the diagonal, in the accent colour; what is wrong is red."""

    def __init__(self) -> None:
        super().__init__()
        self._counts = np.zeros((0, 0), int)
        self._names: Sequence[str] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(180, 110)

    def sizeHint(self) -> QSize:
        return QSize(320, 220)

    def draw(self, counts: np.ndarray, names: Sequence[str]) -> None:
        """Show how many of the row's class are said to be of the column's."""
        self._counts, self._names = counts, names
        self.update()

    def sentence(self, row: int, column: int) -> str:
        """What a cell says."""
        count, of = int(self._counts[row, column]), int(self._counts[row].sum())
        return f"{count:,} of {of:,} {self._names[row]} are said to be {self._names[column]}"

    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self._counts):
            return
        painter, c = QPainter(self), colours()
        painter.setPen(QColor(c.muted))
        painter.drawText(QRectF(self._left, 0, self.width() - self._left, LINE), Qt.AlignmentFlag.AlignLeft, "said to be")
        width, height = self._cell
        font = painter.font()
        font.setPixelSize(int(np.clip(height - 2, LEAST, LARGEST)))
        painter.setFont(font)
        parts = self._counts / np.maximum(1, self._counts.sum(axis=1, keepdims=True))
        for row, column in np.ndindex(*self._counts.shape):
            place = self._place(row, column)
            colour = QColor(c.accent if row == column else c.error)
            colour.setAlphaF(float(0.04 + 0.8 * parts[row, column]) if self._counts[row, column] else 0.03)
            painter.fillRect(place.adjusted(0.5, 0.5, -0.5, -0.5), colour)
            if self._counts[row, column] and height > LEAST and width > 2 * LEAST:
                painter.setPen(QColor(c.accent_text if row == column and parts[row, column] > 0.6 else c.text))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, f"{self._counts[row, column]:,}")
        self._write_names(painter, width, height)

    def _write_names(self, painter: QPainter, width: float, height: float) -> None:
        painter.setPen(QColor(colours().text))
        for index, name in enumerate(self._names):
            if height > LEAST:
                place = QRectF(0, self._place(index, 0).top(), self._left - GRID // 2, height)
                painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._short(painter, name, place.width()))
            if width > 2 * LEAST:
                place = QRectF(self._place(0, index).left(), LINE, width, LINE)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self._short(painter, name, width - 2))

    def _short(self, painter: QPainter, name: str, width: float) -> str:
        return painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(width))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and len(self._counts):
            width, height = self._cell
            column, row = int((event.x() - self._left) // width), int((event.y() - self._top) // height)
            inside = 0 <= row < len(self._counts) and 0 <= column < len(self._counts)
            QToolTip.showText(event.globalPos(), self.sentence(row, column) if inside else "", self)
            return True
        return super().event(event)

    @property
    def _left(self) -> float:
        return min(NAME, max((self.fontMetrics().horizontalAdvance(name) for name in self._names), default=0) + GRID)

    @property
    def _top(self) -> float:
        return 2 * LINE

    @property
    def _cell(self) -> tuple[float, float]:
        count = max(1, len(self._counts))
        return (self.width() - self._left) / count, (self.height() - self._top) / count

    def _place(self, row: int, column: int) -> QRectF:
        width, height = self._cell
        return QRectF(self._left + column * width, self._top + row * height, width, height)
