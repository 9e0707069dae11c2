"""Nodes glide to where they have been put instead of jumping there, so that the eye can follow them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEasingCurve, QPointF, QVariantAnimation
from PySide6.QtWidgets import QApplication, QStyle

if TYPE_CHECKING:
    from app.canvas.layout import Point
    from app.canvas.scene import GraphScene

MILLISECONDS = 180
MANY = 400
"""More nodes than this jump: no eye follows them, and each frame would cost."""


class Glide(QVariantAnimation):
    """Moves a scene's items from where they were to where they are; the graph has its new positions from the beginning."""

    def __init__(self, scene: GraphScene) -> None:
        super().__init__(scene)
        self.scene = scene
        self._ways: dict[str, tuple[QPointF, QPointF]] = {}
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.valueChanged.connect(self._show)

    def begin(self, starts: Mapping[str, Point]) -> None:
        """Let the nodes come from `starts` to where they are now; at once where the person wants no animations."""
        nodes = self.scene.nodes
        ways = {name: (QPointF(*start), nodes[name].pos()) for name, start in starts.items() if name in nodes}
        self._ways = {name: (start, goal) for name, (start, goal) in ways.items() if start != goal}
        wanted = QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
        if self._ways and wanted and MILLISECONDS and len(self._ways) <= MANY:
            self.setDuration(MILLISECONDS)
            self._show(0.0)
            self.start()

    def finish(self) -> None:
        """Be there now."""
        if self.state() == QVariantAnimation.State.Running:
            self.stop()
            self._show(1.0)

    def _show(self, part: float) -> None:
        self.scene.move({name: start + (goal - start) * part for name, (start, goal) in self._ways.items()}, None if part == 1.0 else False)
