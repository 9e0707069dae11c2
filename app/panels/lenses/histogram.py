"""A small histogram: how often which values come, with the least, the greatest and zero marked."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import theme
from app.panels import words

LINE = 16
"""Pixels for the numbers below."""


class Histogram(QWidget):
    """Bars of equal width from `low` to `high`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts = np.zeros(0)
        self._low = self._high = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(48)

    def sizeHint(self) -> QSize:
        return QSize(144, 96)

    def draw(self, counts: np.ndarray, low: float, high: float) -> None:
        """Show these counts (bins,)."""
        self._counts, self._low, self._high = counts, low, high
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self._counts):
            return
        painter, c = QPainter(self), theme.colours()
        area = QRectF(0, 0, self.width(), self.height() - LINE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.accent))
        width = area.width() / len(self._counts)
        for index, share in enumerate(self._counts / max(1.0, float(self._counts.max()))):
            height = share * area.height()
            painter.drawRect(QRectF(index * width, area.bottom() - height, max(1.0, width - 1), height))
        painter.setPen(QPen(QColor(c.border)))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        self._paint_words(painter, area, QColor(c.muted))

    def _paint_words(self, painter: QPainter, area: QRectF, colour: QColor) -> None:
        painter.setPen(QPen(colour))
        flag = Qt.AlignmentFlag
        below = QRectF(0, area.bottom() + 1, self.width(), LINE - 1)
        painter.drawText(below, flag.AlignLeft, words.number(self._low))
        painter.drawText(below, flag.AlignRight, words.number(self._high))
        if self._low < 0 < self._high:
            x = -self._low / (self._high - self._low) * area.width()
            painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
            painter.drawLine(QRectF(x, 0, 0, area.height()).topLeft(), QRectF(x, 0, 0, area.height()).bottomLeft())
            if area.width() * 0.3 < x < area.width() * 0.7:
                painter.drawText(QRectF(x - 10, below.top(), 20, below.height()), flag.AlignHCenter, "0")
