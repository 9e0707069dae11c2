"""Drag nodes, or click one to select it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from app.canvas.gestures.gesture import Hand, is_drag

if TYPE_CHECKING:
    from app.canvas.view import GraphView


class Move:
    """The selected nodes follow the hand; where it lets go they stay. A node without links that is let go on a link goes into it."""

    def __init__(self, view: GraphView, name: str) -> None:
        self.view, self.scene, self.name = view, view.graph_scene, name
        self.origins: dict[str, QPointF] = {}

    def start(self, hand: Hand) -> None:
        self.first = hand
        selected = self.scene.selected()
        self.was_selected = self.name in selected
        if not self.was_selected:
            self.scene.select([*selected, self.name] if hand.adds else [self.name])

    def move(self, hand: Hand) -> None:
        if not self.origins:
            if not is_drag(self.first, hand):
                return
            self.origins = {name: self.scene.nodes[name].pos() for name in self.scene.selected()}
        shift = hand.scene - self.first.scene
        self.scene.move({name: origin + shift for name, origin in self.origins.items()})

    def end(self, hand: Hand) -> None:
        if self.origins:
            if len(self.origins) == 1:
                self.view.editor.drop_node(self.name)
            else:
                self.view.editor.keep_positions(list(self.origins))
        elif self.was_selected and hand.adds:
            self.scene.select([name for name in self.scene.selected() if name != self.name])
        elif self.was_selected:
            self.scene.select([self.name])

    def cancel(self) -> None:
        self.scene.move(self.origins)
