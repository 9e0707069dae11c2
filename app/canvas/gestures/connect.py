"""Draw a link from a port to a port, in either direction; drag a link off its input to put it elsewhere or take it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QGraphicsPathItem

from app.canvas import edits
from app.canvas.geometry import PORT_REACH, Hit, link_path
from app.canvas.gestures.gesture import Hand, is_drag
from ml.project.graph import Link

if TYPE_CHECKING:
    from app.canvas.scene import LinkKey
    from app.canvas.view import GraphView


class Connect:
    """One end of the link is fixed, the other is in the hand; over a port that can't take it the reason stands at the cursor."""

    def __init__(self, view: GraphView, hit: Hit) -> None:
        self.view, self.scene = view, view.graph_scene
        self.detached: LinkKey | None = None
        self.fixed = hit
        self.preview: QGraphicsPathItem | None = None
        old = self.scene.links.get((hit.node, hit.index)) if hit.kind == "input" else None
        if old is not None:
            self.detached, self.fixed = (hit.node, hit.index), Hit("output", old.source, old.output)
        graph = self.scene.graph
        self.graph = edits.disconnect(graph, *self.detached, close=False) if self.detached else graph

    def start(self, hand: Hand) -> None:
        self.first = hand

    def move(self, hand: Hand) -> None:
        if self.preview is None:
            if not is_drag(self.first, hand):
                return
            self.preview = self.scene.preview()
            self._show_detached(False)
        reason, target = self._judge(hand)
        self.scene.light(target if target and not reason else None)
        self.view.hint.show_at(reason or (self.scene.words_for(target) if target else ""), hand.screen, refuses=bool(reason))
        box = self.scene.nodes[self.fixed.node].box()
        if self.fixed.kind == "output":
            self.preview.setPath(link_path(box.output(self.fixed.index), self._end_point(hand, target, reason), flow=self.graph.flow))
        else:
            self.preview.setPath(link_path(self._end_point(hand, target, reason), box.input(self.fixed.index), flow=self.graph.flow))

    def end(self, hand: Hand) -> None:
        if self.preview is None:
            return
        reason, target = self._judge(hand)
        self.cancel()
        if target and not reason:
            self._make(*self._link(target))
        elif reason:
            self.view.status.emit(reason)
        elif self.detached:
            self.view.editor.edit_graph(edits.disconnect(self.scene.graph, *self.detached), f"Disconnect {self.detached[0]}")
        elif self.fixed.kind == "output":
            self.view.open_search(hand.scene, Link(self.fixed.node, self.fixed.index))

    def cancel(self) -> None:
        if self.preview is not None:
            self.scene.drop(self.preview)
            self.preview = None
        self._show_detached(True)
        self.scene.light(None)
        self.view.hint.show_at("", self.first.screen)

    def _judge(self, hand: Hand) -> tuple[str | None, Hit | None]:
        """Why the link can't end here, and where it would: (None, None) over nothing."""
        hit = self.scene.hit(hand.scene, PORT_REACH * 1.5)
        if hit.kind == "node":
            hit = self._port_of(hit.node)
        if hit.kind not in ("input", "output") or (hit.node, hit.index, hit.kind) == (self.fixed.node, self.fixed.index, self.fixed.kind):
            return None, None
        if hit.kind == self.fixed.kind:
            side = "output" if hit.kind == "output" else "input"
            return f"An {side} can't be joined to an {side}.", hit
        link, target, port = self._link(hit)
        return edits.refusal(self.graph, link, target, port), hit

    def _port_of(self, name: str) -> Hit:
        """The port a link gets that is dropped on a card."""
        if name == self.fixed.node:
            return Hit()
        if self.fixed.kind == "input":
            return Hit("output", name, 0)
        return Hit("input", name, edits.free_port(self.graph[name]) or 0)

    def _link(self, hit: Hit) -> tuple[Link, str, int]:
        output, end = (self.fixed, hit) if self.fixed.kind == "output" else (hit, self.fixed)
        return Link(output.node, output.index), end.node, end.index

    def _make(self, link: Link, target: str, port: int) -> None:
        if self.detached == (target, port):
            return
        graph = edits.connect(self.graph, link, target, port)
        if self.detached:
            graph = edits.disconnect(graph, *self.detached)
        self.view.editor.edit_graph(graph, f"Connect {link.node} to {target}")

    def _end_point(self, hand: Hand, target: Hit | None, reason: str | None) -> QPointF:
        if target is None or reason:
            return hand.scene
        box = self.scene.nodes[target.node].box()
        return box.input(target.index) if target.kind == "input" else box.output(target.index)

    def _show_detached(self, shown: bool) -> None:
        if self.detached in self.scene.links:
            self.scene.links[self.detached].setVisible(shown)
