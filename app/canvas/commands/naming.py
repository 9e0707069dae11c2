"""Renaming in place: the selected node on its card, the selected note on its paper."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF

from app.canvas.commands.notes import Notes
from app.canvas.sheet import Sheet
from app.canvas.writing import Writing
from ml.project.names import name_problem


class Naming:
    """Asks for names on the canvas."""

    def __init__(self, view: Sheet, notes: Notes, writing: Writing) -> None:
        self.view, self.document = view, view.document
        self.notes, self.writing = notes, writing

    def rename(self) -> None:
        """Write another name over the selected node, or other words on the selected note."""
        names, notes = self.view.selected(), self.view.graph_scene.notes.selected()
        if len(names) == 1:
            self.ask(names[0])
        elif len(notes) == 1 and not names:
            self.notes.write(notes[0])

    def ask(self, name: str, merge: str | None = None) -> None:
        """Ask for another name of a node; with `merge` the renaming is part of the step before that has the same."""
        rect = self.view.graph_scene.nodes[name].box().rect
        field = QRectF(rect.left(), rect.top(), rect.width(), rect.height() / 2)
        self.writing.open_over(field, f"Name of {name}", name, partial(self._rename, name, merge), partial(self._problem, name))

    def _problem(self, old: str, new: str) -> str:
        return "" if new == old else name_problem(self.document.graph, new)

    def _rename(self, old: str, merge: str | None, new: str) -> None:
        if old in self.document.graph.nodes and new != old:
            self.document.edit_graph(self.document.graph.renamed(old, new), f"Rename {old} to {new}", merge)
