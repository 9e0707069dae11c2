"""Drag nodes and notes, or click one to select it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from app.canvas.commands.editor import Editor
from app.canvas.edits import note_edits, rewire
from app.canvas.gestures.gesture import Hand, is_drag
from app.canvas.sheet import Sheet


class Move:
    """What is selected follows the hand, and with a frame what lies in it; where it lets go it stays.

    A node without links that is let go on a link goes into it. With Alt, a node leaves its chain, which closes behind it.
    """

    def __init__(self, view: Sheet, editor: Editor, name: str = "", note: str = "") -> None:
        self.view, self.scene, self.editor = view, view.graph_scene, editor
        self.name, self.note = name, note
        self.origins: dict[str, QPointF] = {}
        self.corners: dict[str, QPointF] = {}
        self.taken_out = self.may_go_in = False

    def start(self, hand: Hand) -> None:
        self.first = hand
        self.was_selected = self.name in self.scene.selected() or self.note in self.scene.notes.selected()
        if not self.was_selected:
            self._select(adds=hand.adds)

    def _select(self, adds: bool) -> None:
        nodes, notes = (self.scene.selected(), self.scene.notes.selected()) if adds else ([], [])
        self.scene.select([*nodes, self.name], notes=[*notes, self.note])

    def move(self, hand: Hand) -> None:
        if not self.origins and not self.corners:
            if not is_drag(self.first, hand):
                return
            nodes, notes = self.scene.notes.carried()
            self.taken_out = bool(self.first.modifiers & Qt.KeyboardModifier.AltModifier) and nodes == [self.name]
            self._show_links(not self.taken_out)
            self.may_go_in = nodes == [self.name] and (self.taken_out or rewire.insertable(self.scene.graph, self.name))
            self.origins, self.corners = {name: self.scene.nodes[name].pos() for name in nodes}, self.scene.notes.corners(notes)
        shift = hand.scene - self.first.scene
        if self.may_go_in:
            self.scene.aim_at(self.scene.link_at(self.origins[self.name] + shift))
        self.scene.move({name: origin + shift for name, origin in self.origins.items()})
        self.scene.notes.move({name: corner + shift for name, corner in self.corners.items()})

    def end(self, hand: Hand) -> None:
        self.scene.aim_at(None)
        if list(self.origins) == [self.name] and not self.corners:
            self.editor.drop_node(self.name, self.taken_out)
            self._show_links(True)
        elif self.origins or self.corners:
            self.editor.keep_positions(list(self.origins), text=f"Move {note_edits.words(self.view.document.graph, [self.note])}" if self.note else "")
        elif self.was_selected and hand.adds:
            nodes = [name for name in self.scene.selected() if name != self.name]
            self.scene.select(nodes, notes=[name for name in self.scene.notes.selected() if name != self.note])
        elif self.was_selected:
            self._select(adds=False)

    def cancel(self) -> None:
        self.scene.aim_at(None)
        self._show_links(True)
        self.scene.move(self.origins)
        self.scene.notes.move(self.corners)

    def _show_links(self, shown: bool) -> None:
        """Show the links of a node, or hide them while it is taken out."""
        for item in self.scene.links.values():
            if self.name in (item.source, item.target):
                item.setVisible(shown)
