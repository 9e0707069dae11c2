"""The two pictures of the attention panel: all maps side by side in one image, and one of them large."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent

from app import theme
from app.panels.lenses.names import NAME, fitting
from app.panels.lenses.tiles import Spot, Tiles, shades
from app.panels.plot import Plot

LINE, LETTER = 14, 8
"""Pixels that a line of an axis's labels needs, and a letter."""
LONG = 12
"""Keys whose names have more letters, such as sentences, stand below each other in rows that fill the width, and the queries on top."""
ARROWS = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
SMALL, LARGE = 9, 13
"""Pixels of the letters of such names, as there is room."""


class Canvas(Plot):
    """A plot as a picture: rows go down, pixels are square, names stand at the left and on top, and nothing moves under the mouse."""

    def __init__(self) -> None:
        super().__init__()
        box = self.getViewBox()
        box.invertY(True)
        box.setAspectLocked(True)
        box.disableAutoRange()
        box.setMouseEnabled(False, False)
        self.showAxis("top")
        self.hideAxis("bottom")
        self.setCursor(Qt.CursorShape.CrossCursor)
        for side in ("left", "top"):
            self.getAxis(side).setStyle(tickLength=0)

    def recolour(self) -> None:
        super().recolour()
        for side in ("left", "top"):
            self.getAxis(side).setPen(pg.mkPen(None))

    def show_all(self, width: float, height: float, margin: float) -> None:
        """Make all of a picture of this size visible."""
        self.getViewBox().setRange(QRectF(-margin, -margin, width + 2 * margin, height + 2 * margin), padding=0)


class MapsView(Canvas):
    """Every head of every layer in one image, with the layers and heads written on the axes."""

    over = Signal(object)
    """The `Spot` under the pointer, or None."""
    picked = Signal(object)
    """The `Spot` that was clicked."""

    def __init__(self) -> None:
        super().__init__()
        self._image = pg.ImageItem(axisOrder="row-major")
        self._frame = pg.PlotCurveItem()
        self.addItem(self._image)
        self.addItem(self._frame)
        self._tiles: Tiles | None = None
        self._labels: tuple | None = None
        self.hovered.connect(lambda where: self.over.emit(self._at(where)))
        self.scene().sigMouseClicked.connect(self._clicked)

    def draw(self, tiles: Tiles, layers: Sequence[str], chosen: tuple[int, int]) -> None:
        """Show the maps; the one that is `chosen` (layer, head) has a frame."""
        self._tiles = tiles
        self._image.setImage(tiles.pixels, autoLevels=False, levels=(0, 255), lut=lookup())
        self._label(tiles, layers)
        top, left = tiles.origin(*chosen)
        (height, width), edge = tiles.cell, tiles.gap / 2
        x0, x1, y0, y1 = left - edge, left + width + edge, top - edge, top + height + edge
        self._frame.setData([x0, x1, x1, x0, x0], [y0, y0, y1, y1, y0], pen=pg.mkPen(theme.colours().warning, width=2))

    def _label(self, tiles: Tiles, layers: Sequence[str]) -> None:
        labels = (tuple(layers), tiles.heads, tiles.cell, tiles.layers_across, self.size())
        if labels == self._labels:
            return
        self._labels = labels
        high, wide = self._room(tiles)
        names = [tiles.origin(layer, 0) for layer in range(len(layers))], list(layers)
        heads = [tiles.origin(0, head) for head in range(max(tiles.heads))], [f"head {head + 1}" for head in range(max(tiles.heads))]
        (rows, down), (columns, across) = (heads, names) if tiles.layers_across else (names, heads)
        every = max(1, math.ceil(LINE / high))
        self.getAxis("left").setTicks([[(y + tiles.cell[0] / 2, text) for (y, _), text in zip(rows, fitting(down, NAME), strict=True)][::every]])
        texts = fitting(across, int(wide / LETTER))
        every = max(1, math.ceil(max(map(len, texts)) * LETTER / wide))
        self.getAxis("top").setTicks([[(x + tiles.cell[1] / 2, text) for (_, x), text in zip(columns, texts, strict=True)][::every]])
        self.show_all(tiles.pixels.shape[1], tiles.pixels.shape[0], tiles.gap)

    def _room(self, tiles: Tiles) -> tuple[float, float]:
        """About how many pixels a map with its gap has on the screen, down and across."""
        height, width = tiles.pixels.shape
        scale = 0.8 * min(self.width() / width, self.height() / height)
        return max(1.0, scale * (tiles.cell[0] + tiles.gap)), max(1.0, scale * (tiles.cell[1] + tiles.gap))

    def _at(self, where: QPointF | None) -> Spot | None:
        return self._tiles.find(where.x(), where.y()) if where is not None and self._tiles is not None else None

    def _clicked(self, event: object) -> None:
        spot = self._at(self.getViewBox().mapSceneToView(event.scenePos()))  # pyright: ignore[reportAttributeAccessIssue]  pyqtgraph's MouseClickEvent has no types
        if spot is not None:
            self.picked.emit(spot)


