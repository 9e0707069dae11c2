"""From what a person chose to the drawing."""

from __future__ import annotations

from collections.abc import Mapping

from app.canvas.layout import Point
from app.drawings import canvas, flow, neurons, volumes
from app.drawings.drawing import Drawing
from app.drawings.fitting import fitting
from app.drawings.nets import Subject
from app.drawings.options import Options
from app.drawings.shapes import POINT

MARGIN = 1.5 * POINT
FIGURES = {"flow": flow.draw, "volumes": volumes.draw, "neurons": neurons.draw}


def make(subject: Subject, positions: Mapping[str, Point], options: Options) -> Drawing:
    """The drawing of `subject`, whose nodes lie at `positions` on the canvas. Raises `DrawingProblem`."""
    if options.style == "canvas":
        return canvas.draw(subject, positions, options)
    figure = FIGURES[options.style](subject, options)
    area = figure.rect.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
    scale = fitting(area, options)
    paper = "" if options.transparent else "#ffffff"
    return Drawing(area, scale / POINT, figure.paint, paper, subject.title, figure.smallest * scale / POINT)
