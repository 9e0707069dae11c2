"""The plot that every panel draws in: in the theme's colours, and with its own word for the pointer."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from app import theme

POWERS = -324, 309
"""The powers of ten of a double's least and greatest values."""


class Plot(pg.PlotWidget):
    """A plot in the theme's colours, with its own word for the pointer's coming and going."""

    hovered = Signal(object)
    """Where the pointer is (QPointF in the plot's coordinates), or None."""
    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMenuEnabled(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.hideButtons()
        for side in ("left", "bottom"):  # few lines without transparency, behind the curves: the grid as it comes takes 6 ms a repaint
            axis = self.getAxis(side)
            axis.setStyle(tickAlpha=255, maxTickLevel=0)
            axis.enableAutoSIPrefix(False)
            axis.setZValue(-1000)
        self.recolour()
        self.scene().sigMouseMoved.connect(self._moved)

    def recolour(self) -> None:
        """Take the theme's colours."""
        colours = theme.colours()
        self.setBackground(colours.panel)
        for side in ("left", "bottom", "top", "right"):
            axis = self.getAxis(side)
            axis.setPen(colours.border)
            axis.setTickPen(colours.hover)
            axis.setTextPen(colours.muted)

    def set_log(self, on: bool) -> None:
        """Make the vertical axis logarithmic, or not. It shows no other powers of ten than numbers have: each of millions would be drawn."""
        self.setLogMode(y=on)
        low, high = POWERS if on else (None, None)
        self.getViewBox().setLimits(yMin=low, yMax=high)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def resizeEvent(self, ev: QResizeEvent) -> None:
        super().resizeEvent(ev)
        self.resized.emit()

    def _moved(self, where: QPointF) -> None:
        box = self.getViewBox()
        self.hovered.emit(box.mapSceneToView(where) if box.sceneBoundingRect().contains(where) else None)
