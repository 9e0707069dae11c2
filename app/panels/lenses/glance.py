"""One `Glance` large: its maps in colours, its histogram, and its numbers in words."""

from __future__ import annotations

from math import ceil, sqrt

import numpy as np
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app import theme
from app.panels import words
from app.panels.lenses.histogram import Histogram
from app.panels.panel import described
from app.panels.pictures import PictureGrid
from ml.events import Glance

ROW = 24
"""So many numbers of a vector stand in one row; more go on in the next, four times as many across as down."""


class GlanceView(QWidget):
    """Shows one of several glances, chosen by its name."""

    def __init__(self, title: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glances: tuple[Glance, ...] = ()
        self._title = theme.label(title, kind="heading", wrap=False)
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._choice = described(QComboBox(), f"which {title.lower()}", "Which of the layer's weights is shown.")
        self._choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._maps = described(
            PictureGrid(empty=empty), f"{title} as pictures", "Zero is pale, what is above it has the accent's colour, what is below it is orange."
        )
        self._histogram = described(Histogram(), f"{title} as a histogram", "How often which values come.")
        self._says = theme.label(kind="muted")
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._choice)
        middle = QHBoxLayout()
        middle.addWidget(self._maps, 1)
        middle.addWidget(self._histogram)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GRID, 0, theme.GRID, 0)
        column.addLayout(head)
        column.addLayout(middle, 1)
        column.addWidget(self._says)
        self._choice.activated.connect(self.draw)

    def show_glances(self, glances: tuple[Glance, ...], title: str) -> None:
        """Offer these, and show the one of the name that was shown, else the first."""
        self._title.setText(title)
        names = [glance.name for glance in glances]
        if names != [glance.name for glance in self._glances]:
            chosen = self._choice.currentText()
            self._choice.clear()
            self._choice.addItems(names)
            self._choice.setCurrentIndex(names.index(chosen) if chosen in names else 0)
        self._choice.setVisible(len(names) > 1)
        self._glances = glances
        self.draw()

    def draw(self) -> None:
        """Draw what is chosen, in the theme's colours."""
        glance = self._glances[max(0, self._choice.currentIndex())] if self._glances else None
        self._histogram.setVisible(glance is not None)
        self._maps.show_pixels(coloured(glance) if glance is not None else None)
        self._says.setText(sentence(glance) if glance is not None else "")
        if glance is not None:
            self._histogram.draw(glance.counts.numpy(), glance.low, glance.high)


def sentence(glance: Glance) -> str:
    """Its numbers in words."""
    parts = [size(glance.shape), f"mean {words.number(glance.mean)} ± {words.number(glance.deviation)}"]
    if glance.zeros >= 0.0005:
        parts.append(f"{glance.zeros:.1%} are 0")
    if glance.odd:
        parts.append(f"{glance.odd:.1%} are no finite numbers")
    return "  ·  ".join(parts)


def size(shape: tuple[int, ...]) -> str:
    """`64`, `26 × 26 × 32`."""
    return " × ".join(f"{side:,}" for side in shape)


def coloured(glance: Glance) -> np.ndarray:
    """The maps (n, height, width) as (n, height, width, 4) of uint8; what only fills a vector's last row is clear."""
    maps = glance.maps.numpy()
    table = lookup(glance.low, glance.high)
    if maps.shape[1] > 1 or maps.shape[2] <= ROW:
        return table[maps]
    length = maps.shape[0] * maps.shape[2]
    across = ceil(sqrt(4 * length))
    down = ceil(length / across)
    pixels = np.zeros((down * across, 4), np.uint8)
    pixels[:length] = table[maps.reshape(-1)]
    return pixels.reshape(1, down, across, 4)


def lookup(low: float, high: float) -> np.ndarray:
    """(256, 4) of uint8, the colours of the values from `low` to `high`: pale at 0, to either side as strong as they are large."""
    c = theme.colours()
    pale, far = (c.hover, "#12143f") if not theme.is_dark() else ("#0b0d12", "#f4f5ff")
    values = np.linspace(low, high, 256) / (max(abs(low), abs(high)) or 1.0)
    stops = np.array([_rgb("#7a2a00" if not theme.is_dark() else "#ffe3cc"), _rgb(c.series[1]), _rgb(pale), _rgb(c.accent), _rgb(far)])
    table = np.full((256, 4), 255, np.uint8)
    for channel in range(3):
        table[:, channel] = np.interp(values, [-1, -0.6, 0, 0.6, 1], stops[:, channel])
    return table


def _rgb(colour: str) -> tuple[int, int, int]:
    mixed = QColor(colour)
    return mixed.red(), mixed.green(), mixed.blue()
