"""The whole graph small in a corner, with what the view shows of it; a click or a drag goes there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from app.canvas.sheet import Sheet

WIDEST, HIGHEST, NARROWEST, LOWEST = 190.0, 230.0, 72.0, 56.0
SHARE = 0.34
"""Of the view's height at most."""
EDGE, INSET = 12, 6.0
LEAST_ROOM = (420, 300)
"""In a smaller view there is no room to spare."""
PAPER = 0.86
"""How much of what lies under it the paper covers."""
DOT = (2.5, 1.6)
"""A node is never painted smaller than this."""
MANY = 300
"""From so many nodes on their rectangles are painted without smooth edges."""
PAUSE = 80
"""Milliseconds in which changes gather before the picture is made anew."""


class Minimap(QWidget):
    """Follows a view and its scene. Where all can be seen anyway, or where it was switched off, it is away."""

    def __init__(self, view: Sheet) -> None:
        super().__init__(view)
        self.view, self.scene = view, view.graph_scene
        self.wanted = True
        self._picture = QPixmap()
        self._extent, self._scale = QRectF(), 1.0
        self.setObjectName("minimap")
        self.setAccessibleName("Overview of the graph")
        self.setToolTip("Click or drag to go there (M hides it)")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._later = QTimer(self, interval=PAUSE, singleShot=True)
        self._later.timeout.connect(self.refresh)
        self.scene.arranged.connect(self.mark)
        for bar in (view.horizontalScrollBar(), view.verticalScrollBar()):
            bar.valueChanged.connect(self._follow)
            bar.rangeChanged.connect(self._follow)
        view.installEventFilter(self)
        self.hide()

    def toggle(self) -> None:
        """Switch it off, or on again."""
        self.wanted = not self.wanted
        self.refresh()

    def mark(self) -> None:
        """Make the picture anew, as soon as there is a pause."""
        if not self._later.isActive():
            self._later.start()

    def refresh(self) -> None:
        """Make the picture anew."""
        self._extent = self.scene.extent()
        if self.wanted and not self._extent.isEmpty():
            self._fit()
            self._paint_picture()
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.mark()
        return super().eventFilter(watched, event)

    def seen(self) -> QRectF:
        """What the view shows, in the scene."""
        return self.view.mapToScene(self.view.viewport().rect()).boundingRect()

    def _follow(self) -> None:
        room = self.view.size()
        enough = room.width() >= LEAST_ROOM[0] and room.height() >= LEAST_ROOM[1]
        shown = self.wanted and enough and not self._extent.isEmpty() and not self.seen().contains(self._extent)
        if shown and self.isHidden():
            self._fit()
            self._paint_picture()
        self.setVisible(shown)
        self.update()

    def _fit(self) -> None:
        """As large as it takes for the graph's form, in the lower right corner."""
        extent, highest = self._extent, min(HIGHEST, SHARE * self.view.height())
        self._scale = min((WIDEST - 2 * INSET) / extent.width(), (highest - 2 * INSET) / extent.height())
        width = max(NARROWEST, extent.width() * self._scale + 2 * INSET)
        height = max(LOWEST, extent.height() * self._scale + 2 * INSET)
        self.setGeometry(round(self.view.width() - width) - EDGE, round(self.view.height() - height) - EDGE, round(width), round(height))

    def _on_map(self, rect: QRectF) -> QRectF:
        middle, offset = QRectF(self.rect()).center(), rect.center() - self._extent.center()
        width, height = rect.width() * self._scale, rect.height() * self._scale
        return QRectF(middle.x() + offset.x() * self._scale - width / 2, middle.y() + offset.y() * self._scale - height / 2, width, height)

    def _paint_picture(self) -> None:
        """All nodes and notes as rectangles, in one call of the painter for each colour."""
        palette = self.scene.look.palette
        ratio = self.devicePixelRatioF()
        self._picture = QPixmap(self.size() * ratio)
        self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.border), 1))
        paper = QColor(palette.card)
        paper.setAlphaF(PAPER)
        painter.setBrush(paper)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(self.scene.nodes) < MANY)
        middle = QRectF(self.rect()).center()
        painter.translate(middle)
        painter.scale(self._scale, self._scale)
        painter.translate(-self._extent.center())
        for note in self.scene.notes.items.values():
            painter.setBrush(QColor(palette.note(note.note.colour).fill).darker(108))
            painter.drawRect(note.rect())
        for colour, rects in self._rects().items():
            painter.setBrush(QColor(colour))
            painter.drawRects(rects)
        painter.end()

    def _rects(self) -> dict[str, list[QRectF]]:
        """The nodes' cards by their colours, none too small to be seen."""
        palette, narrowest, lowest = self.scene.look.palette, DOT[0] / self._scale, DOT[1] / self._scale
        found: dict[str, list[QRectF]] = {}
        by_category: dict[tuple[str, bool], list[QRectF]] = {}
        for item in self.scene.nodes.values():
            width, height = max(item.width, narrowest), max(item.height, lowest)
            rect = QRectF(item.x() - width / 2, item.y() - height / 2, width, height)
            by_category.setdefault((item.face.category, bool(item.face.error)), []).append(rect)
        for (category, wrong), rects in by_category.items():
            found.setdefault(palette.error if wrong else palette.category(category), []).extend(rects)
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.scene.look.palette
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        shown = self._on_map(self.seen()).intersected(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5))
        veil = QColor(palette.accent)
        veil.setAlpha(36)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.accent), 1.5))
        painter.setBrush(veil)
        painter.drawRoundedRect(shown, 3, 3)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._go(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _go(self, place: QPointF) -> None:
        """Bring the point of the scene that is painted at `place` to the middle of the view."""
        middle = QRectF(self.rect()).center()
        point = self._extent.center() + (place - middle) / self._scale
        self.view.pan(self.view.viewport().rect().center() - self.view.mapFromScene(point))
