"""One plane with what a model says everywhere in it: classes as colours, their probability as shade, and samples as dots, crossed where it is wrong."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor

from app import theme
from app.panels.plot import Plot
from ml.events import Region, Regions

DOT, CROSS = 7, 9
FINER = 4
"""Between two places that were asked so many are drawn: the probabilities lie on a line between them, and borders come out smooth."""
RINGS, PLACES = (1.0, 2.0), 73
"""Standard deviations that a cloud's rings are away from its middle, and places on a ring."""
PALE, FULL = 0.10, 0.62
"""How much of a class's colour there is where all classes are equally likely, and where one is certain."""


class RegionPlot(Plot):
    """Draws one region of an event."""

    pointed = Signal(str)
    """What the model says where the pointer is, in words; nothing when it has gone."""

    def __init__(self) -> None:
        super().__init__()
        self.setMouseEnabled(False, False)
        self.setMinimumSize(200, 120)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._rings: list[pg.PlotCurveItem] = []
        self._right = pg.ScatterPlotItem(size=DOT)
        self._wrong = pg.ScatterPlotItem(size=CROSS, symbol="x")
        for item in (self._image, self._right, self._wrong):
            self.addItem(item)
        self._shown: tuple[Region, Regions] | None = None
        self._maps = np.zeros((0, 1, 1))
        self.hovered.connect(self._tell)

    def draw(self, region: Region, event: Regions) -> None:
        """Show a region, and the samples of its event."""
        self._shown = region, event
        (left, bottom), (right, top) = region.low, region.high
        is_somewhere = bool(np.isfinite([*region.low, *region.high]).all())  # what a layer of two units gives diverges with it
        self._maps = probabilities(region, event) if is_somewhere else np.zeros((0, 1, 1))
        self._image.setVisible(len(self._maps) > 0)
        if len(self._maps):
            self._image.setImage(shaded(finer(self._maps), bool(event.classes)), autoLevels=False)
            self._image.setRect(QRectF(left, bottom, right - left, top - bottom))
        self._draw_rings(region)
        self._draw_samples(region, event)
        for side, name in zip(("bottom", "left"), region.axes, strict=True):
            self.setLabel(side, name, color=theme.colours().muted)
        if is_somewhere:
            self.setRange(xRange=(left, right), yRange=(bottom, top), padding=0)

    def _draw_rings(self, region: Region) -> None:
        """The clouds, where some were fitted, as rings in the colours of their classes."""
        for ring in self._rings:
            self.removeItem(ring)
        self._rings = []
        if region.means is None or region.covariance is None:
            return
        colours = theme.colours()
        for index, mean in enumerate(region.means.numpy()):
            for deviations in RINGS:
                ring = pg.PlotCurveItem(*outline(mean, region.covariance.numpy(), deviations), pen=pg.mkPen(colours.of_series(index), width=2))
                self._rings.append(ring)
                self.addItem(ring)

    def _draw_samples(self, region: Region, event: Regions) -> None:
        points = region.points.numpy()
        finite = np.isfinite(points).all(axis=1)
        colours, points = theme.colours(), points[finite]
        labels, said = event.labels.numpy()[finite], region.said.numpy()[finite]
        if event.classes:
            palette = [pg.mkBrush(each) for each in colours.series]
            brushes, wrong = [palette[int(label) % len(palette)] for label in labels], labels != said
        else:
            tints = shaded(((labels - event.low) / max(event.high - event.low, 1e-9))[np.newaxis, np.newaxis], classes=False)[0]
            brushes, wrong = [pg.mkBrush(*tint.tolist()) for tint in tints], np.zeros(len(labels), bool)
        self._right.setData(points[:, 0], points[:, 1], brush=brushes, pen=pg.mkPen(colours.panel if event.classes else colours.muted, width=1))
        self._wrong.setData(points[wrong, 0], points[wrong, 1], brush=pg.mkBrush(colours.text), pen=pg.mkPen(colours.panel, width=0.8))

    def _tell(self, where: QPointF | None) -> None:
        if self._shown is None or where is None or not len(self._maps):
            self.pointed.emit("")
            return
        region, event = self._shown
        (left, bottom), (right, top) = region.low, region.high
        _, height, width = self._maps.shape
        column = int(np.clip((where.x() - left) / (right - left) * width, 0, width - 1))
        row = int(np.clip((where.y() - bottom) / (top - bottom) * height, 0, height - 1))
        values = self._maps[:, row, column]
        place = f"{region.axes[0]} {where.x():.3g}, {region.axes[1]} {where.y():.3g}"
        if event.classes:
            self.pointed.emit(f"{place}: {event.classes[int(values.argmax())]} with {values.max():.0%}")
        else:
            self.pointed.emit(f"{place}: {event.low + float(values[0]) * (event.high - event.low):.4g}")


def outline(mean: np.ndarray, covariance: np.ndarray, deviations: float) -> np.ndarray:
    """Where a Gaussian of a mean (2,) and a covariance (2, 2) is so many standard deviations away from its mean: (2, places), closed."""
    spreads, directions = np.linalg.eigh(covariance.astype(float))
    turn = np.linspace(0, 2 * np.pi, PLACES)
    return mean[:, np.newaxis] + deviations * directions @ (np.sqrt(np.maximum(spreads, 0))[:, np.newaxis] * np.stack([np.cos(turn), np.sin(turn)]))


def probabilities(region: Region, event: Regions) -> np.ndarray:
    """A region's maps as (classes, height, width), 0 to 1; of a number one map."""
    maps = region.shades.numpy().astype("float32") / 255
    return np.concatenate([1 - maps, maps]) if event.classes and len(maps) == 1 else maps


def finer(maps: np.ndarray) -> np.ndarray:
    """Maps (n, height, width) at `FINER` times as many places along each side."""
    across, up = _between(maps.shape[2]), _between(maps.shape[1])
    return up @ maps @ across.T


def shaded(maps: np.ndarray, classes: bool) -> np.ndarray:
    """Maps (n, height, width), 0 to 1, as colours (height, width, 3) of uint8: the likeliest class's, the paler the less it is certain."""
    c = theme.colours()
    panel = _rgb(c.panel)
    if not classes:
        return (panel + np.clip(maps[0], 0, 1)[..., np.newaxis] * (_rgb(c.accent) - panel)).astype("uint8")
    series = np.stack([_rgb(c.of_series(index)) for index in range(len(maps))])
    even = 1 / len(maps)
    sure = np.clip((maps.max(axis=0) - even) / (1 - even), 0, 1)
    part = PALE + (FULL - PALE) * sure
    return (panel + part[..., np.newaxis] * (series[maps.argmax(axis=0)] - panel)).astype("uint8")


def _between(size: int) -> np.ndarray:
    """(size * FINER, size): how much of each of `size` places there is in each finer one."""
    places = np.clip((np.arange(size * FINER) + 0.5) / FINER - 0.5, 0, size - 1)
    return np.maximum(0, 1 - np.abs(places[:, np.newaxis] - np.arange(size))).astype("float32")


def _rgb(colour: str) -> np.ndarray:
    found = QColor(colour)
    return np.array([found.red(), found.green(), found.blue()], "float32")
