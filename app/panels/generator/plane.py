"""The latent plane: where the validation data lies in two latent dimensions, and a point that can be moved about in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent

from app import theme
from app.panels.plot import Plot

DOT = 6


class LatentPlane(Plot):
    """A scatter of latent means coloured by label; a press or a drag says where."""

    moved = Signal(float, float)
    """Where in the plane a person points."""

    def __init__(self) -> None:
        super().__init__()
        self.setMouseEnabled(False, False)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(180, 100)
        self._dots = pg.ScatterPlotItem(size=DOT, pen=None)
        self._here = pg.ScatterPlotItem(size=18, symbol="+")
        self._letters = {letter: pg.TextItem(letter, anchor=(0.5, 0.5)) for letter in "AB"}
        self.addItem(self._dots)
        self.addItem(self._here, ignoreBounds=True)
        for letter in self._letters.values():
            self.addItem(letter, ignoreBounds=True)
            letter.hide()

    def draw(self, points: np.ndarray, labels: np.ndarray, names: Sequence[str]) -> None:
        """Show the points (n, 2), coloured by their labels (n,), without those that are nowhere; `names` are those of the two dimensions."""
        finite = np.isfinite(points).all(axis=1)
        points, labels = points[finite], labels[finite]
        series = theme.colours().series
        brushes = [pg.mkBrush(colour) for colour in series]
        self._dots.setData(points[:, 0], points[:, 1], brush=[brushes[int(label) % len(brushes)] for label in labels])
        for side, name in zip(("bottom", "left"), names, strict=True):
            self.setLabel(side, name, color=theme.colours().muted)
        across, up = np.maximum(np.abs(points).max(axis=0, initial=0) * 1.08, 2.0).tolist()
        self.setRange(xRange=(-across, across), yRange=(-up, up), padding=0)

    def clear_points(self) -> None:
        """Show nothing: another run has begun."""
        self._dots.clear()
        self._here.clear()
        for letter in self._letters.values():
            letter.hide()

    def point(self, here: np.ndarray, ends: Mapping[str, np.ndarray]) -> None:
        """Show where the present point (2,) and the ends A and B lie."""
        colours = theme.colours()
        self._here.setData([float(here[0])], [float(here[1])], pen=pg.mkPen(colours.text, width=2), brush=pg.mkBrush(colours.text))
        for letter, item in self._letters.items():
            item.setVisible(letter in ends)
            item.setText(letter, color=colours.panel)
            item.fill = pg.mkBrush(colours.text)
            if letter in ends:
                item.setPos(*ends[letter].tolist())

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        self._point(ev)

    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        ev.accept()

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        if ev.buttons() & Qt.MouseButton.LeftButton:
            self._point(ev)

    def _point(self, event: QMouseEvent) -> None:
        event.accept()
        where = self.getViewBox().mapSceneToView(self.mapToScene(event.position().toPoint()))
        self.moved.emit(where.x(), where.y())
