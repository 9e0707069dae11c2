"""The paper moves by itself while something is dragged near the border of the view."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QTimer

from app.canvas.gestures.gesture import Hand
from app.canvas.sheet import Sheet

BORDER = 28
"""So near the border, in pixels of the screen, the paper moves: the nearer the faster."""
WAIT, TICK = 200, 16
"""Milliseconds before it begins, so that a hand that only passes moves nothing, and from step to step."""


class Scrolling(QObject):
    """Pans a view while a gesture's hand rests near its border, and tells the gesture."""

    def __init__(self, view: Sheet, drag_on: Callable[[Hand], None]) -> None:
        super().__init__(view)
        self.view, self._drag_on = view, drag_on
        self._hand: Hand | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)

    def follow(self, hand: Hand) -> None:
        """Note where the hand is now."""
        self._hand = hand
        if self._speed(hand.screen).isNull():
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start(WAIT)

    def stop(self) -> None:
        """The gesture is over."""
        self._hand = None
        self._timer.stop()

    def _speed(self, point: QPoint) -> QPoint:
        room = self.view.viewport().rect()
        return QPoint(_pull(point.x(), room.width()), _pull(point.y(), room.height()))

    def _step(self) -> None:
        if self._hand is not None:
            self._timer.setInterval(TICK)
            self.view.pan(-self._speed(self._hand.screen))
            self._drag_on(self._hand)


def _pull(place: int, room: int) -> int:
    """Pixels a step: below 0 near the beginning, above 0 near the end."""
    before, after = BORDER - place, place - (room - BORDER)
    return -min(before, BORDER) // 2 if before > 0 else min(after, BORDER) // 2 if after > 0 else 0
