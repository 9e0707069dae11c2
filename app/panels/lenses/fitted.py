"""Plots of how well samples are told: ROC curves of classes, and of numbers the fit and the residuals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app import theme
from app.panels.plot import Plot

DOT = 6


class RocPlot(Plot):
    """ROC curves: which part of a class is found, over which part of the others is taken for it."""

    def __init__(self) -> None:
        super().__init__()
        self.setMouseEnabled(False, False)
        self.setMinimumSize(140, 110)
        self.setRange(xRange=(0, 1), yRange=(0, 1), padding=0.03)
        self._chance = pg.PlotCurveItem([0, 1], [0, 1])
        self.addItem(self._chance)
        self._lines: list[pg.PlotCurveItem] = []

    def draw(self, curves: Sequence[np.ndarray], classes: Sequence[str]) -> None:
        """Show curves (2, n); a single one is that of the second class."""
        c = theme.colours()
        for side, name in (("bottom", "false positives"), ("left", "true positives")):
            self.setLabel(side, name, color=c.muted)
        self._chance.setPen(pg.mkPen(c.border, width=1))
        while len(self._lines) < len(curves):
            self._lines.append(pg.PlotCurveItem())
            self.addItem(self._lines[-1])
        first = len(classes) - 1 if len(curves) == 1 else 0
        for index, line in enumerate(self._lines):
            line.setVisible(index < len(curves))
            if index < len(curves):
                line.setData(curves[index][0], curves[index][1], pen=pg.mkPen(c.of_series(first + index), width=2))


class FittedPlots(QWidget):
    """Of numbers: what is said over what is true, and the residual over what is said."""

    def __init__(self) -> None:
        super().__init__()
        self._fit, self._residuals = Plot(), Plot()
        self._line, self._zero = pg.PlotCurveItem(), pg.InfiniteLine(pos=0, angle=0)
        self._dots, self._errors = pg.ScatterPlotItem(size=DOT), pg.ScatterPlotItem(size=DOT)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for plot, line, dots in ((self._fit, self._line, self._dots), (self._residuals, self._zero, self._errors)):
            plot.setMouseEnabled(False, False)
            plot.setMinimumSize(160, 110)
            plot.addItem(line)
            plot.addItem(dots)
            row.addWidget(plot)

    def draw(self, targets: np.ndarray, numbers: np.ndarray) -> None:
        """Show samples by what is true and what is said of them, each (n,)."""
        c = theme.colours()
        finite = np.isfinite(numbers)
        targets, numbers = targets[finite], numbers[finite]
        low, high = (float(end) for end in (targets.min(), targets.max())) if len(targets) else (0.0, 1.0)
        self._line.setData([low, high], [low, high], pen=pg.mkPen(c.muted, width=1))
        self._zero.setPen(pg.mkPen(c.muted, width=1))
        for dots, across, up in ((self._dots, targets, numbers), (self._errors, numbers, targets - numbers)):
            dots.setData(across, up, brush=pg.mkBrush(c.accent), pen=pg.mkPen(c.panel, width=0.6))
        for plot, across, up in ((self._fit, "true", "said"), (self._residuals, "said", "true − said")):
            plot.setLabel("bottom", across, color=c.muted)
            plot.setLabel("left", up, color=c.muted)

    def recolour(self) -> None:
        """Take the theme's colours."""
        for plot in (self._fit, self._residuals):
            plot.recolour()
