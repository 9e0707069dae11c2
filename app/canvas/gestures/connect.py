"""Draw links from a port to a port, in either direction; pick a link up at either end to put it elsewhere or take it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from app.canvas import edits
from app.canvas.commands.editor import Editor
from app.canvas.edits import rewire
from app.canvas.geometry import PORT_REACH, Hit, link_path
from app.canvas.gestures.gesture import Hand, is_drag
from app.canvas.sheet import Sheet
from ml.project.graph import OUTPUT, RIGHT, Link

if TYPE_CHECKING:
    from app.canvas.scene import LinkKey


class Connect:
    """One end is fixed, the other is in the hand; over a port that can't take it the reason stands at the cursor.

    From an output of one of several selected nodes, all of them are drawn from at once. Pressed on a link itself, its nearer
    end comes along; a click selects the link.
    """

    def __init__(self, view: Sheet, editor: Editor, hit: Hit) -> None:
        self.view, self.scene, self.editor, self.pressed = view, view.graph_scene, editor, hit
        self.detached: LinkKey | None = None
        self.fixed = hit
        self.preview: QGraphicsPathItem | None = None
        if hit.kind in ("input", "link") and (hit.node, hit.index) in self.scene.links:
            self.detached = (hit.node, hit.index)
        graph = self.scene.graph
        self.graph = edits.disconnect(graph, *self.detached, close=False) if self.detached else graph
        self.others = self._others() if hit.kind == "output" else []

    def _others(self) -> list[Link]:
        """What else is drawn from: the other selected nodes, in the order in which they lie across the flow."""
        chosen = self.scene.selected()
        if self.fixed.node not in chosen:
            return []
        places, across = self.scene.positions(), 1 if self.graph.flow == RIGHT else 0
        return [Link(name) for name in sorted(chosen, key=lambda name: places[name][across]) if name != self.fixed.node and self.graph[name].type != OUTPUT]

    def start(self, hand: Hand) -> None:
        self.first = hand
        if self.pressed.kind == "link":
            self.scene.select([], self.detached)
        if self.detached:
            item = self.scene.links[self.detached]
            end, start = self.scene.nodes[item.target].box().input(item.port), self.scene.nodes[item.source].box().output(item.output)
            near_start = self.pressed.kind == "link" and (hand.scene - start).manhattanLength() < (hand.scene - end).manhattanLength()
            self.fixed = Hit("input", *self.detached) if near_start else Hit("output", item.source, item.output)

    def move(self, hand: Hand) -> None:
        if self.preview is None:
            if not is_drag(self.first, hand):
                return
            self.preview = self.scene.preview()
            self._show_detached(False)
        reason, target = self._judge(hand)
        self.scene.light(target if target and not reason else None)
        self.view.hint.show_at(reason or (self.scene.words_for(target) if target else ""), hand.screen, refuses=bool(reason))
        self.preview.setPath(self._path(self._end_point(hand, target, reason)))

    def end(self, hand: Hand) -> None:
        if self.preview is None:
            return
        reason, target = self._judge(hand)
        self.cancel()
        if target and not reason:
            self._make(target)
        elif reason:
            self.view.status.emit(reason)
        elif self.detached:
            self.editor.edit_graph(edits.disconnect(self.scene.graph, *self.detached), f"Disconnect {self.detached[0]}")
        elif self.fixed.kind == "output":
            self.editor.open_search(hand.scene, [Link(self.fixed.node, self.fixed.index), *self.others])
        elif self.fixed.kind == "input":
            self.editor.ask_for_node(hand.scene, [], (self.fixed.node, self.fixed.index))

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

    def _make(self, hit: Hit) -> None:
        link, target, port = self._link(hit)
        links = [link, *(other for other in self.others if other.node != target)]
        graph, reason = rewire.connect_all(self.graph, links, target, port)
        if self.detached and self.detached != (target, port):
            graph = edits.disconnect(graph, *self.detached)
        if graph != self.scene.graph:
            what = link.node if len(links) == 1 else f"{len(links)} nodes"
            self.editor.edit_graph(graph, f"Connect {what} to {target}")
        if reason:
            self.view.status.emit(reason)

    def _path(self, free: QPointF) -> QPainterPath:
        flow = self.graph.flow
        box = self.scene.nodes[self.fixed.node].box()
        if self.fixed.kind == "input":
            return link_path(free, box.input(self.fixed.index), flow=flow)
        path = link_path(box.output(self.fixed.index), free, flow=flow)
        for link in self.others:
            path.addPath(link_path(self.scene.nodes[link.node].box().output(link.output), free, flow=flow))
        return path

    def _end_point(self, hand: Hand, target: Hit | None, reason: str | None) -> QPointF:
        if target is None or reason:
            return hand.scene
        box = self.scene.nodes[target.node].box()
        return box.input(target.index) if target.kind == "input" else box.output(target.index)

    def _show_detached(self, shown: bool) -> None:
        if self.detached in self.scene.links:
            self.scene.links[self.detached].setVisible(shown)
