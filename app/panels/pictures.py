"""A widget that shows pictures in a grid, as large as there is room for, each pixel a square."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import theme

GAP = 2
FORMATS = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBA8888}


class PictureGrid(QWidget):
    """Shows (n, height, width, channels) of uint8."""

    picked = Signal(int)
    """The number of the picture that was clicked."""

    def __init__(self, rows: int = 0, empty: str = "", parent: QWidget | None = None) -> None:
        """`rows`: how many rows, 0 for as many as make the pictures largest. `empty`: what stands here while there is no picture."""
        super().__init__(parent)
        self.pixels: np.ndarray | None = None
        self._image = QImage()
        self._rows, self._across = rows, 0
        self._empty = empty
        self._marks: dict[int, str] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(32, 32)

    def sizeHint(self) -> QSize:
        return QSize(240, 240) if self._rows != 1 else QSize(480, 64)

    def show_pixels(self, pixels: np.ndarray | None, across: int = 0) -> None:
        """Show these pictures, or none; `across` is how many stand in a row, 0 for as many as the rows, or their size, want."""
        self._across = across
        self.pixels = None if pixels is None or not len(pixels) else pixels
        if self.pixels is not None:
            column = np.ascontiguousarray(self.pixels.reshape(-1, *self.pixels.shape[2:]))
            height, width, channels = column.shape
            self._image = QImage(column.tobytes(), width, height, width * channels, FORMATS[channels]).copy()
        self.update()

    def mark(self, marks: dict[int, str]) -> None:
        """Frame these pictures, each with a letter."""
        self._marks = marks
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.pixels is None:
            painter.setPen(QColor(theme.colours().muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)
            return
        count, height, width, _ = self.pixels.shape
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._cell().width() < width)
        for index in range(count):
            painter.drawImage(self._place(index), self._image, QRect(0, index * height, width, height))
        for index, letter in self._marks.items():
            if index < count:
                self._paint_mark(painter, self._place(index), letter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.pixels is not None:
            for index in range(len(self.pixels)):
                if self._place(index).contains(event.position().toPoint()):
                    self.picked.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and digits are left to the controls around."""
        event.ignore()

    def _columns(self) -> int:
        assert self.pixels is not None
        count, height, width, _ = self.pixels.shape
        if self._across:
            return self._across
        if self._rows:
            return math.ceil(count / self._rows)
        return max(range(1, count + 1), key=lambda columns: min(self.width() / (columns * width), self.height() / (math.ceil(count / columns) * height)))

    def _cell(self) -> QSize:
        """The size of one picture on the screen, without its gap."""
        assert self.pixels is not None
        count, height, width, _ = self.pixels.shape
        columns = self._columns()
        scale = min((self.width() / columns - GAP) / width, (self.height() / math.ceil(count / columns) - GAP) / height)
        scale = math.floor(scale) if scale >= 2 else max(scale, 0.05)
        return QSize(max(1, int(width * scale)), max(1, int(height * scale)))

    def _place(self, index: int) -> QRect:
        assert self.pixels is not None
        columns, cell = self._columns(), self._cell()
        rows = math.ceil(len(self.pixels) / columns)
        left = (self.width() - columns * (cell.width() + GAP)) // 2
        top = (self.height() - rows * (cell.height() + GAP)) // 2
        row, column = divmod(index, columns)
        return QRect(left + column * (cell.width() + GAP), top + row * (cell.height() + GAP), cell.width(), cell.height())

    def _paint_mark(self, painter: QPainter, place: QRect, letter: str) -> None:
        colour = QColor(theme.colours().warning)
        painter.setPen(QPen(colour, 2))
        painter.drawRect(place.adjusted(0, 0, -1, -1))
        if letter:
            badge = QRect(place.left(), place.top(), 16, 16)
            painter.fillRect(badge, colour)
            painter.setPen(QColor("#ffffff" if not theme.is_dark() else "#11131a"))
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, letter)
