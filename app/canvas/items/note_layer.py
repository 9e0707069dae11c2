"""The notes among a scene's items: shown, found under the hand, selected and carried along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from app.canvas.edits.note_edits import Place, inside, place_of
from app.canvas.geometry import Hit
from app.canvas.items.notes import NoteItem
from ml.project.graph import Note

if TYPE_CHECKING:
    from app.canvas.scene import GraphScene


class NoteLayer:
    """Note items by name."""

    def __init__(self, scene: GraphScene) -> None:
        self.scene = scene
        self.items: dict[str, NoteItem] = {}

    def show(self, notes: Mapping[str, Note]) -> None:
        """Show these notes; only those that differ are touched."""
        for name in [name for name in self.items if name not in notes]:
            self.scene.removeItem(self.items.pop(name))
        for name, note in notes.items():
            item = self.items.get(name)
            if item is None:
                self.items[name] = NoteItem(name, note, self.scene.look)
                self.scene.addItem(self.items[name])
            elif item.note != note or place_of(item.rect()) != note.place:
                item.show_note(note)

    def follow_look(self) -> None:
        """Paint all anew after colours or the level of detail have changed."""
        for item in self.items.values():
            item.look = self.scene.look
            item.follow_detail()

    # Finding.

    def hit(self, point: QPointF, found: Hit) -> Hit:
        """What lies under a point, where `found` lies there but for the notes: handles, nodes and their ports, comments, links, frames."""
        zoom = self._zoom()
        for name, item in self.items.items():
            if (grip := item.grip(point, zoom)) is not None:
                return Hit("handle", name, grip)
        if found.kind not in ("empty", "link"):
            return found
        held = sorted((item for item in self.items.values() if item.holds(point, zoom)), key=NoteItem.zValue)
        if held and (found.kind == "empty" or not held[-1].note.frame):
            return Hit("note", held[-1].name)
        return found

    def names_in(self, rect: QRectF) -> list[str]:
        """The comments that `rect` touches and the frames that lie wholly in it."""
        return [name for name, item in self.items.items() if (rect.contains(item.rect()) if item.note.frame else rect.intersects(item.rect()))]

    def extent(self) -> QRectF:
        """What all notes cover."""
        whole = QRectF()
        for item in self.items.values():
            whole = whole.united(item.rect())
        return whole

    def _zoom(self) -> float:
        views = self.scene.views()
        return views[0].transform().m11() if views else 1.0

    # Selecting.

    def selected(self) -> list[str]:
        """The names of the selected notes."""
        return [name for name, item in self.items.items() if item.isSelected()]

    def select(self, names: Iterable[str]) -> None:
        """Select these notes and no others; what is announced is the scene's business."""
        wanted = set(names)
        for name, item in self.items.items():
            if item.isSelected() != (name in wanted):
                item.setSelected(name in wanted)

    def carried(self) -> tuple[list[str], list[str]]:
        """What moves when the selection moves: the selected nodes and notes, and what lies in selected frames."""
        nodes, notes = dict.fromkeys(self.scene.selected()), dict.fromkeys(self.selected())
        cards = {name: item.box().rect for name, item in self.scene.nodes.items()}
        rects = {name: item.rect() for name, item in self.items.items()}
        for name in self.selected():
            if self.items[name].note.frame:
                inner_nodes, inner_notes = inside(rects[name], cards, rects)
                nodes |= dict.fromkeys(inner_nodes)
                notes |= dict.fromkeys(inner_notes)
        return [name for name in self.scene.nodes if name in nodes], list(notes)

    # Moving.

    def move(self, corners: Mapping[str, QPointF]) -> None:
        """Put notes elsewhere by their upper left corners while a hand drags them."""
        for name, corner in corners.items():
            self.items[name].put(QRectF(corner, self.items[name].size))

    def corners(self, names: Iterable[str]) -> dict[str, QPointF]:
        """Where these notes begin."""
        return {name: self.items[name].pos() for name in names}

    def places(self) -> dict[str, Place]:
        """Where the notes lie now."""
        return {name: place_of(item.rect()) for name, item in self.items.items()}
