"""Drag a note's handle to make it larger or smaller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.canvas.edits.note_edits import resized
from app.canvas.gestures.gesture import Hand, is_drag

if TYPE_CHECKING:
    from app.canvas.view import GraphView


class Resize:
    """The edges of the handle follow the hand; the others stay."""

    def __init__(self, view: GraphView, name: str, handle: int) -> None:
        self.view, self.handle = view, handle
        self.item = view.graph_scene.notes.items[name]
        self.before = self.item.rect()
        self.dragged = False

    def start(self, hand: Hand) -> None:
        self.first = hand

    def move(self, hand: Hand) -> None:
        self.dragged = self.dragged or is_drag(self.first, hand)
        if self.dragged:
            self.item.put(resized(self.before, self.handle, hand.scene))

    def end(self, hand: Hand) -> None:
        if self.dragged:
            self.view.editor.keep_positions([], text=f"Resize {self.view.notes.words([self.item.name])}")

    def cancel(self) -> None:
        self.item.put(self.before)
