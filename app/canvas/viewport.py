"""A view on dotted paper that zooms where the cursor is, pans, and never scrolls by bars."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QNativeGestureEvent, QPainter, QPixmap, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from app.canvas.items.look import Detail, detail_at
from app.canvas.scene import GraphScene
from ml.project.graph import RIGHT

SMALLEST, LARGEST, STEP = 0.005, 2.5, 1.15
GRID = 24
READABLE = 0.6
"""Below this zoom the words on the cards are too small to begin with."""
EMPTY = "Press Tab to add a layer, or drag one from the library"


class Viewport(QGraphicsView):
    """Shows a `GraphScene` at any zoom."""

    def __init__(self, scene: GraphScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self.graph_scene = scene
        self._tile: tuple[int, QPixmap] | None = None
        self._fresh = True
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setOptimizationFlags(QGraphicsView.OptimizationFlag.DontSavePainterState | QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)

    @property
    def zoom(self) -> float:
        """Pixels of the screen for one of the scene."""
        return self.transform().m11()

    def set_zoom(self, zoom: float, at: QPoint | None = None) -> None:
        """Zoom to `zoom`; the point of the scene that lies at `at` (else in the middle) stays there."""
        self._fresh = False
        zoom = max(SMALLEST, min(LARGEST, zoom))
        at = at or self.viewport().rect().center()
        before = self.mapToScene(at)
        self.setTransform(QTransform.fromScale(zoom, zoom))
        self.graph_scene.set_detail(detail_at(zoom))
        self.setRenderHint(QPainter.RenderHint.Antialiasing, self.graph_scene.look.detail != Detail.BLOCKS)
        self.pan(at - self.mapFromScene(before))

    def zoom_in(self) -> None:
        """A step nearer."""
        self.set_zoom(self.zoom * STEP**2)

    def zoom_out(self) -> None:
        """A step away."""
        self.set_zoom(self.zoom / STEP**2)

    def zoom_actual(self) -> None:
        """One pixel for one pixel."""
        self.set_zoom(1.0)

    def zoom_to_fit(self) -> None:
        """All of the graph at once, at most in its actual size."""
        extent = self.graph_scene.extent()
        if extent.isEmpty():
            self.set_zoom(1.0)
            self.centerOn(0, 0)
            return
        self.zoom_to(extent)

    def zoom_to_selection(self) -> None:
        """What is selected, as large as it goes, at most in its actual size."""
        extent = self.graph_scene.extent(self.graph_scene.selected())
        if not extent.isEmpty():
            self.zoom_to(extent)

    def zoom_to(self, extent: QRectF) -> None:
        """A part of the scene, as large as it goes, at most in its actual size."""
        room = self.viewport().size() - QSize(48, 48)
        self.set_zoom(min(1.0, room.width() / extent.width(), room.height() / extent.height()))
        self.centerOn(extent.center())

    def first_look(self) -> None:
        """All of the graph where its words can be read so, else its beginning; again at each resize until it is zoomed or panned."""
        self.zoom_to_fit()
        extent = self.graph_scene.extent()
        if self.zoom < READABLE and not extent.isEmpty():
            self.set_zoom(0.8)
            self.centerOn(self._first(extent).center())
            beginning = QPoint(GRID, GRID) - self.mapFromScene(extent.topLeft())
            self.pan(QPoint(beginning.x(), 0) if self.graph_scene.look.flow == RIGHT else QPoint(0, beginning.y()))
        self._fresh = True

    def _first(self, extent: QRectF) -> QRectF:
        """What to look at first of a graph that is too long: its whole breadth where that has room, else the node that it begins with."""
        right, room, nodes = self.graph_scene.look.flow == RIGHT, self.mapToScene(self.viewport().rect()).boundingRect(), self.graph_scene.nodes
        if not nodes or (extent.height() <= room.height() if right else extent.width() <= room.width()):
            return extent
        return min((item.sceneBoundingRect() for item in nodes.values()), key=lambda rect: rect.left() if right else rect.top())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fresh:
            self.first_look()

    def pan(self, shift: QPoint) -> None:
        """Move the picture by pixels of the screen."""
        self._fresh = False
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() - shift.x())
        down.setValue(down.value() - shift.y())

    def middle(self) -> QPointF:
        """The point of the scene in the middle of the view."""
        return self.mapToScene(self.viewport().rect().center())

    def repaint_paper(self) -> None:
        """Paint everything anew, as after a change of colours."""
        self._tile = None
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        touchpad = event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        if touchpad and not control:
            self.pan(event.pixelDelta())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(QPoint(event.angleDelta().y() or event.angleDelta().x(), 0))
        else:
            self.set_zoom(self.zoom * STEP ** (event.angleDelta().y() / 120), event.position().toPoint())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.set_zoom(self.zoom * (1 + event.value()), event.position().toPoint())
            return True
        return super().viewportEvent(event)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        palette = self.graph_scene.look.palette
        area = self.viewport().rect()
        painter.setWorldMatrixEnabled(False)
        if self.zoom < 0.5:
            painter.fillRect(area, QColor(palette.background))
        else:
            painter.drawTiledPixmap(area, self._paper(round(GRID * self.zoom)), -self.mapFromScene(QPointF(0, 0)))
        if not self.graph_scene.nodes:
            font = QFont(self.font())
            font.setPixelSize(15)
            painter.setFont(font)
            painter.setPen(QColor(palette.muted))
            painter.drawText(area.adjusted(24, 24, -24, -24), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, EMPTY)
        painter.setWorldMatrixEnabled(True)

    def _paper(self, size: int) -> QPixmap:
        """One square of the dotted paper."""
        ratio = self.devicePixelRatioF()
        if self._tile is None or self._tile[0] != size:
            pixmap = QPixmap(round(size * ratio), round(size * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(QColor(self.graph_scene.look.palette.background))
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.graph_scene.look.palette.grid))
            painter.drawEllipse(QPointF(size / 2, size / 2), 1.3, 1.3)
            painter.end()
            self._tile = (size, pixmap)
        return self._tile[1]
