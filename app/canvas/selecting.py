"""Which nodes are selected next: all, or those along the flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.canvas.view import GraphView


class Selecting:
    """Changes the selection of a view."""

    def __init__(self, view: GraphView) -> None:
        self.view = view

    def all(self) -> None:
        """Select every node."""
        self.view.graph_scene.select(list(self.view.graph_scene.nodes))

    def next(self) -> None:
        """Select the node after the selected one, in the order of the flow."""
        self._step(1)

    def previous(self) -> None:
        """Select the node before the selected one."""
        self._step(-1)

    def _step(self, step: int) -> None:
        graph = self.view.document.graph
        order = list(graph.nodes) if graph.cycle() else graph.sorted()
        if order:
            selected = self.view.selected()
            following = order.index(selected[-1]) + step if selected else min(step, 0)
            self.view.select([order[following % len(order)] if selected or step < 0 else order[0]])
