"""Selections, keys, notes and finding in the real window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt

from app.canvas.view import GraphView
from tests.e2e.studio import Studio

SHIFT, CONTROL, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def view(studio: Studio) -> Iterator[GraphView]:
    """The canvas with a perceptron on it: input, flatten, dense, dropout, dense_1 … output."""
    studio.window.document.undo_stack.setClean()
    studio.window.files.new("mlp")
    view = studio.window.graph.view
    view.setFocus()
    yield view
    while studio.window.document.undo_stack.canUndo():
        studio.window.document.undo_stack.undo()


def test_the_graph_is_walked_edited_and_aligned_by_keys_alone(studio: Studio, view: GraphView) -> None:
    document = studio.window.document
    names = document.graph.sorted()
    for name in names[:3]:
        studio.key(Qt.Key.Key_Down)
        assert view.selected() == [name] and view.accessibleDescription().startswith(f"{name}: ")
    studio.key(Qt.Key.Key_BracketRight, CONTROL)
    assert view.selected() == names[2:]
    studio.key(Qt.Key.Key_I, CONTROL)
    assert view.selected() == names[:2]
    studio.key(Qt.Key.Key_Right, ALT)
    studio.key(Qt.Key.Key_W, SHIFT)
    assert document.undo_stack.undoText() == "Align upper edges"
    studio.key(Qt.Key.Key_Home)
    studio.key(Qt.Key.Key_L)
    studio.key(Qt.Key.Key_Delete)
    assert document.graph[names[1]].inputs == ()
