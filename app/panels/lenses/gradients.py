"""Gradients while a model trains: a bar for each layer, from the first at the left to the last, as high as its gradient is large."""

from __future__ import annotations

import math
from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app import theme
from app.panels import words
from app.panels.lenses.lens_panel import LensPanel
from app.panels.lenses.names import with_room
from app.panels.panel import described
from app.panels.plot import Plot
from ml import events
from ml.project.project import Project

SMALLEST = 1e-12
"""What is smaller is no bar."""
MARGIN = 0.15
"""Above the highest and below the lowest bar, in powers of ten."""
FEW_POWERS = 2.5
"""Over more powers of ten they alone are marked."""


class GradientsPanel(LensPanel[events.Gradients]):
    """Shows the latest `Gradients` event. The scale holds all that was seen of a run, so that its moments can be compared."""

    EVENT = events.Gradients
    WAITING = "While a model trains, the gradient of each layer is shown here: how much it is told to change."
    NONE = "Of this run no gradients were recorded: they need a model whose weights are found step by step."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limits: tuple[float, float] | None = None
        self._legend = QLabel(textFormat=Qt.TextFormat.RichText, wordWrap=True)
        self._says = theme.label(kind="muted", wrap=False)
        self._plot = described(
            Plot(),
            "gradients by layer",
            "A bar is a layer, from the first one computed at the left to the last. Its height is the norm of the gradient of the loss with respect to "
            "all weights of the layer, on a logarithmic scale.",
        )
        self._plot.setMouseEnabled(False, False)
        self._plot.setMinimumSize(200, 120)
        self._plot.getAxis("bottom").setStyle(hideOverlappingLabels=False)
        self._plot.showGrid(y=True, alpha=1.0)
        self._bars = pg.BarGraphItem(x=[], height=[], width=0.8)
        self._plot.addItem(self._bars)
        self._plot.hovered.connect(self._say)
        self._plot.resized.connect(self.stale)
        head = QHBoxLayout()
        head.addWidget(self._legend, 1)
        head.addWidget(self._says)
        self.filled.addLayout(head)
        self.filled.addWidget(self._plot, 1)

    def begin(self, project: Project) -> None:
        """A run of this project starts."""
        super().begin(project)
        self._limits = None

    def draw(self, event: events.Gradients) -> None:
        """Show the bars."""
        heights = np.log10([max(layer.norm, SMALLEST) for layer in event.layers])
        seen = heights[np.isfinite(heights) & (heights > np.log10(SMALLEST))]
        if len(seen):
            low, high = self._limits or (seen.min(), seen.max())
            self._limits = min(low, float(seen.min())), max(high, float(seen.max()))
        low, high = self._limits or (-1.0, 0.0)
        low, high = low - MARGIN, high + MARGIN
        colours = _colours(event)
        brushes = [pg.mkBrush(colours[layer.type]) for layer in event.layers]
        bars = np.nan_to_num(np.clip(heights, low, high) - low)  # what is infinite fills the plot, what is no number is no bar
        self._bars.setOpts(x=np.arange(len(heights)), y0=low, height=bars, width=0.8, brushes=brushes, pen=pg.mkPen(None))
        self._plot.setRange(xRange=(-0.6, len(heights) - 0.4), yRange=(low, high), padding=0)
        self._plot.setLabel("left", "norm of the gradient", color=theme.colours().muted)
        self._plot.getAxis("left").setTicks([_powers(low, high)])
        self._plot.getAxis("bottom").setTicks([self._names(event)])
        self._legend.setText(_legend(colours))
        self._say()

    def recolour(self) -> None:
        self._plot.recolour()

    def _names(self, event: events.Gradients) -> list[tuple[float, str]]:
        """Where a node of the graph, or a block, begins: its name, as far as there is room."""
        names = _outer_names(event)
        begins = [index for index, name in enumerate(names) if not index or name != names[index - 1]]
        step = self._plot.width() / max(1, len(names))
        widths = [self._plot.fontMetrics().horizontalAdvance(names[index]) + theme.GRID for index in begins]
        return [(float(begins[place]), names[begins[place]]) for place in with_room([index * step for index in begins], widths)]

    def _say(self, where: QPointF | None = None) -> None:
        """Put the bar under the pointer in words, or what all of them are."""
        event = self._event
        if event is None:
            return
        index = round(where.x()) if where is not None else -1
        if 0 <= index < len(event.layers):
            layer = event.layers[index]
            self._says.setText(f"{_names(event)[index]}, a {layer.type}: {words.number(layer.norm)} over {layer.count:,} weights")
        else:
            first, last = event.layers[0], event.layers[-1]
            ends = f"{words.number(first.norm)} in {first.name}, {words.number(last.norm)} in {last.name}"
            self._says.setText(f"After step {event.step:,}, of {event.samples} samples: {ends}")


def _powers(low: float, high: float) -> list[tuple[float, str]]:
    """Marks from `low` to `high`, both in powers of ten: each ten times the one before, or where that gives few, two and five times too."""
    steps = (1.0,) if high - low > FEW_POWERS else (1.0, 2.0, 5.0)
    places = (math.log10(step) + power for power in range(math.floor(low), math.ceil(high)) for step in steps)
    return [(place, words.number(10**place)) for place in places if low <= place <= high]


def _colours(event: events.Gradients) -> dict[str, str]:
    """A colour for each type of layers, in the order in which they come."""
    colours = theme.colours()
    types = dict.fromkeys(layer.type for layer in event.layers)
    return {type: colours.of_series(index) for index, type in enumerate(types)}


def _legend(colours: dict[str, str]) -> str:
    entries = (f"<span style='white-space:nowrap'><span style='color:{colour}'>■</span> {escape(type)}</span>" for type, colour in colours.items())
    return " &nbsp; ".join(entries)


def _names(event: events.Gradients) -> list[str]:
    """What the layers are called: where there are several models, with theirs."""
    several = len({layer.role for layer in event.layers}) > 1
    return [f"{layer.role}: {layer.name}" if several else layer.name for layer in event.layers]


def _outer_names(event: events.Gradients) -> list[str]:
    """The nodes of the outermost graph that the layers are in."""
    return [name.partition("/")[0] for name in _names(event)]
