"""Going into blocks and out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ml.project.graph import BLOCK

if TYPE_CHECKING:
    from app.canvas.view import GraphView


class Blocks:
    """Opens and leaves the blocks of a view's graph."""

    def __init__(self, view: GraphView) -> None:
        self.view, self.document = view, view.document

    def open(self, name: str | None = None) -> None:
        """Show the inside of a block, of the selected one where none is named."""
        selected = self.view.selected()
        name = name or (selected[0] if len(selected) == 1 else "")
        if name and self.document.graph[name].type == BLOCK:
            self.document.scope = (*self.document.scope, name)

    def close(self) -> None:
        """Show the graph around the opened block, with the block selected."""
        if self.document.scope:
            self.leave_to(len(self.document.scope) - 1)

    def leave_to(self, depth: int) -> None:
        """Keep only the outermost `depth` blocks open."""
        left = self.document.scope[depth]
        self.document.scope = self.document.scope[:depth]
        self.view.select([left])
