"""What a drawing will look like: fitted at first, zoomed with the wheel, dragged with the mouse."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsItem, QGraphicsScene, QGraphicsView, QStyleOptionGraphicsItem, QWidget

from app import theme
from app.drawings.drawing import Drawing

SQUARE = 8
"""Of the chequers that stand for nothing, in pixels."""
STEP = 1.0015
"""By how much a unit of the wheel zooms."""


class _Sheet(QGraphicsItem):
    """The drawing in points."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self.drawing = drawing

    def boundingRect(self) -> QRectF:
        return QRectF(QPointF(), self.drawing.size)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if not self.drawing.background:
            painter.fillRect(self.boundingRect(), _chequers(painter))
        painter.scale(self.drawing.unit, self.drawing.unit)
        painter.translate(-self.drawing.area.topLeft())
        self.drawing.draw(painter)


class DrawingPreview(QGraphicsView):
    """Shows one drawing, or why there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self._sheet: _Sheet | None = None
        self._fits, self._words = True, ""
        self.setAccessibleName("preview")
        self.setToolTip("The wheel zooms, the mouse drags, a double click fits it again.")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumSize(320, 320)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setBackgroundBrush(QColor(theme.colours().pressed))

    def show_drawing(self, drawing: Drawing | None, words: str = "") -> None:
        """Show this one, or `words` where there is none; its zoom stays where a person chose it and the size is the same."""
        before, self._words = self.sceneRect(), words
        self.viewport().update()
        if self._sheet is not None:
            self._scene.removeItem(self._sheet)
        self._sheet = _Sheet(drawing) if drawing else None
        if self._sheet is None:
            return
        self._scene.addItem(self._sheet)
        margin = 0.04 * max(self._sheet.boundingRect().width(), self._sheet.boundingRect().height())
        self.setSceneRect(self._sheet.boundingRect().adjusted(-margin, -margin, margin, margin))
        if self._fits or self.sceneRect() != before:
            self.fit()

    def fit(self) -> None:
        """Show all of it."""
        self._fits = True
        self.fitInView(self.sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if self._sheet is None:
            painter.resetTransform()
            painter.setPen(QColor(theme.colours().error))
            room = self.viewport().rect().adjusted(4 * theme.GRID, 0, -4 * theme.GRID, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._words)

    def wheelEvent(self, event: QWheelEvent) -> None:
        factor = STEP ** event.angleDelta().y()
        if self._sheet is not None and 0.02 < self.transform().m11() * factor < 60:
            self._fits = False
            self.scale(factor, factor)
        event.accept()

    def mouseDoubleClickEvent(self, event: object) -> None:
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self.fit()


def _chequers(painter: QPainter) -> QBrush:
    """White and grey squares, as large at any zoom."""
    tile = QPixmap(2 * SQUARE, 2 * SQUARE)
    tile.fill(QColor("#ffffff"))
    onto = QPainter(tile)
    for x, y in ((0, 0), (SQUARE, SQUARE)):
        onto.fillRect(x, y, SQUARE, SQUARE, QColor("#dcdcdc"))
    onto.end()
    brush = QBrush(tile)
    inverse, _ = painter.worldTransform().inverted()
    brush.setTransform(inverse)
    return brush
