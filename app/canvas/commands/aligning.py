"""Cards brought into line: aligned at an edge or their middles, or spread at equal distances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from PySide6.QtCore import QPointF, QRectF

from app.canvas.commands.editor import Editor
from app.canvas.sheet import Sheet

Line = Literal["left", "centre", "right", "top", "middle", "bottom"]
SHARE = {"left": 0.0, "centre": 0.5, "right": 1.0, "top": 0.0, "middle": 0.5, "bottom": 1.0}
WORDS = {"left": "left edges", "centre": "centres", "right": "right edges", "top": "upper edges", "middle": "middles", "bottom": "lower edges"}


def aligned(rects: Mapping[str, QRectF], line: Line) -> dict[str, QPointF]:
    """How far each rectangle moves until all have this line in common: an outermost edge, or the middle of all."""
    upright = line in ("left", "centre", "right")
    whole = _united(rects)
    share = SHARE[line]
    if upright:
        goal = whole.left() + share * whole.width()
        return {name: QPointF(goal - rect.left() - share * rect.width(), 0) for name, rect in rects.items()}
    goal = whole.top() + share * whole.height()
    return {name: QPointF(0, goal - rect.top() - share * rect.height()) for name, rect in rects.items()}


def distributed(rects: Mapping[str, QRectF], across: bool) -> dict[str, QPointF]:
    """How far each rectangle moves until the gaps between neighbours are equal; the two outermost stay."""
    whole = _united(rects)
    order = sorted(rects, key=lambda name: rects[name].center().x() if across else rects[name].center().y())
    taken = sum(rect.width() if across else rect.height() for rect in rects.values())
    gap = ((whole.width() if across else whole.height()) - taken) / max(len(order) - 1, 1)
    place = whole.left() if across else whole.top()
    shifts = {}
    for name in order:
        rect = rects[name]
        shifts[name] = QPointF(place - rect.left(), 0) if across else QPointF(0, place - rect.top())
        place += (rect.width() if across else rect.height()) + gap
    return shifts


def _united(rects: Mapping[str, QRectF]) -> QRectF:
    whole = QRectF()
    for rect in rects.values():
        whole = whole.united(rect)
    return whole


class Aligning:
    """Aligns and spreads the selected nodes of a view, each time as one step."""

    def __init__(self, view: Sheet, editor: Editor) -> None:
        self.view, self.editor = view, editor

    def left(self) -> None:
        """Put the left edges on the leftmost one."""
        self._align("left")

    def centre(self) -> None:
        """Put the cards below each other."""
        self._align("centre")

    def right(self) -> None:
        """Put the right edges on the rightmost one."""
        self._align("right")

    def top(self) -> None:
        """Put the upper edges on the uppermost one."""
        self._align("top")

    def middle(self) -> None:
        """Put the cards beside each other."""
        self._align("middle")

    def bottom(self) -> None:
        """Put the lower edges on the lowest one."""
        self._align("bottom")

    def across(self) -> None:
        """Make the gaps from left to right equal."""
        self._move(distributed(self._rects(), across=True), "Distribute across")

    def down(self) -> None:
        """Make the gaps from top to bottom equal."""
        self._move(distributed(self._rects(), across=False), "Distribute down")

    def _align(self, line: Line) -> None:
        self._move(aligned(self._rects(), line), f"Align {WORDS[line]}")

    def _rects(self) -> dict[str, QRectF]:
        return {name: self.view.graph_scene.nodes[name].box().rect for name in self.view.selected()}

    def _move(self, shifts: Mapping[str, QPointF], text: str) -> None:
        if len(shifts) > 1:
            scene = self.view.graph_scene
            scene.move({name: scene.nodes[name].pos() + shift for name, shift in shifts.items()})
            self.editor.keep_positions(list(shifts), text=text)
