"""One plot: its curves, the line under the pointer, and a legend that holds the values there."""

from __future__ import annotations

from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app import theme
from app.panels import words
from app.panels.plot import Plot
from app.panels.training.curves import RATE, SPEED, TRAIN, VALIDATION, Curve
from ml.runs.measured import thinned, within

DOTS = 60
"""Curves with fewer points than this show each of them."""
DRAWN = 2_000
"""About how many points of a curve are drawn."""


class Chart(QWidget):
    """Draws curves that others keep."""

    hovered = Signal(object)
    """The x under the pointer, or None."""
    moved = Signal()
    """A person has moved or zoomed what is shown."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.plot = Plot()
        self._legend = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        self._hidden: set[str] = set()
        self._lines: dict[tuple[str, str], tuple[pg.PlotDataItem, pg.PlotDataItem]] = {}
        self._floor = pg.PlotCurveItem(pen=pg.mkPen(None))
        self.plot.addItem(self._floor)
        self._cross = pg.InfiniteLine(angle=90, movable=False)
        self._cross.hide()
        self.plot.addItem(self._cross, ignoreBounds=True)
        self.plot.showGrid(x=True, y=True, alpha=1.0)
        self.plot.hovered.connect(lambda where: self.hovered.emit(None if where is None else where.x()))
        self.plot.getViewBox().sigRangeChangedManually.connect(lambda *_: self.moved.emit())
        self._legend.linkActivated.connect(self._toggle)
        self._legend.setToolTip("Click a curve's name to hide it or show it again.")
        self._legend.setMargin(2)
        self.setMinimumSize(120, 110)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._legend)
        column.addWidget(self.plot, 1)
        self.recolour()

    def draw(self, curves: dict[tuple[str, str], Curve], axis: str, smoothing: float, log: bool, cross: float | None) -> None:
        """Show `curves` by (metric, part) over `axis`, and their values at `cross`, or their last ones."""
        self.plot.set_log(log and self.takes_log)
        self._show_cross(cross)
        if self.title in (RATE, SPEED):
            self._stand_on_zero(next(iter(curves.values())), log and self.takes_log)
        entries = []
        for number, (key, curve) in enumerate(curves.items()):
            colour = _colour(number, key)
            hidden = "/".join(key) in self._hidden
            self._draw_curve(key, curve, colour, 0.0 if key[1] == VALIDATION else smoothing, hidden)
            entries.append(self._entry(key, curve, colour, smoothing, cross, hidden, len(curves)))
        for key in self._lines.keys() - curves.keys():
            for line in self._lines[key]:
                line.setData([], [])
        where = "" if cross is None else f" <span style='color:{theme.colours().muted}'>at {axis} {cross:,.0f}</span>"
        self._legend.setText(f"<b>{escape(words.title(self.title))}</b>{where} &nbsp;&nbsp;{' &nbsp; '.join(entries)}")

    @property
    def takes_log(self) -> bool:
        """Whether a logarithmic scale says anything here: not of speed, nor of shares like the accuracy."""
        return self.title != SPEED and "accuracy" not in self.title

    def recolour(self) -> None:
        """Take the theme's colours."""
        self.plot.recolour()
        self._cross.setPen(pg.mkPen(theme.colours().muted, width=1))

    def make_small(self, has_one_below: bool) -> None:
        """Make do with little room; where there is a chart below over the same steps, without numbers on the horizontal axis."""
        self.setMinimumSize(120, 64)
        self.plot.getAxis("bottom").setStyle(showValues=not has_one_below)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setTickDensity(0.5)

    def fit(self) -> None:
        """Show the whole of every curve again."""
        self.plot.getViewBox().enableAutoRange()

    def _stand_on_zero(self, curve: Curve, log: bool) -> None:
        """Let the vertical axis of a rate begin at 0: an unseen line from there to its greatest value is part of the plot."""
        if log:
            self._floor.clear()
        else:
            self._floor.setData([curve.x[-1], curve.x[-1]], [0, curve.y.max()])

    def _draw_curve(self, key: tuple[str, str], curve: Curve, colour: str, smoothing: float, hidden: bool) -> None:
        raw, smooth = self._lines.get(key) or self._new_lines(key)
        raw.setVisible(not hidden)
        smooth.setVisible(not hidden and smoothing > 0)
        if hidden:
            return
        faint = QColor(colour)
        faint.setAlpha(70 if smoothing else 255)
        x, y = self._worth_drawing(curve.x, self._finite(curve.y))
        dots = (len(curve) == 1 or (key[1] == VALIDATION and len(curve) < DOTS)) and np.isfinite(y).any()
        raw.setData(x, y, pen=pg.mkPen(faint, width=1), symbol="o" if dots else None, symbolSize=5, symbolPen=None, symbolBrush=colour)
        if smoothing:
            smooth.setData(*self._worth_drawing(curve.x, self._finite(curve.smoothed(smoothing))), pen=pg.mkPen(colour, width=1))

    def _worth_drawing(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The points in view, thinned. Not as pyqtgraph does it: by the view, which it fits to what it then draws, and so on for ever."""
        box = self.plot.getViewBox()
        if not box.autoRangeEnabled()[0]:
            x, y = within(x, y, *box.viewRange()[0])
        return thinned(x, y, DRAWN)

    def _finite(self, y: np.ndarray) -> np.ndarray:
        """`y` with gaps where a logarithmic scale has no place for it."""
        if not self.plot.getPlotItem().ctrl.logYCheck.isChecked():
            return y
        return np.where(y > 0, y, np.nan)

    def _new_lines(self, key: tuple[str, str]) -> tuple[pg.PlotDataItem, pg.PlotDataItem]:
        lines = pg.PlotDataItem(), pg.PlotDataItem()
        for line in lines:
            self.plot.addItem(line)
        self._lines[key] = lines
        return lines

    def _entry(self, key: tuple[str, str], curve: Curve, colour: str, smoothing: float, cross: float | None, hidden: bool, count: int) -> str:
        name, part = key
        label = part
        if name != self.title:
            label = words.metric(name.removesuffix(f"_{self.title}")) + (" (val.)" if part == VALIDATION else "")
        values = curve.smoothed(smoothing) if smoothing and part == TRAIN else curve.y
        index = len(curve) - 1 if cross is None else curve.index_at(cross)
        value = "–" if index is None or index < 0 else words.number(float(values[index]))
        shade = theme.colours().muted if hidden else colour
        mark = "○" if hidden else "●"
        link = f"<a href='{name}/{part}' style='color:{shade};text-decoration:none'>{mark} {escape(label)}</a>" if count > 1 else ""
        return f"<span style='white-space:nowrap'>{link} {'' if hidden else value}</span>"

    def _show_cross(self, cross: float | None) -> None:
        self._cross.setVisible(cross is not None)
        if cross is not None:
            self._cross.setPos(cross)

    def _toggle(self, key: str) -> None:
        self._hidden ^= {key}
        self.hovered.emit(None)


def _colour(number: int, key: tuple[str, str]) -> str:
    colours = theme.colours()
    return colours.muted if key[0] in (RATE, SPEED) else colours.of_series(number)
