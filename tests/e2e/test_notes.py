"""Selections, keys, notes and finding in the real window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.canvas.view import GraphView
from app.panels.keys import KeysDialog
from ml.project.graph import Link, Node
from tests.e2e.studio import LEFT, NONE, Studio

SHIFT, CONTROL, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def view(studio: Studio) -> Iterator[GraphView]:
    """The canvas with a perceptron on it: input, flatten, dense, dropout, dense_1 … output."""
    studio.window.document.undo_stack.setClean()
    studio.window.files.new("mlp")
    view = studio.window.graph.view
    studio.window.activateWindow()
    view.setFocus()
    studio.until(view.hasFocus)
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


def test_a_frame_and_a_comment_are_put_on_the_canvas_and_moved_with_what_is_in_them(studio: Studio, view: GraphView) -> None:
    document, notes = studio.window.document, view.graph_scene.notes
    names = document.graph.sorted()[1:3]
    view.select(names)
    studio.key(Qt.Key.Key_F, CONTROL | SHIFT)
    studio.type("Encoder")
    studio.key(Qt.Key.Key_Return)
    frame = notes.items["note"]
    assert frame.note.text == "Encoder" and view.hasFocus()
    before = {name: view.graph_scene.nodes[name].pos() for name in names}
    grip = view.mapFromScene(frame.pos() + QPointF(80, 14))
    drag(studio, grip, grip + QPoint(90, 20))
    shift = frame.pos() - QPointF(*document.graph.notes["note"].place[:2])
    assert shift.isNull() and all(view.graph_scene.nodes[name].pos() != before[name] for name in names)
    studio.key(Qt.Key.Key_M, CONTROL | SHIFT)
    studio.type("why so wide?")
    studio.key(Qt.Key.Key_Return, CONTROL)
    assert document.graph.notes["note_1"].text == "why so wide?"
    for _ in range(3):
        QTest.keyClick(studio.window, Qt.Key.Key_Z, CONTROL)
    assert not document.graph.notes


def test_a_node_is_renamed_in_place(studio: Studio, view: GraphView) -> None:
    first = studio.window.document.graph.sorted()[0]
    studio.click_node(first)
    studio.key(Qt.Key.Key_F2)
    studio.type("pixels")
    studio.key(Qt.Key.Key_Return)
    assert view.selected() == ["pixels"] and studio.window.inspector.names == ["pixels"]


def drag(studio: Studio, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(studio.canvas, LEFT, NONE, start)
    QTest.mouseMove(studio.canvas, (start + end) / 2)
    QTest.mouseMove(studio.canvas, end)
    QTest.mouseRelease(studio.canvas, LEFT, NONE, end)


def test_find_goes_to_what_answers_and_the_error_key_to_what_is_wrong(studio: Studio, view: GraphView) -> None:
    document = studio.window.document
    last = document.graph.of_type("Dense")[-1]
    studio.window.library.search.setFocus()
    studio.key(Qt.Key.Key_F, CONTROL)
    studio.type(f"units={document.graph[last].arguments['units']}")
    assert view.selected() == [last] and view.find_bar.isVisible()
    studio.key(Qt.Key.Key_Escape)
    assert view.hasFocus()
    first = document.graph.of_type("Dense")[0]
    document.edit_graph(document.graph.with_node(first, Node("Dense", {"units": -3}, document.graph[first].inputs)), "Spoil it")
    studio.until(lambda: first in document.node_reports and document.node_reports[first].error)
    studio.key(Qt.Key.Key_F4)
    assert view.selected() == [first]


def test_the_menu_key_opens_what_can_be_done_with_a_node(studio: Studio, view: GraphView) -> None:
    studio.key(Qt.Key.Key_Down)
    studio.key(Qt.Key.Key_F10, SHIFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    QTest.keyClick(menu, Qt.Key.Key_D)
    assert len(view.selected()) == 1 and studio.window.document.undo_stack.undoText().startswith("Duplicate")


def test_two_branches_are_drawn_and_joined_without_the_mouse(studio: Studio, view: GraphView) -> None:
    document = studio.window.document
    names = document.graph.sorted()
    view.select([names[2]])
    studio.key(Qt.Key.Key_Tab)
    studio.type("add")
    studio.key(Qt.Key.Key_Return)
    assert view.selected() == ["add"] and document.graph["add"].inputs == (Link(names[2]),)
    studio.key(Qt.Key.Key_C, SHIFT)
    studio.type(names[3])
    studio.key(Qt.Key.Key_Return)
    assert document.graph["add"].inputs == (Link(names[2]), Link(names[3]))
    studio.key(Qt.Key.Key_X)
    assert document.graph["add"].inputs == ()


def test_the_overview_leads_to_the_end_of_a_long_graph(studio: Studio, view: GraphView) -> None:
    studio.window.files.new("vit")
    view.first_look()
    studio.until(lambda: view.minimap.isVisible() and view.minimap._extent == view.graph_scene.extent())
    last = studio.window.document.graph.of_type("Output")[0]
    QTest.mouseClick(view.minimap, LEFT, NONE, QPoint(view.minimap.width() // 2, view.minimap.height() - 8))
    assert view.minimap.seen().intersects(view.graph_scene.nodes[last].sceneBoundingRect())
    view.setFocus()
    studio.key(Qt.Key.Key_M)
    assert not view.minimap.isVisible()
    studio.key(Qt.Key.Key_M)


def test_a_selection_is_made_grown_zoomed_to_copied_and_spread(studio: Studio, view: GraphView) -> None:
    document = studio.window.document
    names = document.graph.sorted()
    view.zoom_to_fit()
    corner = studio.node_place(names[0]) - QPoint(150, 40)
    drag(studio, corner, studio.node_place(names[1]) + QPoint(10, 0))
    assert view.selected() == names[:2]
    QTest.mouseClick(studio.canvas, LEFT, SHIFT, studio.node_place(names[3]))
    assert set(view.selected()) == {names[0], names[1], names[3]}
    studio.key(Qt.Key.Key_F, SHIFT)
    shown = view.mapToScene(view.viewport().rect()).boundingRect()
    assert shown.contains(view.graph_scene.extent(view.selected()))
    studio.key(Qt.Key.Key_V, SHIFT)
    assert document.undo_stack.undoText() == "Distribute down"
    studio.key(Qt.Key.Key_D, CONTROL)
    assert len(document.graph.nodes) == len(names) + 3
    studio.key(Qt.Key.Key_Delete)
    assert list(document.graph.nodes) == list(dict.fromkeys(document.graph.nodes)) and len(document.graph.nodes) == len(names)


def test_the_right_button_opens_the_menu_of_what_is_under_it(studio: Studio, view: GraphView) -> None:
    name = studio.window.document.graph.sorted()[1]
    place = studio.canvas.mapTo(studio.window, studio.node_place(name))
    QTest.mouseClick(studio.window.windowHandle(), Qt.MouseButton.RightButton, NONE, place)
    studio.until(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and view.selected() == [name]
    copy = next(action for action in menu.actions() if action.text() == "&Copy")
    QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(copy).center())
    assert name in QApplication.clipboard().text()


def test_no_key_means_two_things_and_all_keys_can_be_looked_up(studio: Studio, view: GraphView) -> None:
    window = studio.window
    actions = {*window.actions_._actions.values(), *view.commands.values()}
    keys = [key.toString() for action in actions for key in action.shortcuts() if not key.isEmpty()]
    assert sorted(keys) == sorted(set(keys))
    studio.key(Qt.Key.Key_Slash, CONTROL)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, KeysDialog)
    studio.type("frame")
    assert not dialog.tree.findItems("Frame the Selection", Qt.MatchFlag.MatchRecursive | Qt.MatchFlag.MatchExactly)[0].isHidden()
    dialog.reject()
