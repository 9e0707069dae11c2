"""The overview in the corner."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def near(view, minimap):
    view.set_zoom(2.0)
    view.centerOn(view.graph_scene.nodes["image"])
    minimap.refresh()


def test_it_is_there_while_not_all_can_be_seen(view):
    minimap = view.minimap
    view.zoom_to_fit()
    minimap.refresh()
    assert not minimap.isVisible()
    near(view, minimap)
    assert minimap.isVisible() and view.rect().contains(minimap.geometry())


def test_it_is_switched_off_and_on_again_by_a_key(view, hand, qtbot):
    qtbot.waitUntil(view.hasFocus)
    near(view, view.minimap)
    hand.key(Qt.Key.Key_M)
    assert not view.minimap.isVisible() and not view.commands["minimap"].isChecked()
    hand.key(Qt.Key.Key_M)
    assert view.minimap.isVisible()


def test_a_click_and_a_drag_go_there(view):
    minimap = view.minimap
    near(view, minimap)
    answer = view.graph_scene.nodes["answer"].sceneBoundingRect()
    place = minimap._on_map(answer).center().toPoint()
    QTest.mouseClick(minimap, LEFT, NONE, place)
    assert minimap.seen().contains(answer.center())
    QTest.mousePress(minimap, LEFT, NONE, place)
    QTest.mouseMove(minimap, QPoint(place.x(), minimap.height() // 2))
    QTest.mouseRelease(minimap, LEFT, NONE, place)
    middle = view.graph_scene.extent().center()
    assert abs(view.middle().y() - middle.y()) < 2 / minimap._scale


def test_it_shows_where_nodes_lie_now(view, qtbot):
    minimap = view.minimap
    near(view, minimap)
    before = minimap._extent
    view.graph_scene.move({"answer": view.graph_scene.nodes["answer"].pos() + QPointF(900, 0)})
    qtbot.waitUntil(lambda: minimap._extent != before)
    assert minimap._extent == view.graph_scene.extent()
    assert not minimap.grab().isNull()
