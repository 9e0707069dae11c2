"""What a dataset's samples look like: pictures in a grid, points in the plane, rows of a table, lines over time, nodes with links, or text."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QPlainTextEdit, QSizePolicy, QTableView, QVBoxLayout, QWidget

from app.panels.data.network import Network
from app.panels.data.series import Strips
from app.panels.pictures import PictureGrid
from app.theme import GRID, colours
from ml import overlays
from ml.boards import drawn
from ml.data import words
from ml.events import Previewed

MARGIN = 28
BITS = 8
"""At most so many sequences of bits."""
_TOP = QModelIndex()


class Samples(QWidget):
    """Shows an answer to `Preview` in the way that fits its kind."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_preview(self, event: Previewed) -> None:
        """Replace what is shown."""
        if self.shown is not None:
            self._column.removeWidget(self.shown)
            self.shown.hide()
            self.shown.deleteLater()
        self.shown = _MAKERS.get(event.kind, _table)(event)
        self._column.addWidget(self.shown)


class Pictures(QWidget):
    """Pictures in a grid, each with its label below."""

    def __init__(self, images: list[QImage], labels: list[str]) -> None:
        super().__init__()
        self._images, self._labels = images, labels
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(280, 280)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._images:
            return
        painter = QPainter(self)
        painter.setPen(QColor(colours().muted))
        ratio = self._images[0].width() / self._images[0].height()
        columns = max(1, int(self.width() // (56 * max(1.0, ratio / 2))))
        width = (self.width() - GRID * (columns - 1)) // columns
        picture = QSizeF(width, width / ratio)
        height = int(picture.height()) + 2 * GRID + GRID // 2
        for index, (image, caption) in enumerate(zip(self._images, self._labels, strict=True)):
            x, y = (index % columns) * (width + GRID), (index // columns) * height
            if y + height > self.height() and index:
                break
            painter.drawImage(QRectF(QPointF(x, y), picture), image)
            text = painter.fontMetrics().elidedText(caption, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRectF(x, y + picture.height(), width, height - picture.height()), Qt.AlignmentFlag.AlignCenter, text)


class Scatter(QWidget):
    """Points in the plane, coloured by class."""

    def __init__(self, x: np.ndarray, y: np.ndarray, classes: tuple[str, ...], features: tuple[str, ...]) -> None:
        super().__init__()
        self._x, self._y, self._classes, self._features = x.astype(float), y.reshape(-1) if y.size else np.zeros(len(x)), classes, features
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(280, 280)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c = QPainter(self), colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(MARGIN + 2 * GRID, GRID, -GRID, -MARGIN)
        low, high = self._x.min(axis=0), self._x.max(axis=0)
        span = np.where(high > low, high - low, 1)
        painter.setPen(QPen(QColor(c.border)))
        painter.drawRect(area)
        self._draw_limits(painter, area, low, high)
        places = (self._x - low) / span * 0.94 + 0.03
        for (u, v), value in zip(places, self._y, strict=True):
            colour = QColor(c.of_series(int(value)) if self._classes else c.accent)
            colour.setAlpha(190)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(area.left() + u * area.width(), area.bottom() - v * area.height()), 3.2, 3.2)

    def _draw_limits(self, painter: QPainter, area: QRectF, low: np.ndarray, high: np.ndarray) -> None:
        """The least and greatest value of each axis, and its name between them."""
        painter.setPen(QColor(colours().muted))
        names = self._features or ("x", "y")
        flag = Qt.AlignmentFlag
        below = QRectF(area.left(), area.bottom() + 2, area.width(), MARGIN - 4)
        for where, text in ((flag.AlignLeft, f"{low[0]:.3g}"), (flag.AlignHCenter, names[0]), (flag.AlignRight, f"{high[0]:.3g}")):
            painter.drawText(below, where | flag.AlignTop, text)
        beside = QRectF(0, area.top(), area.left() - 4, area.height())
        for where, text in ((flag.AlignBottom, f"{low[1]:.3g}"), (flag.AlignVCenter, names[1]), (flag.AlignTop, f"{high[1]:.3g}")):
            painter.drawText(beside, where | flag.AlignRight, text)


class Rows(QAbstractTableModel):
    """The rows of a table, the target last."""

    def __init__(self, x: np.ndarray, y: np.ndarray, classes: tuple[str, ...], features: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._x, self._y, self._classes = x.reshape(len(x), -1), y.reshape(len(y), y.size // max(len(y), 1)), classes
        self._names = [*(features or (f"x{index}" for index in range(self._x.shape[1]))), *(["class" if classes else "target"] if self._y.size else [])]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _TOP) -> int:
        return 0 if parent.isValid() else len(self._x)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _TOP) -> int:
        return 0 if parent.isValid() else len(self._names)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if index.column() < self._x.shape[1]:
            return f"{self._x[index.row(), index.column()]:.4g}"
        value = self._y[index.row(), 0]
        return self._classes[int(value)] if self._classes else f"{value:.4g}"

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._names[section] if orientation == Qt.Orientation.Horizontal else section + 1


def image_of(pixels: np.ndarray) -> QImage:
    """A picture (height, width, 1 or 3 channels), 0 to 1, as a QImage."""
    bytes_ = (np.clip(pixels, 0, 1) * 255).astype(np.uint8)
    height, width, channels = bytes_.shape
    kind = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    return QImage(np.ascontiguousarray(bytes_).data, width, height, width * channels, kind).copy()


def _pictures(event: Previewed) -> QWidget:
    x, y = event.arrays["x"].numpy(), event.arrays["y"].numpy()
    if event.spec is not None and event.spec.task in _ANSWERED:
        return _answered(event.spec.task, x, y, event.classes)
    if event.spec is not None and event.spec.task == "transcription":
        return Pictures([image_of(pixels) for pixels in x], [words.transcribed(line, event.classes) for line in y])
    values = y.reshape(len(y), -1)[:, 0] if y.size else []
    labels = [event.classes[int(value)] if event.classes else f"{float(value):.3g}" for value in values] or [""] * len(x)
    return Pictures([image_of(pixels) for pixels in x], labels)


def _answered(task: str, x: np.ndarray, y: np.ndarray, classes: tuple[str, ...]) -> QWidget:
    """Pictures that have an answer for each place, each followed by its answer."""
    pixels = overlays.rgb(x)
    right = {"segmentation": lambda: overlays.masked(pixels, y), "detection": lambda: overlays.boxed(pixels, y), "denoising": lambda: overlays.rgb(y)}[task]()
    names = [classes[int(label)] for label in y[:, 0]] if task == "detection" else [_ANSWERED[task]] * len(y)
    both = [image_of(picture / 255) for pair in zip(pixels, right, strict=True) for picture in pair]
    return Pictures(both, [label for name in names for label in ("", name)])


def _boards(event: Previewed) -> QWidget:
    """Positions, each with the move that is to be learned."""
    x, y = event.arrays["x"].numpy(), event.arrays["y"].numpy()
    pixels = drawn(x, best=np.eye(len(event.classes))[y])
    return Pictures([image_of(board / 255) for board in pixels], [event.classes[move] for move in y])


def _scatter(event: Previewed) -> QWidget:
    return Scatter(event.arrays["x"].numpy(), event.arrays["y"].numpy(), event.classes, event.features)


def _table(event: Previewed) -> QWidget:
    view = QTableView()
    view.setModel(Rows(event.arrays["x"].numpy(), event.arrays["y"].numpy(), event.classes, event.features, view))
    view.setSizeAdjustPolicy(QAbstractScrollArea.SizeAdjustPolicy.AdjustIgnored)
    view.resizeColumnsToContents()
    view.verticalHeader().setDefaultSectionSize(3 * GRID)
    view.setShowGrid(False)
    view.setAlternatingRowColors(True)
    return view


def _text(event: Previewed) -> QWidget:
    view = QPlainTextEdit("\n\n".join(event.texts))
    view.setReadOnly(True)
    return view


def _series(event: Previewed) -> QWidget:
    x, y = event.arrays["x"].numpy(), event.arrays["y"].numpy()
    if event.spec is not None and event.spec.task == "bits":
        return _bits(x, y)
    return Strips(x, y, event.features)


def _bits(x: np.ndarray, y: np.ndarray) -> QWidget:
    """Sequences of bits, each beside what is to be said of it; time goes to the right."""
    grid = PictureGrid()
    grid.show_pixels(overlays.bits(x[:BITS], y[:BITS]))
    grid.setToolTip("Time goes to the right, and a bit that is 1 is light. Left what comes in, right what is to be said.")
    return grid


def _graph(event: Previewed) -> QWidget:
    return Network(event.arrays["x"].numpy(), event.arrays["y"].numpy(), event.arrays["places"].numpy(), event.classes, event.features)


_ANSWERED = {"segmentation": "mask", "detection": "box", "denoising": "clean"}
"""What answers a picture, by task."""
_MAKERS = {"image": _pictures, "points": _scatter, "table": _table, "text": _text, "pairs": _text, "series": _series, "board": _boards, "graph": _graph}
