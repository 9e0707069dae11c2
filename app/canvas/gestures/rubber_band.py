"""Draw a rectangle around nodes to select them."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsRectItem

from app.canvas.gestures.gesture import Hand, is_drag
from app.canvas.sheet import Sheet


class RubberBand:
    """What the rectangle touches is selected, with Shift or Ctrl beside what was."""

    def __init__(self, view: Sheet) -> None:
        self.view, self.scene = view, view.graph_scene
        self.band: QGraphicsRectItem | None = None

    def start(self, hand: Hand) -> None:
        self.first = hand
        self.before, self.notes_before = self.scene.selected(), self.scene.notes.selected()
        if not hand.adds:
            self.scene.select([])

    def move(self, hand: Hand) -> None:
        if self.band is None:
            if not is_drag(self.first, hand):
                return
            self.band = self._rectangle()
        rect = QRectF(self.first.scene, hand.scene).normalized()
        self.band.setRect(rect)
        kept, kept_notes = (self.before, self.notes_before) if self.first.adds else ([], [])
        self.scene.select([*kept, *self.scene.names_in(rect)], notes=[*kept_notes, *self.scene.notes.names_in(rect)])

    def end(self, hand: Hand) -> None:
        self._remove()

    def cancel(self) -> None:
        self._remove()
        self.scene.select(self.before, notes=self.notes_before)

    def _rectangle(self) -> QGraphicsRectItem:
        colour = QColor(self.scene.look.palette.accent)
        pen = QPen(colour, 1)
        pen.setCosmetic(True)
        colour.setAlpha(28)
        band = self.scene.addRect(QRectF(), pen, colour)
        band.setZValue(6)
        return band

    def _remove(self) -> None:
        if self.band is not None:
            self.scene.drop(self.band)
            self.band = None
