"""The document's graph on paper: what the commands and gestures of the canvas work on, and what is selected of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.canvas.overlays import Hint
from app.canvas.scene import GraphScene
from app.canvas.viewport import Viewport
from app.document import Document


class Sheet(Viewport):
    """Knows the document and its scene; whoever changes the graph is above it."""

    selection_changed = Signal(list)
    """The names of the selected nodes, in the graph's order."""
    status = Signal(str)
    """A sentence for the status bar."""

    def __init__(self, document: Document, scene: GraphScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        scene.setParent(self)
        self.document = document
        self.hint = Hint(self)
        self.commands: dict[str, QAction] = {}
        """What can be done here, by the command's id."""

    def selected(self) -> list[str]:
        """The names of the selected nodes, in the graph's order."""
        return self.graph_scene.selected()

    def select(self, names: Sequence[str], notes: Sequence[str] = ()) -> None:
        """Select these nodes and notes and bring the first into view."""
        self.graph_scene.select(names, notes=notes)
        if names:
            self.reveal(names[0])
        elif notes:
            self.reveal(notes[0], note=True)

    def reveal(self, name: str, note: bool = False) -> None:
        """Pan as far as it takes to see a node, or a note."""
        item = self.graph_scene.notes.items.get(name) if note else self.graph_scene.nodes.get(name)
        if item is not None:
            self.ensureVisible(item.sceneBoundingRect(), 24, 24)
