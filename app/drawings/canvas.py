"""The graph as the canvas shows it, painted into any device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as recoloured

from msgspec.structs import replace
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem

from app.canvas.layout import Point, place
from app.canvas.palette import DARK, LIGHT
from app.canvas.scene import GraphScene
from app.drawings.drawing import Drawing, DrawingProblem
from app.drawings.nets import Subject
from app.drawings.options import Options
from ml.project.report import without_fixes

PIXEL = 0.75
"""Points of one of the canvas's pixels, as browsers have it."""
MARGIN = 16.0
CLEAR = "#00000000"
PAPER = {False: "#ffffff", True: DARK.background}


def draw(subject: Subject, positions: Mapping[str, Point], options: Options) -> Drawing:
    """The drawing, with the nodes at `positions`; those that are not named there lie where the layout puts them. Raises `DrawingProblem`."""
    graph = subject.graph if options.notes else replace(subject.graph, notes={})
    if not graph.nodes and not graph.notes:
        raise DrawingProblem("There is nothing to draw.")
    paper = "" if options.transparent else PAPER[options.dark]
    scene = GraphScene(recoloured(DARK if options.dark else LIGHT, background=paper or CLEAR))
    scene.look.set_hinting(QFont.HintingPreference.PreferNoHinting)
    plan, found = place(graph, None)
    scene.show_graph(graph, without_fixes(subject.reports), {name: positions.get(name, point) for name, point in found.items()}, plan)
    items = scene.items(Qt.SortOrder.AscendingOrder)
    area = QRectF()
    for item in items:
        area = area.united(item.sceneBoundingRect())
    area.adjust(-MARGIN, -MARGIN, MARGIN, MARGIN)
    return Drawing(area.toAlignedRect().toRectF(), PIXEL, lambda painter: _paint(painter, scene, items), paper, subject.title, 10 * PIXEL)


def _paint(painter: QPainter, scene: GraphScene, items: list[QGraphicsItem]) -> None:
    """Each item by itself: what a scene renders it clips, item by item, which makes vector files large and slow."""
    option = QStyleOptionGraphicsItem()
    for item in items:
        if item.isVisible():
            painter.save()
            painter.translate(item.pos())
            item.paint(painter, option, None)
            painter.restore()
