"""The bar that finds, by keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from ml.project.report import NodeReport, ProjectReport

SHIFT, CONTROL, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
ENTER = Qt.Key.Key_Return


@pytest.fixture
def bar(qtbot, view, hand):
    qtbot.waitUntil(view.hasFocus)
    hand.key(Qt.Key.Key_F, CONTROL)
    assert view.find_bar.field.hasFocus()
    return view.find_bar


def press(bar, key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(bar.field, key, modifiers)


def test_typing_shows_the_first_and_enter_goes_on(document, view, bar):
    QTest.keyClicks(bar.field, "in")
    assert view.selected() == ["image"] and document.scope == ()
    press(bar, Qt.Key.Key_Backspace)
    QTest.keyClicks(bar.field, "nput")
    assert bar.count.text() == "1 of 2"
    press(bar, ENTER)
    assert document.scope == ("block",) and view.selected() == ["input"] and bar.count.text() == "2 of 2"
    press(bar, ENTER)
    assert document.scope == () and view.selected() == ["image"]
    press(bar, Qt.Key.Key_F3, SHIFT)
    assert view.selected() == ["input"]


def test_escape_gives_the_keys_back_and_f3_goes_on_without_the_bar(view, bar, hand):
    QTest.keyClicks(bar.field, "filters=32")
    press(bar, Qt.Key.Key_Escape)
    assert not bar.isVisible() and view.hasFocus() and view.selected() == ["conv"]
    view.select([])
    hand.key(Qt.Key.Key_F3)
    assert view.selected() == ["conv"] and not bar.isVisible()


def test_nothing_found_says_so_and_moves_nothing(view, bar):
    QTest.keyClicks(bar.field, "no such thing")
    view.select([])
    press(bar, ENTER)
    assert bar.count.text() == "nothing" and view.selected() == []


def test_all_that_was_found_here_is_selected_at_once(view, bar):
    QTest.keyClicks(bar.field, "=")
    press(bar, ENTER, ALT)
    assert set(view.selected()) == {"image", "conv"}


def test_the_buttons_do_the_same(qtbot, view, bar):
    QTest.keyClicks(bar.field, "conv")
    view.select([])
    button = next(button for button in bar.findChildren(QToolButton) if button.accessibleName() == "Find next")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert view.selected() == ["conv"]


def test_the_error_key_goes_from_one_error_to_the_next_also_into_blocks(document, view, hand, qtbot):
    said = []
    view.status.connect(said.append)
    qtbot.waitUntil(view.hasFocus)
    hand.key(Qt.Key.Key_F4)
    reports = {"conv": NodeReport(error="too small."), "block": NodeReport(error="inside, dense: odd.", inside={"dense": NodeReport(error="odd.")})}
    document.set_report(ProjectReport({"model": reports}, 0, 0))
    hand.key(Qt.Key.Key_F4)
    assert view.selected() == ["conv"]
    hand.key(Qt.Key.Key_F4)
    assert document.scope == ("block",) and view.selected() == ["dense"]
    hand.key(Qt.Key.Key_F4, SHIFT)
    assert document.scope == () and view.selected() == ["conv"]
    document.set_report(ProjectReport({"model": {}}, 0, 0))
    hand.key(Qt.Key.Key_F4)
    assert said == ["The graph is being checked.", "1 of 2: conv: too small.", "2 of 2: dense: odd.", "1 of 2: conv: too small.", "Nothing is wrong."]
