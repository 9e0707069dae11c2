"""Selections by command."""

from PySide6.QtCore import QPointF, Qt

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def test_all_and_the_others(view, hand):
    view.select(["conv"])
    hand.key(Qt.Key.Key_I, CONTROL)
    assert view.selected() == ["image", "flatten", "block", "answer"]
    hand.key(Qt.Key.Key_A, CONTROL)
    assert len(view.selected()) == 5


def test_all_that_comes_before_and_after(view, hand):
    view.select(["flatten"])
    hand.key(Qt.Key.Key_BracketLeft, CONTROL)
    assert view.selected() == ["image", "conv", "flatten"]
    view.select(["flatten"])
    hand.key(Qt.Key.Key_BracketRight, CONTROL)
    assert view.selected() == ["flatten", "block", "answer"]


def test_all_of_the_same_type(view, hand):
    name = view.add_node("Flatten", QPointF(300, 40))
    hand.key(Qt.Key.Key_A, CONTROL | SHIFT)
    assert view.selected() == ["flatten", name]


def test_a_rubber_band_with_shift_adds(view, hand):
    view.select(["answer"])
    hand.drag(hand.card("conv") + QPointF(-160, -40), hand.card("flatten") + QPointF(-60, 5), SHIFT)
    assert view.selected() == ["conv", "flatten", "answer"]


def test_zooming_to_what_is_selected(view, hand):
    view.select(["conv", "flatten"])
    hand.key(Qt.Key.Key_F, SHIFT)
    shown = view.mapToScene(view.viewport().rect()).boundingRect()
    assert shown.contains(view.graph_scene.extent(["conv", "flatten"])) and view.zoom == 1.0


def test_commands_are_offered_where_they_make_sense(view):
    view.select(["conv"])
    assert view.commands["upstream"].isEnabled() and not view.commands["align_left"].isEnabled()
    view.select(["conv", "flatten"])
    assert view.commands["align_left"].isEnabled() and not view.commands["distribute_across"].isEnabled()
    view.select([])
    assert not view.commands["upstream"].isEnabled() and not view.commands["fit_selection"].isEnabled()
