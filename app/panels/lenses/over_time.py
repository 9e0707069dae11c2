"""A recurrent layer over time: what it reads, below it a strip of units for each gate and state, and at the bottom how far back the last state feels."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.panels.lenses.glance import lookup
from app.panels.lenses.names import with_room
from app.theme import GRID, colours
from ml.events import Recurrent, RecurrentLayer

NAMES, LINE, ROW = 96, 40, 14
"""Pixels for the names at the left, the height of what is read and of the reach, and that of a kind of value at least."""
GATE, STATE = (0.0, 1.0), (-1.0, 1.0)
"""From where to where the colours go."""
SMALLEST = 1e-6
"""The reach is drawn on a logarithmic scale from here to 1, as a part of its greatest."""


class OverTime(QWidget):
    """Draws one layer of a `Recurrent` event; time goes to the right."""

    def __init__(self) -> None:
        super().__init__()
        self._event: Recurrent | None = None
        self._layer: RecurrentLayer | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(600, 260)

    def show_layer(self, event: Recurrent, layer: RecurrentLayer) -> None:
        """Show this layer of the event."""
        self._event, self._layer = event, layer
        self.setMinimumHeight(2 * LINE + 2 * GRID + len(layer.values) * (ROW + GRID // 2))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._event is None or self._layer is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        values = {name: array.numpy().astype("float32") for name, array in self._layer.values.items()}
        area = QRectF(NAMES, 0, self.width() - NAMES - GRID, LINE)
        self._name(painter, area, "input")
        self._draw_read(painter, area)
        height = max(ROW, (self.height() - 2 * LINE - 2 * GRID) / len(values) - GRID / 2)
        area = QRectF(area.left(), LINE + GRID, area.width(), height)
        for name, rows in values.items():
            self._name(painter, area, name)
            painter.drawImage(area, strip(rows, *(GATE if "gate" in name else STATE)))
            area.translate(0, height + GRID / 2)
        area.setHeight(LINE)
        self._name(painter, area, "reach")
        _draw_line(painter, area, heights(self._layer.reach.numpy()), QColor(colours().accent))

    def _draw_read(self, painter: QPainter, area: QRectF) -> None:
        """The series as lines on one scale, or the letters."""
        if self._event is None:
            return
        if self._event.series is not None:
            series = self._event.series.numpy().astype(float)
            low, high = series.min(), series.max()
            for feature in range(series.shape[1]):
                _draw_line(painter, area, (series[:, feature] - low) / max(high - low, 1e-12), QColor(colours().of_series(feature)))
        painter.setPen(QColor(colours().text))
        shown = ["↵" if token == "\n" else token for token in self._event.tokens]
        width = area.width() / max(1, len(shown))
        widths = [painter.fontMetrics().horizontalAdvance(token if len(token) < 2 else f"{token} ") for token in shown]  # words apart, letters close
        for index in with_room([(place + 0.5) * width for place in range(len(shown))], widths):
            place = QRectF(area.left() + index * width, area.top(), width, area.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, shown[index])

    def _name(self, painter: QPainter, area: QRectF, name: str) -> None:
        painter.setPen(QColor(colours().muted))
        painter.drawText(QRectF(0, area.top(), NAMES - GRID, area.height()), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)


def heights(reach: np.ndarray) -> np.ndarray:
    """The reach (time,) on the logarithmic scale, 0 to 1; what is no number is 0."""
    known = np.nan_to_num(reach.astype(float))
    return np.clip(1 - np.log(np.maximum(known / max(known.max(), 1e-30), SMALLEST)) / np.log(SMALLEST), 0, 1)


def strip(rows: np.ndarray, low: float, high: float) -> QImage:
    """Values (time, units) as a picture, a column a step and a row a unit; beyond `low` and `high` the colour is that of the end."""
    shades = (np.clip((np.nan_to_num(rows) - low) / (high - low), 0, 1) * 255).astype("uint8").T
    pixels = np.ascontiguousarray(lookup(low, high)[shades])
    return QImage(pixels.data, pixels.shape[1], pixels.shape[0], 4 * pixels.shape[1], QImage.Format.Format_RGBA8888).copy()


def _draw_line(painter: QPainter, area: QRectF, parts: np.ndarray, colour: QColor) -> None:
    """Values from 0 to 1 as a line, each in the middle of its step."""
    painter.setPen(QPen(colour, 1.5))
    across = area.left() + (np.arange(len(parts)) + 0.5) / len(parts) * area.width()
    down = area.bottom() - 2 - parts * (area.height() - 4)
    painter.drawPolyline([QPointF(*point) for point in zip(across, down, strict=True)])
