"""Comments and frames, with the mouse and the keyboard."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication
from PySide6.QtTest import QTest

from app.canvas.items.notes import wrapped, writing_font
from app.canvas.palette import DARK, LIGHT
from ml.project.graph import Link, Note
from tests.app.canvas.conftest import GRAPH, project

SHIFT, CONTROL, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
ENTER = Qt.Key.Key_Return


def write(view, text, key=ENTER, modifiers=CONTROL):
    QTest.keyClicks(view.writing, text)
    QTest.keyClick(view.writing, key, modifiers)


@pytest.fixture
def framed(qtbot, view, hand):
    """A frame called `features` around conv and flatten."""
    qtbot.waitUntil(view.hasFocus)
    view.select(["conv", "flatten"])
    hand.key(Qt.Key.Key_F, CONTROL | SHIFT)
    write(view, "features")
    return view.graph_scene.notes.items["note"]


def test_a_comment_is_written_where_the_canvas_is_looked_at(document, view, hand):
    hand.key(Qt.Key.Key_M, CONTROL | SHIFT)
    write(view, "Try dropout here")
    assert document.graph.notes["note"].text == "Try dropout here"
    assert view.graph_scene.notes.selected() == ["note"] and view.accessibleDescription() == "comment: Try dropout here"
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert not document.graph.notes and not view.graph_scene.notes.items


def test_a_comment_without_words_is_none(document, view, hand):
    hand.key(Qt.Key.Key_M, CONTROL | SHIFT)
    QTest.keyClick(view.writing, Qt.Key.Key_Escape)
    assert document.is_clean and view.hasFocus() and not view.writing.isVisible()
    view.notes.comment()
    write(view, "  ")
    assert document.is_clean


def test_going_elsewhere_keeps_what_was_written(document, view, hand):
    view.select(["conv"])
    view.notes.comment()
    QTest.keyClicks(view.writing, "half a thought")
    hand.click(QPointF(-380, 600))
    assert document.graph.notes["note"].text == "half a thought"
    assert document.graph.notes["note"].place[0] > view.graph_scene.nodes["conv"].box().rect.right()


def test_a_frame_lies_around_the_selection_with_its_title_in_one_step(document, view, framed):
    assert document.graph.notes["note"].text == "features"
    assert document.undo_stack.count() == 1 and document.undo_stack.undoText() == "Frame 2 nodes"
    for name in ("conv", "flatten"):
        assert framed.rect().contains(view.graph_scene.nodes[name].box().rect)
    assert not framed.rect().intersects(view.graph_scene.nodes["image"].box().rect)


def test_a_frame_takes_along_what_lies_in_it(document, view, hand, framed):
    before, corner = view.graph_scene.positions(), framed.pos()
    hand.drag(corner + QPointF(60, 12), corner + QPointF(160, 42))
    after = view.graph_scene.positions()
    assert {name for name in before if before[name] != after[name]} == {"conv", "flatten"}
    assert after["conv"] == (before["conv"][0] + 100, before["conv"][1] + 30) and framed.pos() == corner + QPointF(100, 30)
    assert document.undo_stack.undoText() == "Move a frame"
    document.undo_stack.undo()
    assert view.graph_scene.positions() == before and framed.pos() == corner


def test_nodes_in_a_frame_are_dragged_and_selected_as_ever(view, hand, framed):
    corner = framed.pos()
    hand.drag(hand.card("conv"), hand.card("conv") + QPointF(30, 0))
    assert framed.pos() == corner and view.selected() == ["conv"]
    hand.drag(QPointF(framed.rect().left() + 12, hand.card("flatten").y() - 10), hand.card("flatten"))
    assert view.selected() == ["flatten"] and not view.graph_scene.notes.selected()


def test_a_frame_is_resized_by_its_handles(document, view, hand, framed):
    rect = framed.rect()
    corner = rect.bottomRight() - QPointF(4, 4)
    hand.drag(corner, corner + QPointF(50, 20))
    assert abs(framed.rect().right() - rect.right() - 50) < 6 and abs(framed.rect().bottom() - rect.bottom() - 20) < 6
    assert framed.rect().topLeft() == rect.topLeft() and document.undo_stack.undoText() == "Resize a frame"


def test_and_by_keys(document, view, hand, framed):
    rect = framed.rect()
    hand.key(Qt.Key.Key_Right, CONTROL | SHIFT)
    hand.key(Qt.Key.Key_Down, CONTROL | SHIFT)
    assert framed.rect() == rect.adjusted(0, 0, 16, 16) and document.undo_stack.count() == 2


def test_escape_gives_up_a_resize(document, view, hand, framed):
    rect = framed.rect()
    hand.press(rect.bottomRight() - QPointF(4, 4))
    hand.move(rect.bottomRight() + QPointF(80, 80))
    assert framed.rect() != rect
    hand.key(Qt.Key.Key_Escape)
    assert framed.rect() == rect


def test_a_double_click_writes_on_a_note(document, view, hand, framed):
    hand.double_click(framed.pos() + QPointF(60, 12))
    view.writing.selectAll()
    write(view, "encoder")
    assert document.graph.notes["note"].text == "encoder"


def test_a_comment_grows_with_its_words(document, view, hand):
    view.notes.comment(QPointF(200, 0))
    write(view, "word " * 60)
    low = document.graph.notes["note"].place[3]
    hand.key(Qt.Key.Key_F2)
    write(view, "word " * 60)
    assert document.graph.notes["note"].place[3] > low > 60


def test_notes_are_deleted_and_what_lay_in_a_frame_stays(document, view, hand, framed):
    hand.key(Qt.Key.Key_Delete)
    assert not document.graph.notes and "conv" in document.graph.nodes and document.undo_stack.undoText() == "Delete a frame"


def test_a_frame_is_copied_with_the_nodes_in_it(document, view, hand, framed):
    hand.key(Qt.Key.Key_C, CONTROL)
    assert "features" in QGuiApplication.clipboard().text()
    hand.key(Qt.Key.Key_V, CONTROL)
    assert document.graph.notes["note_1"].text == "features" and "flatten_1" in document.graph.nodes
    assert view.graph_scene.notes.selected() == ["note_1"] and view.selected() == ["conv_1", "flatten_1"]
    assert QRectF(*document.graph.notes["note_1"].place) == framed.rect().translated(32, 32)


def test_a_frame_is_cut_with_the_nodes_in_it_and_pasted_again(document, view, hand, framed):
    hand.key(Qt.Key.Key_X, CONTROL)
    assert not document.graph.notes and not {"conv", "flatten"} & set(document.graph.nodes)
    hand.key(Qt.Key.Key_V, CONTROL)
    assert document.graph.notes["note"].text == "features" and document.graph["flatten"].inputs == (Link("conv"),)


def test_notes_are_walked_and_nudged_by_keys(document, view, hand, framed):
    view.select(["image"])
    hand.key(Qt.Key.Key_N)
    assert view.graph_scene.notes.selected() == ["note"] and view.selected() == []
    corner, conv = framed.pos(), hand.card("conv")
    hand.key(Qt.Key.Key_Right, ALT)
    hand.key(Qt.Key.Key_Right, ALT)
    assert framed.pos() == corner + QPointF(16, 0) and hand.card("conv") == conv + QPointF(16, 0)
    assert document.undo_stack.count() == 2


def test_notes_are_coloured_in_both_themes(document, view, framed):
    view.notes.colour("pink")
    assert document.graph.notes["note"].colour == "pink" and list(LIGHT.notes) == list(DARK.notes)
    view.graph_scene.set_palette(DARK)
    assert framed.look.palette.note(document.graph.notes["note"].colour) is DARK.notes["pink"]


def test_a_rubber_band_takes_comments_that_it_touches_and_frames_that_it_holds(document, view, hand, framed):
    view.notes.comment(QPointF(150, -200))
    write(view, "here")
    hand.drag(QPointF(145, -210), QPointF(200, -180))
    assert view.graph_scene.notes.selected() == ["note_1"]
    rect = framed.rect()
    hand.drag(rect.topLeft() - QPointF(20, 5), rect.bottomRight() + QPointF(10, 5))
    assert view.graph_scene.notes.selected() == ["note"] and {"conv", "flatten"} <= set(view.selected())


def test_a_project_with_notes_is_shown_with_them(document, view):
    graph = GRAPH.with_nodes(dict(GRAPH.nodes))
    document.open(project(type(graph)(graph.nodes, {"hello": Note("Hello", (300, 0, 200, 60))})))
    assert view.graph_scene.extent().contains(QRectF(300, 0, 200, 60))
    for zoom in (1.0, 0.25, 0.1):
        view.set_zoom(zoom)
        assert not view.grab().isNull()


def test_a_node_is_renamed_on_its_card(document, view, hand):
    view.select(["conv"])
    hand.key(Qt.Key.Key_F2)
    write(view, "first", modifiers=Qt.KeyboardModifier.NoModifier)
    assert "first" in document.graph.nodes and document.graph["flatten"].inputs[0].node == "first"
    assert view.selected() == ["first"] and view.hasFocus()


def test_a_name_that_is_taken_says_so_and_is_not_kept(document, view, hand):
    view.select(["conv"])
    hand.key(Qt.Key.Key_F2)
    write(view, "flatten", modifiers=Qt.KeyboardModifier.NoModifier)
    assert view.writing.isVisible() and "already" in view.hint.text() and view.hint.isVisible()
    QTest.keyClick(view.writing, Qt.Key.Key_Escape)
    assert document.is_clean and not view.hint.isVisible()


def test_a_comment_lies_on_no_node_after_the_graph_is_turned(document, view, hand):
    for name in ("conv", "image"):
        view.select([name])
        view.notes.comment()
        write(view, f"beside {name}")
    view.arranging.turn()
    for item in view.graph_scene.notes.items.values():
        assert not any(item.rect().intersects(node.box().rect) for node in view.graph_scene.nodes.values())
        assert abs(item.rect().center().x() - hand.card(item.note.text.split()[1]).x()) < 400


def test_the_field_grows_with_the_lines_that_are_written(view):
    view.notes.comment(QPointF(150, 0))
    low = view.writing.height()
    QTest.keyClicks(view.writing, "word " * 40)
    assert view.writing.height() > low
    view.writing.close_field()


def test_lines_with_pictures_in_them_are_no_wider_than_their_paper(view):
    font, text = writing_font(view.graph_scene.look), 12 * "\N{GRINNING FACE}" + 3 * " and then some more words"
    lines = wrapped(text, font, 180)
    assert "".join(lines) == text and all(QFontMetricsF(font).horizontalAdvance(line.strip()) <= 180 for line in lines)
