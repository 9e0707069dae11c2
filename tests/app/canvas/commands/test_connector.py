"""Links by keys alone."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from ml.project.graph import Link

SHIFT = Qt.KeyboardModifier.ShiftModifier
ENTER = Qt.Key.Key_Return


@pytest.fixture
def add(qtbot, view):
    qtbot.waitUntil(view.hasFocus)
    return view.add_node("Add", QPointF(300, 380))


def press(view, key):
    QTest.keyClick(view.connector.field, key)


def rows(view):
    return [view.connector.list.item(row).text() for row in range(view.connector.list.count())]


def test_a_name_is_typed_and_enter_connects(document, view, hand, add):
    view.select(["conv"])
    hand.key(Qt.Key.Key_C)
    assert view.connector.isVisible() and rows(view)[0] == f"{add} · inputs 1"
    QTest.keyClicks(view.connector.field, "add")
    press(view, ENTER)
    assert document.graph[add].inputs == (Link("conv"),) and document.undo_stack.undoText() == f"Connect conv to {add}"
    assert view.hasFocus() and view.selected() == ["conv"]


def test_the_link_is_drawn_before_it_is_made_and_escape_gives_it_up(document, view, hand, add):
    steps = document.undo_stack.count()
    view.select(["image"])
    hand.key(Qt.Key.Key_C)
    preview = view.connector._preview
    assert preview.path().currentPosition() == hand.input(add) and view.graph_scene.nodes[add].lit == ("input", 0)
    assert view.connector.field.accessibleDescription() == f"{add} · inputs 1"
    press(view, Qt.Key.Key_Escape)
    assert view.connector._preview is None and view.graph_scene.nodes[add].lit is None
    assert document.undo_stack.count() == steps and view.hasFocus()


def test_a_node_is_asked_what_feeds_it(document, view, hand, add):
    view.select([add])
    hand.key(Qt.Key.Key_C, SHIFT)
    assert set(rows(view)) == {"image", "conv", "flatten", "block"}
    QTest.keyClicks(view.connector.field, "flatten")
    press(view, ENTER)
    assert document.graph[add].inputs == (Link("flatten"),)


def test_an_output_is_asked_what_feeds_it(document, view, hand, add):
    view.editor.edit_graph(document.graph.linked("answer", 0, None), "Cut")
    view.select(["answer"])
    hand.key(Qt.Key.Key_C)
    assert rows(view)[0] in ("block", add)


def test_several_nodes_feed_one(document, view, hand, add):
    view.select(["image", "conv"])
    hand.key(Qt.Key.Key_C)
    press(view, ENTER)
    assert document.graph[add].inputs == (Link("image"), Link("conv"))


def test_where_nothing_fits_it_says_so(view, hand, qtbot):
    said = []
    view.status.connect(said.append)
    qtbot.waitUntil(view.hasFocus)
    view.select(["conv"])
    hand.key(Qt.Key.Key_C)
    hand.key(Qt.Key.Key_C, SHIFT)
    view.select(["image"])
    hand.key(Qt.Key.Key_C, SHIFT)
    assert not view.connector.isVisible() and said.pop() == "image takes no inputs."
    assert said == ["There is no free input that conv could feed.", "Every input of conv is taken: cut a link first (L selects one, Del cuts it)."]


def test_tab_changes_the_port_at_the_selected_node(document, view, hand, qtbot):
    qtbot.waitUntil(view.hasFocus)
    name = view.add_node("Attention", QPointF(300, 380))
    hand.key(Qt.Key.Key_C, SHIFT)
    assert "query" in view.connector.title.text()
    press(view, Qt.Key.Key_Tab)
    assert "value" in view.connector.title.text()
    QTest.keyClicks(view.connector.field, "conv")
    press(view, ENTER)
    assert document.graph[name].inputs == (None, Link("conv"))


def test_a_node_is_disconnected_by_a_key(document, view, hand, add):
    view.select(["flatten"])
    hand.key(Qt.Key.Key_X)
    assert document.graph["flatten"].inputs == () and document.graph["block"].inputs == ()
    document.undo_stack.undo()
    assert document.graph["block"].inputs == (Link("flatten"),)


def test_the_list_lies_over_neither_the_node_nor_its_link(view, hand, add):
    for _ in range(2):
        view.zoom_to_fit()
        view.select(["conv"])
        hand.key(Qt.Key.Key_C)
        card = view.mapFromScene(view.graph_scene.nodes[add].box().rect).boundingRect()
        assert view.rect().contains(view.connector.geometry()) and not card.intersects(view.connector.geometry())
        press(view, Qt.Key.Key_Escape)
        view.arranging.turn()
