"""The figure of a multi-layer perceptron as neurons: a column of circles for each layer, all joined with all of the next."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import prod

from app.canvas.layout.parts import Step
from app.drawings import captions, shapes
from app.drawings.drawing import DrawingProblem
from app.drawings.ink import BLACK, MUTED, ink
from app.drawings.mainline import main_line
from app.drawings.nets import Subject, net
from app.drawings.options import Options, closed
from app.drawings.shapes import MILLIMETRE, POINT, Figure, Shape, Words
from ml.project.graph import INPUT, OUTPUT

RADIUS, PITCH = 3.6 * POINT, 10.5 * POINT
CLOSEST, WIDEST = 16 * MILLIMETRE, 34 * MILLIMETRE
"""Between two columns."""
PASSED = {OUTPUT, "Flatten", "Reshape", "Rescaling", "Normalization", "GaussianNoise", "LayerNormalization", "AlphaDropout", "GaussianDropout"}
"""Nodes that leave the numbers where they are."""


@dataclass(frozen=True)
class Column:
    """A layer: its words, how many neurons it has, and the category for its colour."""

    caption: str
    count: int
    category: str


def draw(subject: Subject, options: Options) -> Figure:
    """The figure. Raises `DrawingProblem` where the graph is no chain of `Dense` layers of known sizes."""
    found = columns(subject, options)
    colours = ink(options)
    room = options.width * MILLIMETRE - 2 * RADIUS
    said = [text for column in found for text in (column.caption, f"{column.count:,}" if options.sizes else "")]
    words = max(shapes.extent(text, colours.small)[0] for text in said) + 0.8 * colours.size
    apart = max(min(WIDEST, max(CLOSEST, room / (len(found) - 1))), words)
    places = [[(index * apart, y) for y in _heights(column.count, options.circles)] for index, column in enumerate(found)]
    lowest = max(y for column in places for _, y in column) + RADIUS
    marks: list[Shape | Words] = [
        shapes.line([a, b], "#9a9a9a" if colours.inks == "colour" else "#777777", 0.3 * POINT)
        for before, after in pairwise(places)
        for a in before
        for b in after
    ]
    for column, circles in zip(found, places, strict=True):
        marks += [shapes.circle(x, y, RADIUS, colours.fill(column.category, 0.7), colours.stroke(column.category), 0.6 * POINT) for x, y in circles]
        if column.count > len(circles):
            marks += [shapes.circle(circles[0][0], dot * 2.6 * POINT, 0.55 * POINT, BLACK, "") for dot in (-1, 0, 1)]
        x, y = circles[0][0], lowest + 0.9 * colours.size
        marks.append(Words(column.caption, x, y, colours.small, BLACK))
        marks.append(Words(f"{column.count:,}" if options.sizes else "", x, y + 1.1 * colours.size, colours.small, MUTED))
    return shapes.figure(marks)


def columns(subject: Subject, options: Options) -> list[Column]:
    """The layers along the main line."""
    whole = net(subject, closed(options))
    found: list[Column] = []
    line = main_line(whole)
    for name in line:
        step = whole.parts[name]
        assert isinstance(step, Step)
        type, sizes = step.node.type, captions.sizes_of(step.report)
        if type in (INPUT, "Dense"):
            if not sizes or None in sizes:
                raise DrawingProblem(f"How many numbers come out of {name} is not known yet.")
            caption = captions.caption(step.node, step.name, step.joined, options.names, arguments=False)
            if type == "Dense" and options.arguments and (active := captions.active(step.node, step.joined)):
                caption = f"{caption}, {active}"
            found.append(Column(caption, prod(size or 1 for size in sizes), INPUT if type == INPUT else "Core"))
        elif type not in PASSED and not captions.is_small(step.node):
            raise DrawingProblem(f"{name} is a {type}. Neurons show networks of Dense layers one after another; a flow diagram shows any.")
    if len(found) < 2:
        raise DrawingProblem("Neurons show networks of Dense layers one after another, and there is none here.")
    if beside := next((name for name in whole.names if name not in line and subject.graph[name].type != OUTPUT), ""):
        raise DrawingProblem(f"{beside} lies beside the others. Neurons show networks of Dense layers one after another; a flow diagram shows any.")
    return [*found[:-1], Column(found[-1].caption, found[-1].count, OUTPUT)]


def _heights(count: int, most: int) -> list[float]:
    """Where the circles of a column are, around 0; with a gap for the dots where not all are shown."""
    if count <= most:
        return [(index - (count - 1) / 2) * PITCH for index in range(count)]
    half = max(1, most // 2)
    lower = [(index + 1) * PITCH for index in range(half)]
    return [-y for y in reversed(lower)] + lower
