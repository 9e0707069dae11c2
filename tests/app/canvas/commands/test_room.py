"""What comes out of a block lies on nothing."""

from itertools import combinations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ml.project.graph import RIGHT

BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def overlapping(view):
    cards = {name: item.box().rect for name, item in view.graph_scene.nodes.items()}
    return [(a, b) for a, b in combinations(cards, 2) if cards[a].intersects(cards[b])]


@pytest.mark.parametrize("flow", ["down", RIGHT])
@pytest.mark.parametrize("repeat", [1, 3])
def test_nodes_out_of_a_block_lie_on_no_other(document, view, hand, flow, repeat):
    graph = document.graph
    document.edit_graph(replace(graph.with_node("block", replace(graph["block"], repeat=repeat)), flow=flow), "Repeat")
    view.select(["block"])
    hand.key(Qt.Key.Key_G, BOTH)
    assert len(view.selected()) == repeat
    assert overlapping(view) == []


def test_a_group_comes_apart_as_it_was(document, view, hand):
    before = view.graph_scene.positions()
    view.select(["conv", "flatten", "block"])
    hand.key(Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view.writing, Qt.Key.Key_Return)
    assert overlapping(view) == []
    hand.key(Qt.Key.Key_G, BOTH)
    assert {name: (round(x), round(y)) for name, (x, y) in view.graph_scene.positions().items()} == before
