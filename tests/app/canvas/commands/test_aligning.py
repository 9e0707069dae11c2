"""Cards in line."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt

from app.canvas.commands.aligning import aligned, distributed

RECTS = {"a": QRectF(0, 0, 100, 20), "b": QRectF(50, 100, 40, 20), "c": QRectF(300, 30, 60, 40)}


def moved(shifts):
    return {name: RECTS[name].translated(shift) for name, shift in shifts.items()}


@pytest.mark.parametrize(
    ("line", "edge", "place"),
    [
        ("left", QRectF.left, 0),
        ("right", QRectF.right, 360),
        ("top", QRectF.top, 0),
        ("bottom", QRectF.bottom, 120),
        ("centre", lambda rect: rect.center().x(), 180),
        ("middle", lambda rect: rect.center().y(), 60),
    ],
)
def test_edges_and_middles_come_into_line(line, edge, place):
    assert {edge(rect) for rect in moved(aligned(RECTS, line)).values()} == {place}


def test_gaps_become_equal_and_the_outermost_stay():
    rects = moved(distributed(RECTS, across=True))
    assert rects["a"] == RECTS["a"] and rects["c"] == RECTS["c"]
    assert rects["b"].left() - rects["a"].right() == rects["c"].left() - rects["b"].right()
    rects = moved(distributed(RECTS, across=False))
    assert rects["c"].top() - rects["a"].bottom() == rects["b"].top() - rects["c"].bottom()


def test_aligning_is_one_step(document, view, hand):
    hand.drag(hand.card("conv"), hand.card("conv") + QPointF(120, 0))
    view.select(["conv", "flatten", "block"])
    hand.key(Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    assert len({view.graph_scene.nodes[name].box().rect.left() for name in view.selected()}) == 1
    assert document.undo_stack.undoText() == "Align left edges" and document.undo_stack.count() == 2
    hand.key(Qt.Key.Key_V, Qt.KeyboardModifier.ShiftModifier)
    cards = {name: view.graph_scene.nodes[name].box().rect for name in view.selected()}
    gaps = cards["flatten"].top() - cards["conv"].bottom(), cards["block"].top() - cards["flatten"].bottom()
    assert abs(gaps[0] - gaps[1]) < 0.01
