"""Drag a note's handle to make it larger or smaller."""

from __future__ import annotations

from app.canvas.commands.editor import Editor
from app.canvas.edits import note_edits
from app.canvas.edits.note_edits import resized
from app.canvas.gestures.gesture import Hand, is_drag
from app.canvas.sheet import Sheet


class Resize:
    """The edges of the handle follow the hand; the others stay."""

    def __init__(self, view: Sheet, editor: Editor, name: str, handle: int) -> None:
        self.view, self.editor, self.handle = view, editor, handle
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
            self.editor.keep_positions([], text=f"Resize {note_edits.words(self.view.document.graph, [self.item.name])}")

    def cancel(self) -> None:
        self.item.put(self.before)
