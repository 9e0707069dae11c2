"""Samples of series: each in a strip of its own, a line for every feature, and the number that is to be said of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.panels.data.legend import draw_legend
from app.theme import GRID, colours

STRIP, ANSWER = 64, 72
"""How high a strip is at least, and how wide the room for its number."""


class Strips(QWidget):
    """Series (n, time, features) below each other, all on one scale, with their targets (n, …) at the right."""

    def __init__(self, x: np.ndarray, targets: np.ndarray, features: tuple[str, ...]) -> None:
        super().__init__()
        self._x, self._targets, self._features = x.astype(float), targets.reshape(len(targets), -1), features
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(280, 280)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c = QPainter(self), colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = draw_legend(painter, self._features) + (GRID if self._features else 0)
        count = max(1, min(len(self._x), int(self.height() - top) // STRIP))
        height = (self.height() - top) / count
        for index in range(count):
            strip = QRectF(0, top + index * height, self.width() - ANSWER, height - GRID)
            self._draw_series(painter, self._x[index], strip)
            painter.setPen(QColor(c.text))
            beside = QRectF(strip.right() + GRID, strip.top(), ANSWER - GRID, strip.height())
            painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, "→ " + _short(self._targets[index]))

    def _draw_series(self, painter: QPainter, values: np.ndarray, area: QRectF) -> None:
        painter.setPen(QPen(QColor(colours().border)))
        painter.drawRect(area)
        low, high = self._x.min(), self._x.max()
        span = high - low if high > low else 1.0
        across = area.left() + np.arange(len(values)) / max(1, len(values) - 1) * area.width()
        down = area.bottom() - 3 - (values - low) / span * (area.height() - 6)
        for feature in range(values.shape[1]):
            painter.setPen(QPen(QColor(colours().of_series(feature)), 1.5))
            painter.drawPolyline([QPointF(*point) for point in zip(across, down[:, feature], strict=True)])


def _short(target: np.ndarray) -> str:
    """One number as it is; of more the last, for that is what comes after the series."""
    return f"{target[-1]:.3g}" if len(target) else ""
