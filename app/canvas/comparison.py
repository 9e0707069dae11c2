"""Two graphs shown as one, to be looked at: what was added, what is gone and what changed lies on its colour."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QApplication, QWidget

from app import theme
from app.canvas.items.look import Detail
from app.canvas.layout import place
from app.canvas.palette import DARK, LIGHT, Palette
from app.canvas.scene import GraphScene, LinkKey
from app.canvas.viewport import Viewport
from ml.project.merged import Mark, Merged
from ml.project.report import NodeReport, without_fixes

AROUND = 7.0
"""How far the colour reaches beyond a card."""
FADED = 0.5
"""How much is left of what is gone."""


def colour(mark: Mark) -> QColor | None:
    """What a mark looks like in the theme that is shown; None for what is the same."""
    c = theme.colours()
    name = {"added": c.good, "gone": c.error, "changed": c.warning}.get(mark)
    return QColor(name) if name else None


class ComparisonScene(GraphScene):
    """Draws new links and gone ones in their colours."""

    marks: Mapping[LinkKey, Mark] = {}

    def pen(self, key: LinkKey) -> QPen:
        pen, mark = super().pen(key), self.marks.get(key, "same")
        if found := colour(mark):
            pen.setColor(found)
            pen.setStyle(Qt.PenStyle.DashLine if mark == "gone" else Qt.PenStyle.SolidLine)
        return pen


class ComparisonView(Viewport):
    """Shows a `Merged`. A click selects a node, a double click or Enter opens a block, dragging moves the picture."""

    opened = Signal(str)
    """The node that a person wants to look into."""
    left = Signal()
    """A person wants to go back out of a block."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.comparison_scene = ComparisonScene(_palette())
        super().__init__(self.comparison_scene, parent)
        self.comparison_scene.setParent(self)
        self.setAccessibleName("Both graphs")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 240)
        self._marks: Mapping[str, Mark] = {}
        self._notes: Mapping[str, str] = {}
        self._held: QPoint | None = None
        self._dragged = False

    def show_both(self, both: Merged, reports: Mapping[str, NodeReport], notes: Mapping[str, str]) -> None:
        """Show two graphs as one; `notes` are the words over the cards of nodes that changed."""
        self._marks, self._notes = both.marks, notes
        self.comparison_scene.clear_graph()
        self.comparison_scene.marks = both.links
        plan, positions = place(both.graph, None)
        self.comparison_scene.show_graph(both.graph, without_fixes(reports), positions, plan)
        for name, item in self.comparison_scene.nodes.items():
            item.setOpacity(FADED if both.marks[name] == "gone" else 1.0)
        self.first_look()
        self.viewport().update()

    def show_reports(self, reports: Mapping[str, NodeReport]) -> None:
        """Show what the engine says of these nodes."""
        self.comparison_scene.set_reports(without_fixes(reports))

    def show_node(self, name: str) -> None:
        """Select a node and bring it into the middle."""
        self.comparison_scene.select([name])
        if name in self.comparison_scene.nodes:
            self.set_zoom(max(self.zoom, 0.6))
            self.centerOn(self.comparison_scene.nodes[name])

    # The hand.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held, self._dragged = event.position().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            return
        point = event.position().toPoint()
        if self._dragged or (point - self._held).manhattanLength() >= QApplication.startDragDistance():
            self._dragged = True
            self.pan(point - self._held)
            self._held = point

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged, self._held = self._dragged, None
        if not dragged:
            name = self.comparison_scene.hit(self.mapToScene(event.position().toPoint())).node
            self.comparison_scene.select([name] if name else [])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if name := self.comparison_scene.hit(self.mapToScene(event.position().toPoint())).node:
            self.opened.emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        selected = self.comparison_scene.selected()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and selected:
            self.opened.emit(selected[0])
        elif event.key() == Qt.Key.Key_Backspace:
            self.left.emit()
        elif event.key() == Qt.Key.Key_F:
            self.zoom_to_fit()
        else:
            super().keyPressEvent(event)

    # Painting.

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_theme_change(event) and self.comparison_scene.look.palette is not _palette():
            self.comparison_scene.set_palette(_palette())
            self.repaint_paper()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        super().drawBackground(painter, rect)
        around = max(AROUND, 3 / self.zoom)
        painter.setPen(Qt.PenStyle.NoPen)
        for name, item in self.comparison_scene.nodes.items():
            found = colour(self._marks.get(name, "same"))
            if found is None or not item.sceneBoundingRect().adjusted(-24, -24, 24, 24).intersects(rect):
                continue
            card = item.box().rect.adjusted(-around, -around, around, around)
            painter.setBrush(found)
            painter.setOpacity(0.32)
            painter.drawRoundedRect(card, 12, 12)
            painter.setOpacity(1.0)
            if self.comparison_scene.look.detail == Detail.FULL:
                self._write(painter, card, found, self._notes.get(name) or self._marks[name])

    def _write(self, painter: QPainter, card: QRectF, ink: QColor, words: str) -> None:
        """Put the words over a card, as wide as it is."""
        font = QFont(self.font())
        font.setPixelSize(11)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(ink)
        cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(card.width()))
        painter.drawText(card.topLeft() + QPointF(2, -4), cut)
        painter.setPen(Qt.PenStyle.NoPen)


def _palette() -> Palette:
    return DARK if theme.is_dark() else LIGHT
