"""Freezing and thawing what is selected, so that training leaves it alone or goes on with it."""

from __future__ import annotations

from app.canvas.commands.editor import Editor, words
from app.canvas.sheet import Sheet
from ml.project.freezing import can_freeze, freeze


class Freezing:
    """Freezes and thaws the selected nodes of a view."""

    def __init__(self, view: Sheet, editor: Editor) -> None:
        self.view, self.editor = view, editor

    def freeze(self) -> None:
        """Keep training from changing the weights of the selected nodes."""
        self._set(True)

    def thaw(self) -> None:
        """Let training change the weights of the selected nodes again."""
        self._set(False)

    def _set(self, frozen: bool) -> None:
        graph = self.view.document.graph
        owners = {name: graph[name].shares or name for name in self.view.selected()}
        names = [name for name, owner in owners.items() if owner in graph.nodes and can_freeze(graph[owner])]
        verb = "Freeze" if frozen else "Thaw"
        changed = freeze(graph, names, frozen)
        if changed != graph:
            self.editor.edit_graph(changed, f"{verb} {words(names)}")
        elif names:
            self.view.status.emit(f"There is nothing to {verb.lower()}: what is selected is {'frozen' if frozen else 'trained'} already.")
        elif self.view.selected():
            self.view.status.emit(f"There is nothing to {verb.lower()}: what is selected has no weights.")