class HeadView(Canvas):
    """One head large: its weights with the tokens on the axes, or what one query looks at, over the picture."""

    over = Signal(object)
    """The (query, key), or over a picture the (row, column), under the pointer, or None."""
    picked = Signal(object)
    """The same of what was clicked."""
    stepped = Signal(int, int)
    """By how many rows and columns an arrow key moves the choice."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = pg.ImageItem(axisOrder="row-major")
        self._weights = pg.ImageItem(axisOrder="row-major")
        self._mark = pg.PlotCurveItem()
        for item in (self._picture, self._weights, self._mark):
            self.addItem(item)
        self._shape = (0, 0)
        self._cell = (1.0, 1.0)
        self._turned = False
        self._labels: tuple | None = None
        self.hovered.connect(lambda where: self.over.emit(self._at(where)))
        self.scene().sigMouseClicked.connect(self._clicked)

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        """The arrow keys choose as a click does; all others are left to the controls around."""
        step = ARROWS.get(Qt.Key(ev.key()))
        ev.setAccepted(step is not None)
        if step is not None:
            self.stepped.emit(*step)

    def draw_map(self, scores: np.ndarray, full: float, keys: Sequence[str], queries: Sequence[str], query: int) -> None:
        """Show (queries, keys) with their names, with the row of `query` marked; where keys have `LONG` names, queries go across."""
        self._turned = max(map(len, keys), default=0) > LONG
        shown = scores.T if self._turned else scores
        down, across = (keys, queries) if self._turned else (queries, keys)
        self._picture.clear()
        self._weights.setImage(shades(shown, full), autoLevels=False, levels=(0, 255), lut=lookup())
        self._place(shown.shape)
        self._label(shown.shape, down, across)
        self._box(*((query, 0, 1, shown.shape[0]) if self._turned else (0, query, shown.shape[1], 1)))

    def draw_gaze(self, weights: np.ndarray, full: float, picture: np.ndarray, query: int | None) -> None:
        """Show (down, across) over a picture (h, w, c) of 0 to 1, with patch number `query` marked, None for the class token."""
        self._turned = False
        self._picture.setImage(picture[..., 0] if picture.shape[-1] == 1 else picture, autoLevels=False, levels=(0, 1))
        self._weights.setImage(shades(weights, full), autoLevels=False, levels=(0, 255), lut=veil())
        self._picture.setRect(QRectF(0, 0, picture.shape[1], picture.shape[0]))
        self._place(weights.shape, (picture.shape[0] / weights.shape[0], picture.shape[1] / weights.shape[1]))
        self._label(weights.shape, (), ())
        if query is None:
            self._mark.clear()
        else:
            self._box(query % weights.shape[1], query // weights.shape[1], 1, 1)

    def _place(self, shape: tuple[int, ...], cell: tuple[float, float] = (1.0, 1.0)) -> None:
        """Give every weight a cell of (height, width)."""
        height, width = shape[0] * cell[0], shape[1] * cell[1]
        self._weights.setRect(QRectF(0, 0, width, height))
        if (shape, cell) != (self._shape, self._cell):
            self._shape, self._cell = (shape[0], shape[1]), cell
            self.getViewBox().setAspectLocked(not self._turned)
            self.show_all(width, height, max(width, height) / 50)

    def _box(self, x: int, y: int, width: int, height: int) -> None:
        down, across = self._cell
        left, right, top, bottom = x * across, (x + width) * across, y * down, (y + height) * down
        self._mark.setData([left, right, right, left, left], [top, top, bottom, bottom, top], pen=pg.mkPen(theme.colours().warning, width=2))

    def _label(self, shape: tuple[int, ...], down: Sequence[str], across: Sequence[str]) -> None:
        """Write the tokens on the axes, as many as have room."""
        labels = (shape, tuple(down), tuple(across), self.size())
        if labels != self._labels:
            self._labels = labels
            high, wide = (0.85 * self.height(), 0.5 * self.width()) if self._turned else (0.85 * min(self.height(), self.width()),) * 2
            row, column = SMALL if self._turned else LINE, LINE / 2 * (max(map(len, across), default=1) + 0.5)
            self.getAxis("left").setStyle(tickFont=self._fitting(high / shape[0]) if self._turned else None)
            for side, tokens, size, room, length in (("left", down, shape[0], row, high), ("top", across, shape[1], column, wide)):
                every = max(1, math.ceil(room * size / length))
                self.getAxis(side).setTicks([[(index + 0.5, tokens[index]) for index in range(0, min(size, len(tokens)), every)]])
                self.getAxis(side).setStyle(showValues=bool(tokens))

    def _fitting(self, row: float) -> QFont:
        """Letters for rows of so many pixels."""
        font = QFont(self.font())
        font.setPixelSize(max(SMALL, min(LARGE, int(row) - 1)))
        return font

    def _at(self, where: QPointF | None) -> tuple[int, int] | None:
        if where is None:
            return None
        row, column = int(where.y() // self._cell[0]), int(where.x() // self._cell[1])
        if not (0 <= row < self._shape[0] and 0 <= column < self._shape[1]):
            return None
        return (column, row) if self._turned else (row, column)

    def _clicked(self, event: object) -> None:
        spot = self._at(self.getViewBox().mapSceneToView(event.scenePos()))  # pyright: ignore[reportAttributeAccessIssue]  pyqtgraph's MouseClickEvent has no types
        if spot is not None:
            self.picked.emit(spot)


def lookup() -> np.ndarray:
    """(256, 3) of uint8: from nearly the panel's colour through the accent to its opposite; 0, the gap, is the panel's."""
    colours = theme.colours()
    far = "#12143f" if not theme.is_dark() else "#f4f5ff"
    stops = np.array([_rgb(colours.hover if not theme.is_dark() else "#0b0d12"), _rgb(colours.accent), _rgb(far)])
    table = np.stack([np.interp(np.linspace(0, 1, 256), [0, 0.6, 1], stops[:, channel]) for channel in range(3)], axis=1)
    table[0] = _rgb(colours.panel)
    return table.astype(np.uint8)


def veil() -> np.ndarray:
    """(256, 4) of uint8: one bright colour, from nothing to nearly opaque."""
    table = np.empty((256, 4), np.uint8)
    table[:, :3] = (255, 120, 0)
    table[:, 3] = np.linspace(0, 215, 256)
    return table


def _rgb(colour: str) -> tuple[int, int, int]:
    mixed = QColor(colour)
    return mixed.red(), mixed.green(), mixed.blue()
