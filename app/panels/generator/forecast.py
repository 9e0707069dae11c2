"""The generator panel of a model that says what comes next in a series: how it goes on by itself, over how the series went on."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app import theme
from app.panels import words
from app.panels.lenses.lens_panel import LensPanel
from app.panels.panel import described
from app.panels.plot import Plot
from ml import events

VALID = 0.4
"""An error over so many standard deviations of the series ends the valid prediction time, as in J. Pathak et al., Physical Review Letters 120, 024102, 2018."""
ROOM = 0.5
"""Above and below the series, as a part of its range; a forecast that goes further leaves the plot."""


class ForecastPage(LensPanel[events.Forecast]):
    """Shows the latest `Forecast` event."""

    EVENT = events.Forecast
    WAITING = "While a model learns what comes next in a series, how it goes on by itself is shown here."
    NONE = "Of this run no forecast was recorded: it needs a model that says the next value of a series."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._legend = QLabel(textFormat=Qt.TextFormat.RichText)
        self._says = theme.label(kind="muted", wrap=False)
        self._plot = described(
            Plot(),
            "free-running forecast",
            "From 0 on each value that the model said is given back to it as if it had been seen. Grey: how the series really went on.",
        )
        self._plot.setMouseEnabled(False, False)
        self._plot.setMinimumSize(200, 120)
        self._plot.showGrid(y=True, alpha=1.0)
        self._now = pg.InfiniteLine(pos=0, angle=90)
        self._right, self._said = pg.PlotCurveItem(), pg.PlotCurveItem(connect="finite")
        for item in (self._now, self._right, self._said):
            self._plot.addItem(item)
        self._plot.hovered.connect(self._say)
        head = QHBoxLayout()
        head.addWidget(self._legend, 1)
        head.addWidget(self._says)
        self.filled.addLayout(head)
        self.filled.addWidget(self._plot, 1)

    @property
    def is_empty(self) -> bool:
        """Whether the run has shown no forecast yet."""
        return self._event is None

    def draw(self, event: events.Forecast) -> None:
        """Show both curves."""
        colours, before = theme.colours(), len(event.seen.numpy())
        truth = np.concatenate([event.seen.numpy(), event.right.numpy()])
        low, high = float(truth.min()), float(truth.max())
        room = ROOM * max(high - low, 1e-12)
        said = event.said.numpy().astype(float)
        self._right.setData(np.arange(len(truth)) - before + 1, truth, pen=pg.mkPen(colours.muted, width=1.5))
        self._said.setData(np.arange(len(said)) + 1, _inside(said, low - room, high + room), pen=pg.mkPen(colours.accent, width=1.5))
        self._now.setPen(pg.mkPen(colours.border, width=1))
        self._plot.setRange(xRange=(1 - before, len(said)), yRange=(low - room / 2, high + room / 2), padding=0)
        self._plot.setLabel("bottom", "step", color=colours.muted)
        self._legend.setText(
            f"<span style='color:{colours.muted}'>● as it went on</span> &nbsp; <span style='color:{colours.accent}'>● as the model goes on by itself</span>"
        )
        self._say()

    def recolour(self) -> None:
        self._plot.recolour()

    def _say(self, where: QPointF | None = None) -> None:
        """Put the step under the pointer in words, or how long the forecast holds."""
        event = self._event
        if event is None:
            return
        said, right = event.said.numpy(), event.right.numpy()
        at = round(where.x()) - 1 if where is not None else -1
        if 0 <= at < len(said):
            self._says.setText(f"Step {at + 1}: {words.number(float(said[at]))} said, {words.number(float(right[at]))} right")
        else:
            self._says.setText(sentence(event))


def sentence(event: events.Forecast) -> str:
    """How long the forecast is near the truth."""
    right = event.right.numpy()
    holds = valid(event.said.numpy(), right, float(np.concatenate([event.seen.numpy(), right]).std()))
    found = f"all of {holds}" if holds == len(right) else f"the first {holds} of {len(right)}" if holds else f"none of {len(right)}"
    return f"After step {event.step:,}: {found} values within {VALID:g} standard deviations"


def valid(said: np.ndarray, right: np.ndarray, deviation: float) -> int:
    """How many values are foretold before the first that is too far away, or that is no number: the valid prediction time."""
    far = ~(np.abs(said - right) <= VALID * deviation)
    return int(far.argmax()) if far.any() else len(right)


def _inside(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """The values, with none in the place of those that no plot could draw; a curve that leaves ends at the edge."""
    return np.where(np.isfinite(values), np.clip(values, low, high), np.nan)
