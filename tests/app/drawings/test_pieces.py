"""Where the parts of a flow diagram lie: no line runs under a box, where it could not be seen."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QLineF, QPointF, QRectF

from app.canvas.layout.parts import chain
from app.drawings.nets import Subject, net
from app.drawings.options import Options
from app.drawings.pieces import Measure, Room, lay_out
from ml import catalog

MEASURE = Measure(step=lambda step: (20.0, 60.0), label=lambda frame: Room(above=8.0, after=10.0), gap=12.0, lane=14.0)


def hidden(piece):
    """The lines that go through the inside of a box: its corners' diagonals are crossed."""
    found = []
    for box in piece.boxes:
        rect = QRectF(box.along - box.length / 2, box.across - box.width / 2, box.length, box.width).adjusted(1, 1, -1, -1)
        diagonals = [QLineF(rect.topLeft(), rect.bottomRight()), QLineF(rect.topRight(), rect.bottomLeft())]
        for wire in piece.wires:
            lines = [QLineF(QPointF(*a), QPointF(*b)) for a, b in pairwise(wire.points)]
            if any(line.intersects(diagonal)[0] == QLineF.IntersectionType.BoundedIntersection for line in lines for diagonal in diagonals):
                found.append((box.step.name, wire.points))
    return found


@pytest.mark.parametrize("template", list(catalog.templates()))
def test_every_line_of_a_template_can_be_seen(template):
    for graph in catalog.new(template).models.values():
        assert hidden(lay_out(chain(net(Subject(graph), Options()), fold=True), MEASURE)) == []
