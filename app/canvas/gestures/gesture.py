"""What every gesture is, and where the hand is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, Qt

DRAG = 4
"""Pixels of the screen before a press becomes a drag."""


@dataclass(frozen=True)
class Hand:
    """The mouse, in the scene and on the view."""

    scene: QPointF
    screen: QPoint
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    @property
    def adds(self) -> bool:
        """Whether what is selected stays selected."""
        return bool(self.modifiers & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))


def is_drag(start: Hand, now: Hand) -> bool:
    """Whether the hand has gone far enough to mean it."""
    return (now.screen - start.screen).manhattanLength() >= DRAG


class Gesture(Protocol):
    """From the press of a button to its release; the project changes at most once, in `end`."""

    def start(self, hand: Hand) -> None: ...

    def move(self, hand: Hand) -> None: ...

    def end(self, hand: Hand) -> None: ...

    def cancel(self) -> None: ...
