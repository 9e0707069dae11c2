"""Blocks on the canvas: making them of what is selected, going in and out, using them again, taking them apart."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from app.canvas import edits
from app.canvas.commands.editor import BESIDE, Editor, words
from app.canvas.commands.naming import Naming
from app.canvas.commands.room import with_room
from app.canvas.sheet import Sheet
from app.panels.library.keep import KeepDialog
from ml.project.graph import BLOCK, Graph
from ml.project.grouping import GroupProblem, group, independent, shared_copy, ungroup


class Blocks:
    """Makes, opens and takes apart the blocks of a view's graph."""

    def __init__(self, view: Sheet, editor: Editor, naming: Naming) -> None:
        self.view, self.document = view, view.document
        self.editor, self.naming = editor, naming
        self._grouped = 0

    def open(self, name: str | None = None) -> None:
        """Show the inside of a block, of the selected one where none is named; of one that shares another's weights that other's."""
        selected = self.view.selected()
        name = name or (selected[0] if len(selected) == 1 else "")
        if not name or self.document.graph[name].type != BLOCK:
            return
        owner = self.document.graph[name].shares or name
        block = self.document.graph.nodes.get(owner)
        if block is not None and block.graph is not None:
            self.document.scope = (*self.document.scope, owner)
        else:
            why = "there is nothing inside" if owner == name else f"it shares the weights of {owner}, which is no block in this graph"
            self.view.status.emit(f"{name} can't be opened: {why}.")

    def close(self) -> None:
        """Show the graph around the opened block, with the block selected."""
        if self.document.scope:
            self.leave_to(len(self.document.scope) - 1)

    def leave_to(self, depth: int) -> None:
        """Keep only the outermost `depth` blocks open."""
        left = self.document.scope[depth]
        self.document.scope = self.document.scope[:depth]
        self.view.select([left])

    def group(self) -> None:
        """Put the selected nodes into a block, and ask for its name."""
        names, notes = self.view.selected(), self.view.graph_scene.notes.selected()
        self._grouped += 1
        step = f"group {self._grouped}"  # the name that is given in place belongs to it

        def grouped(graph: Graph) -> tuple[Graph, list[str]]:
            changed, name = group(graph, names, notes=notes)
            return changed, [name]

        if made := self._attempt(grouped, f"Group {words(names)}"):
            self.document.reopen_step(step)
            self.naming.ask(made[0], step)

    def ungroup(self) -> None:
        """Put what is in the selected blocks in their place."""
        blocks = [name for name in self.view.selected() if self.document.graph[name].type == BLOCK]

        def ungrouped(graph: Graph) -> tuple[Graph, list[str]]:
            made: list[str] = []
            for name in blocks:
                at = graph[name].position or (0.0, 0.0)
                graph, names = ungroup(graph, name)
                graph = with_room(graph, names, at)
                made += names
            return graph, made

        self._attempt(ungrouped, f"Ungroup {words(blocks)}")

    def share(self) -> None:
        """Use the layers and blocks that are selected a second time, with the same weights."""
        names = self.view.selected()
        self._attempt(lambda graph: shared_copy(graph, names, BESIDE), f"Share {words(names)}")

    def make_independent(self) -> None:
        """Give the selected nodes that share another's weights weights of their own."""
        names = [name for name in self.view.selected() if self.document.graph[name].shares]

        def freed(graph: Graph) -> tuple[Graph, list[str]]:
            for name in names:
                graph = independent(graph, name)
            return graph, names

        self._attempt(freed, f"Make {words(names)} independent")

    def keep(self) -> None:
        """Ask for a name, and keep the selected block among one's own."""
        names = self.view.selected()
        if self.editor.own is None or len(names) != 1 or self.document.graph[names[0]].graph is None:
            return
        block = self.document.graph[names[0]]
        dialog = KeepDialog(self.editor.own, names[0], block, self.view)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _attempt(self, change: Callable[[Graph], tuple[Graph, list[str]]], text: str) -> list[str]:
        """Change the graph and select what came of it; say why where that can't be."""
        try:
            graph, names = change(edits.moved(self.document.graph, self.view.graph_scene.positions()))
        except GroupProblem as problem:
            self.view.status.emit(str(problem))
            return []
        self.editor.edit_graph(graph, text)
        self.view.select(names)
        return names
