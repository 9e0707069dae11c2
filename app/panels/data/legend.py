"""What the colours of a drawing stand for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter

from app.theme import GRID, colours


def draw_legend(painter: QPainter, names: Sequence[str]) -> float:
    """Names in a line on top, each in the colour of its number; how much room they take."""
    left = 0.0
    for index, name in enumerate(names):
        painter.setPen(QColor(colours().of_series(index)))
        painter.drawText(QPointF(left, painter.fontMetrics().ascent() + 2), name)
        left += painter.fontMetrics().horizontalAdvance(name) + 2 * GRID
    return float(painter.fontMetrics().height()) if names else 0.0
