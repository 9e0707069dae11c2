"""What the keys do on the canvas that are no commands: arrows walk along the links and nudge, Escape backs out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from app.canvas import walking
from app.canvas.commands.blocks import Blocks
from app.canvas.commands.editor import Editor
from app.canvas.commands.selecting import Selecting
from app.canvas.edits import note_edits
from app.canvas.sheet import Sheet
from app.canvas.viewport import GRID
from ml.project.graph import RIGHT

ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
NUDGE = GRID / 3
"""How far Alt and an arrow move what is selected; with Shift it is one pixel."""
KEYS = (
    ("Walk along the links, and among what lies beside", "Arrows"),
    ("Select also what is walked to", "Shift+Arrows"),
    ("Move what is selected", "Alt+Arrows"),
    ("Move it by one pixel", "Alt+Shift+Arrows"),
    ("Resize the selected notes", "Ctrl+Shift+Arrows"),
    ("Search for a node to add", "Tab"),
    ("Give up, select nothing, leave the block", "Esc"),
    ("Leave the canvas", "Shift+Tab"),
    ("Pan", "Space and drag"),
)
"""What keys do that are no commands, in words."""
CONTROL, SHIFT, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


class Keyboard:
    """Takes the keys of a view."""

    def __init__(self, view: Sheet, editor: Editor, selecting: Selecting, blocks: Blocks, cancel: Callable[[], bool]) -> None:
        self.view, self.scene = view, view.graph_scene
        self.editor, self.selecting, self.blocks, self._cancel = editor, selecting, blocks, cancel
        self.space = False
        """Whether the space bar is held, so that the mouse pans."""
        self._here, self._before = "", ""

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; False where it asks for nothing here."""
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if key == Qt.Key.Key_Tab:
            self.editor.open_search()
        elif key == Qt.Key.Key_Space:
            self.space = True
        elif key == Qt.Key.Key_Escape:
            self._escape()
        elif key in ARROWS and not modifiers & CONTROL:
            if modifiers & ALT:
                self._nudge(*ARROWS[key], 1 if modifiers & SHIFT else NUDGE)
            else:
                self._walk(*ARROWS[key], adds=bool(modifiers & SHIFT))
        else:
            return False
        return True

    def release(self, event: QKeyEvent) -> None:
        """Notice that a held key is let go."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.space = False

    def _escape(self) -> None:
        """Back out of the innermost thing: a gesture, a selection, a block."""
        if self._cancel():
            return
        if self.scene.selectedItems() or self.scene.picked_link:
            self.scene.select([])
        else:
            self.blocks.close()

    def _nudge(self, across: int, down: int, distance: float) -> None:
        names, notes = self.scene.notes.carried()
        if names or notes:
            shift = QPointF(across * distance, down * distance)
            self.scene.move({name: self.scene.nodes[name].pos() + shift for name in names})
            self.scene.notes.move({name: corner + shift for name, corner in self.scene.notes.corners(notes).items()})
            text = "" if names else f"Move {note_edits.words(self.view.document.graph, notes)}"
            self.editor.keep_positions(names, merge=f"nudge {' '.join([*names, *notes])}", text=text)

    def _walk(self, across: int, down: int, adds: bool) -> None:
        """Select what lies in an arrow's direction: along the flow what the links lead to, across it what lies beside."""
        graph = self.view.document.graph
        onward, aside = (across, down) if graph.flow == RIGHT else (down, across)
        if self.scene.picked_link:
            self._walk_from_link(onward, aside)
            return
        selected = self.scene.selected()
        if not selected:
            self.selecting.previous() if onward < 0 else self.selecting.next()
            return
        here = self._here if self._here in selected else selected[-1 if onward + aside > 0 else 0]
        places = self.scene.positions()
        there = walking.along(graph, places, here, onward, self._before) if onward else walking.beside(graph, places, here, aside)
        if there:
            self._here, self._before = there, here
            self.scene.select([*selected, there] if adds else [there])
            self.view.reveal(there)

    def _walk_from_link(self, onward: int, aside: int) -> None:
        item = self.scene.links[self.scene.picked_link] if self.scene.picked_link else None
        if item is not None and onward:
            self._here, self._before = (item.target, item.source) if onward > 0 else (item.source, item.target)
            self.view.select([self._here])
        elif aside:
            self.selecting.next_link() if aside > 0 else self.selecting.previous_link()
