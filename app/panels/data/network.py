"""Samples that are the nodes of one graph: all of them as dots with their links, where the engine placed them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.panels.data.legend import draw_legend
from app.theme import GRID, colours

LEAST, MOST = 3.5, 9.0
"""Radius of the node with the fewest links, and of that with the most."""
SHORT = 3
"""Names of up to so many letters stand in their node, which are then all of one size; longer ones stand below those with the most links."""
NAMED = 14
"""So many nodes bear their long name, those with the most links first, as far as no name covers another."""


class Network(QWidget):
    """Nodes at `places` (n, 2), from 0 to 1, with `links` (n, n) between them, coloured by class `y` (n,) where there are classes."""

    def __init__(self, links: np.ndarray, y: np.ndarray, places: np.ndarray, classes: tuple[str, ...], names: tuple[str, ...]) -> None:
        super().__init__()
        self._links, self._places, self._names, self._classes = links, places, names, classes
        self._colours = y.astype(int) if classes else np.zeros(len(links), int)
        degree = np.sqrt((links != 0).sum(axis=1))
        self._in_nodes = max(map(len, names), default=0) <= SHORT
        self._radii = np.full(len(links), MOST) if self._in_nodes else LEAST + (MOST - LEAST) * (degree - degree.min()) / max(np.ptp(degree), 1)
        self._named = range(len(links)) if self._in_nodes else np.argsort(-degree, kind="stable")[:NAMED].tolist()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(280, 280)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = draw_legend(painter, self._classes)
        area = QRectF(self.rect()).adjusted(3 * GRID, top + 2 * GRID, -3 * GRID, -3 * GRID)
        points = [QPointF(area.left() + x * area.width(), area.bottom() - y * area.height()) for x, y in self._places]
        self._draw_links(painter, points)
        painter.setPen(QPen(QColor(colours().panel), 1))
        for node, point in enumerate(points):
            painter.setBrush(QColor(colours().of_series(self._colours[node])))
            painter.drawEllipse(point, self._radii[node], self._radii[node])
        self._draw_names(painter, points)

    def _draw_links(self, painter: QPainter, points: list[QPointF]) -> None:
        """Lines, the thicker the more a link weighs."""
        colour = QColor(colours().muted)
        colour.setAlpha(110)
        for one, other in zip(*np.nonzero(np.triu(self._links)), strict=True):
            painter.setPen(QPen(colour, 0.6 + 2.4 * np.sqrt(self._links[one, other] / self._links.max()) if np.ptp(self._links[self._links > 0]) else 1.0))
            painter.drawLine(points[one], points[other])

    def _draw_names(self, painter: QPainter, points: list[QPointF]) -> None:
        """Short names in their nodes, long ones below."""
        height, taken = painter.fontMetrics().height(), []
        painter.setPen(QColor(colours().panel if self._in_nodes else colours().text))
        for node in self._named if self._names else ():
            width = painter.fontMetrics().horizontalAdvance(self._names[node])
            middle = points[node] if self._in_nodes else points[node] + QPointF(0, self._radii[node] + height / 2)
            place = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
            if self._in_nodes or not any(place.intersects(other) for other in taken):
                taken.append(place)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self._names[node])
