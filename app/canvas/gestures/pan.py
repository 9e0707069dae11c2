"""Drag the paper under the view."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt

from app.canvas.gestures.gesture import Hand
from app.canvas.sheet import Sheet


class Pan:
    """The view follows the hand."""

    def __init__(self, view: Sheet) -> None:
        self.view = view
        self.last = QPoint()

    def start(self, hand: Hand) -> None:
        self.last = hand.screen
        self.view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, hand: Hand) -> None:
        self.view.pan(hand.screen - self.last)
        self.last = hand.screen

    def end(self, hand: Hand) -> None:
        self.view.viewport().unsetCursor()

    def cancel(self) -> None:
        self.view.viewport().unsetCursor()
