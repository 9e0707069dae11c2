"""The menus on the canvas."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from ml.project.graph import Link

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def menu_at(view):
    def open_at(point: QPointF) -> QMenu:
        place = view.mapFromScene(point)
        QApplication.sendEvent(view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.viewport().mapToGlobal(place)))
        return opened()

    yield open_at
    while (menu := QApplication.activePopupWidget()) is not None:
        menu.close()


def opened() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def texts(menu: QMenu) -> list[str]:
    return [action.text().replace("&", "") for action in menu.actions() if not action.isSeparator()]


def choose(text: str) -> None:
    menu = opened()
    action = next(action for action in menu.actions() if action.text().replace("&", "") == text)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, menu.actionGeometry(action).center())


def test_a_nodes_menu_is_for_that_node_or_for_all_that_are_selected_with_it(document, view, hand, menu_at):
    view.select(["image"])
    assert "Rename…" in texts(menu_at(hand.card("conv"))) and view.selected() == ["conv"]
    choose("Delete")
    assert "conv" not in document.graph.nodes
    view.select(["flatten", "block"])
    assert {"Align", "Select", "Frame the Selection"} <= set(texts(menu_at(hand.card("block")))) and view.selected() == ["flatten", "block"]


def test_a_links_menu_puts_a_node_into_it_or_cuts_it(document, view, hand, menu_at):
    middle = (hand.output("conv") + hand.input("flatten")) / 2
    menu_at(middle)
    assert view.graph_scene.picked_link == ("flatten", 0)
    choose("Insert a Node…")
    hand.write("dropout")
    assert document.graph["flatten"].inputs == (Link("dropout"),)


def test_the_canvas_has_a_menu_of_its_own(document, view, hand, menu_at):
    spot = QPointF(260, 60)
    assert {"Add a Node Here…", "Add a Comment Here", "Paste", "Find…"} <= set(texts(menu_at(spot)))
    choose("Add a Node Here…")
    hand.write("dense")
    x, y = document.graph["dense"].position
    assert abs(x - spot.x()) < 2 and abs(y - spot.y()) < 2


def test_a_note_takes_its_colour_from_its_menu(document, view, hand, menu_at):
    view.select(["conv"])
    view.notes.frame()
    view.writing.close_field()
    menu = menu_at(view.graph_scene.notes.items["note"].pos() + QPointF(60, 12))
    colours = next(action for action in menu.actions() if action.text() == "&Colour").menu()
    next(action for action in colours.actions() if action.text() == "Green").trigger()
    assert document.graph.notes["note"].colour == "green"


def test_the_menu_key_opens_the_menu_of_what_is_selected_and_arrows_choose(document, view, hand, menu_at, qtbot):
    qtbot.waitUntil(view.hasFocus)
    view.select(["conv"])
    hand.key(Qt.Key.Key_F10, SHIFT)
    menu = opened()
    while menu.activeAction().text() != "&Copy":
        QTest.keyClick(menu, Qt.Key.Key_Down)
    assert menu.activeAction().shortcut().toString() == "Ctrl+C"
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    view.select([])
    hand.key(Qt.Key.Key_Menu)
    assert "Paste" in texts(opened())
