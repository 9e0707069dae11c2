"""Which nodes and links are selected next, by commands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.canvas import walking
from app.canvas.sheet import Sheet

if TYPE_CHECKING:
    from app.canvas.scene import LinkKey


class Selecting:
    """Changes the selection of a view."""

    def __init__(self, view: Sheet) -> None:
        self.view, self.scene, self.document = view, view.graph_scene, view.document
        self._around = ""

    def all(self) -> None:
        """Select every node and every note."""
        self.scene.select(list(self.scene.nodes), notes=list(self.scene.notes.items))

    def invert(self) -> None:
        """Select the nodes and notes that are not selected, and no others."""
        chosen, notes = set(self.view.selected()), set(self.scene.notes.selected())
        self.scene.select([name for name in self.scene.nodes if name not in chosen], notes=[name for name in self.scene.notes.items if name not in notes])

    def upstream(self) -> None:
        """Select beside the selected nodes all that they depend on."""
        self._select(walking.upstream(self.document.graph, self.view.selected()))

    def downstream(self) -> None:
        """Select beside the selected nodes all that depend on them."""
        self._select(walking.downstream(self.document.graph, self.view.selected()))

    def same_type(self) -> None:
        """Select all nodes of the types of the selected ones."""
        graph = self.document.graph
        types = {graph[name].type for name in self.view.selected()}
        self._select(name for name, node in graph.nodes.items() if node.type in types)

    def next(self) -> None:
        """Select the node after the selected one, in the order of the flow."""
        self._step(1)

    def previous(self) -> None:
        """Select the node before the selected one."""
        self._step(-1)

    def first(self) -> None:
        """Select the node that the flow begins with."""
        self.view.select(walking.in_order(self.document.graph)[:1])

    def last(self) -> None:
        """Select the node that the flow ends with."""
        self.view.select(walking.in_order(self.document.graph)[-1:])

    def next_link(self) -> None:
        """Select a link of the selected node, or after a link the next one of the same node."""
        self._step_link(1)

    def previous_link(self) -> None:
        """Select the link before the selected one, of the same node."""
        self._step_link(-1)

    def next_note(self) -> None:
        """Select the note after the selected one, in the order in which they were written."""
        self._step_note(1)

    def previous_note(self) -> None:
        """Select the note before the selected one."""
        self._step_note(-1)

    def _step_note(self, step: int) -> None:
        names, selected = list(self.scene.notes.items), self.scene.notes.selected()
        if names:
            here = names.index(selected[-1]) + step if selected else 0 if step > 0 else -1
            self.view.select([], [names[here % len(names)]])

    def _select(self, names: Iterable[str]) -> None:
        chosen = set(names)
        self.scene.select([name for name in self.scene.nodes if name in chosen])

    def _step(self, step: int) -> None:
        order = walking.in_order(self.document.graph)
        if order:
            selected = self.view.selected()
            following = order.index(selected[-1]) + step if selected else min(step, 0)
            self.view.select([order[following % len(order)] if selected or step < 0 else order[0]])

    def _step_link(self, step: int) -> None:
        picked, selected = self.scene.picked_link, self.view.selected()
        around = self._around if picked and self._around in self._ends(picked) else selected[0] if selected else picked[0] if picked else ""
        found = [key for key in sorted(self.scene.links) if self.scene.links[key].target == around]
        found += [key for key in sorted(self.scene.links) if self.scene.links[key].source == around]
        if found:
            self._around = around
            here = found.index(picked) + step if picked in found else 0 if step > 0 else -1
            self.scene.select([], found[here % len(found)])

    def _ends(self, key: LinkKey) -> tuple[str, str]:
        return self.scene.links[key].source, self.scene.links[key].target
