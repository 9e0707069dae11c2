"""A hand that knows nothing: it clicks, drags, turns the wheel, types and chooses from the menus of the real window, wherever chance has it."""

from __future__ import annotations

import gc
import random
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QThread, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QMessageBox, QWidget
from shiboken6 import isValid

from app.window import MainWindow

LEFT, RIGHT, MIDDLE, NOTHING = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.NoButton
PRESS, RELEASE = QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease
DOUBLE, MOVE = QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseMove
MODIFIERS = [Qt.KeyboardModifier.NoModifier] * 6 + [Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier]
KEYS = [
    *(getattr(Qt.Key, f"Key_{letter}") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
    *(getattr(Qt.Key, f"Key_{name}") for name in ("Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown", "Tab", "Backtab")),
    *(getattr(Qt.Key, f"Key_{name}") for name in ("Return", "Escape", "Delete", "Backspace", "Space", "F1", "F2", "F3", "Plus", "Minus", "Period", "Slash")),
]
SHAPES = [(1280, 800), (1600, 1000), (900, 600)]
LOST_FILES = "none/there.atelier"
YES_NO = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No
BUTTONS = ("Save", "Discard", "Cancel", "Yes", "No", "Ok")


class Gestures(QObject):
    """Makes so many gestures, one after another, also inside of whatever dialog or menu one of them opens; `done` says when."""

    def __init__(self, window: MainWindow, seed: int, count: int) -> None:
        super().__init__(window)
        self.window, self.left = window, count
        self.chance = random.Random(seed)
        self.trail: deque[str] = deque(maxlen=40)
        """The latest gestures, for whoever looks for the one that did it."""
        self._levels: list[int] = []
        """Of the gestures that are not at their end, how many event loops there were when they began."""

    @property
    def done(self) -> bool:
        """Whether all were made and nothing that they opened is left."""
        return self.left <= 0 and QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None

    def go(self) -> None:
        """Make one gesture, and have the next one come after it, or in the middle of it where it opens a dialog."""
        level = QThread.currentThread().loopLevel()
        if self._levels and level <= self._levels[-1]:  # in the middle of a gesture, and it has opened nothing that waits
            QTimer.singleShot(1, self.go)
            return
        QTimer.singleShot(0, self.go if self.left > 0 else self.leave)
        self.left -= 1
        doing = self.chance.choices([self.click, self.drag, self.wheel, self.key, self.choose, self.settle], [30, 12, 4, 30, 12, 3])[0]
        self._levels.append(level)
        self._try(doing)
        self._levels.pop()

    def leave(self) -> None:
        """Close what is open, until the window is alone."""
        for shown in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
            if shown is not None:
                self._try(lambda shown=shown: self._close(shown))
                QTimer.singleShot(0, self.leave)
                return

    def _try(self, doing: Callable[[], None]) -> None:
        """Do it, but for what Qt made itself, as the popup of a combo box, where Python still takes it for what was there: it can't be touched."""
        try:
            doing()
        except RuntimeError as error:
            if "already deleted" not in str(error) or traceback.extract_tb(error.__traceback__)[-1].filename != __file__:
                raise
            gc.collect()

    # The gestures.

    def click(self) -> None:
        target, place = self._place()
        button = self.chance.choices([LEFT, RIGHT, MIDDLE], [10, 3, 1])[0]
        modifiers = self.chance.choice(MODIFIERS)
        double = self.chance.random() < 0.15
        self._note(f"{'double ' if double else ''}click {button.name} {modifiers.name}", target, place)
        for kind in (PRESS, RELEASE, DOUBLE, RELEASE)[: 4 if double else 2]:
            self._mouse(target, kind, button, modifiers, place)
        if button is RIGHT and isValid(target) and target.isVisible():
            QApplication.sendEvent(target, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, target.mapToGlobal(place), modifiers))

    def drag(self) -> None:
        target, start = self._place()
        end = start + QPoint(self.chance.randrange(-200, 200), self.chance.randrange(-200, 200))
        modifiers = self.chance.choice(MODIFIERS)
        self._note(f"drag {modifiers.name} to {end.x()}, {end.y()}", target, start)
        self._mouse(target, PRESS, LEFT, modifiers, start)
        for part in (0.1, 0.5, 1.0):
            self._mouse(target, MOVE, LEFT, modifiers, start + (end - start) * part)
        self._mouse(target, RELEASE, LEFT, modifiers, end)

    def wheel(self) -> None:
        target, place = self._place()
        turn = QPoint(0, self.chance.choice((-360, -120, 120, 360)))
        self._note(f"wheel {turn.y()}", target, place)
        there, phase = QPointF(place), Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(there, QPointF(target.mapToGlobal(place)), QPoint(), turn, NOTHING, self.chance.choice(MODIFIERS), phase, False)
        QApplication.sendEvent(target, event)

    def key(self) -> None:
        front = self._front()
        target = QApplication.focusWidget()
        if target is None or not isValid(target) or target.window() is not front:
            target = front
        key, modifiers = self.chance.choice(KEYS), self.chance.choice(MODIFIERS)
        self._note(f"key {key.name} {modifiers.name}", target, QPoint())
        QTest.keyClick(target, key, modifiers)

    def choose(self) -> None:
        """An action of the menus, where no dialog is in the way."""
        if QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None:
            return
        actions = [action for action in actions_in(self.window) if action.isEnabled() and action.isVisible()]
        action = self.chance.choice(actions)
        self._note(f"choose {action.text()}")
        action.trigger()

    def settle(self) -> None:
        """What a person does after a while: close what is open, bring the window to the front, give it another size."""
        shown = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        self._note(f"settle {type(shown).__name__}")
        if shown is not None:
            self._close(shown)
            return
        for other in QApplication.topLevelWidgets():
            if other is not self.window and isValid(other) and other.isVisible() and other.isWindow():
                other.close()
        self.window.resize(*self.chance.choice(SHAPES))
        self.window.activateWindow()

    # Where.

    def _front(self) -> QWidget:
        """What a hand can reach: the menu that is open, else the dialog in front, else any of the windows."""
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if front is not None and isValid(front):
            return front
        if front is not None:  # Qt made it where another one was, which Python still takes it for
            QTest.keyClick(self.window.windowHandle(), Qt.Key.Key_Escape)
            return self.window
        others = [each for each in QApplication.topLevelWidgets() if isValid(each) and each.isVisible() and each.isWindow() and each is not self.window]
        return self.chance.choice(others) if others and self.chance.random() < 0.2 else self.window

    def _place(self) -> tuple[QWidget, QPoint]:
        """A widget and a place in it; in the main window mostly on the canvas, and there mostly on a node."""
        front, view = self._front(), self.window.graph.view
        if front is self.window and self.chance.random() < 0.5:
            names = list(view.graph_scene.nodes)
            if names and self.chance.random() < 0.6:
                place = view.mapFromScene(view.graph_scene.nodes[self.chance.choice(names)].pos())
                return view.viewport(), place + QPoint(self.chance.randrange(-70, 70), self.chance.randrange(-24, 24))
            front = view.viewport()
        place = QPoint(self.chance.randrange(max(1, front.width())), self.chance.randrange(max(1, front.height())))
        target = front.childAt(place)
        if target is None or not isValid(target) or not target.isEnabled():
            return front, place
        return target, target.mapFrom(front, place)

    def _mouse(self, target: QWidget, kind: QEvent.Type, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier, place: QPoint) -> None:
        """One event, where its widget is still there: the one before may have closed its window."""
        if isValid(target) and target.isVisible():
            which = NOTHING if kind == MOVE else button
            held = NOTHING if kind == RELEASE else button
            QApplication.sendEvent(target, QMouseEvent(kind, QPointF(place), QPointF(target.mapToGlobal(place)), which, held, modifiers))

    def _close(self, shown: QWidget) -> None:
        if not isValid(shown):
            QTest.keyClick(self.window.windowHandle(), Qt.Key.Key_Escape)
        elif isinstance(shown, QDialog):
            shown.reject()
        else:
            shown.close()

    def _note(self, what: str, target: QWidget | None = None, place: QPoint | None = None) -> None:
        where = f" at {place.x()}, {place.y()} of {type(target).__name__}" if place is not None else ""
        self.trail.append(f"{self.left}: {what}{where}")


def actions_in(window: MainWindow) -> list[QAction]:
    """Every action of the menu bar, also those in menus of menus."""

    def walk(menu: QMenu) -> Iterator[QAction]:
        for action in menu.actions():
            inner = action.menu()
            if isinstance(inner, QMenu):
                yield from walk(inner)
            elif not action.isSeparator():
                yield action

    return [action for top in window.menuBar().actions() if isinstance(menu := top.menu(), QMenu) for action in walk(menu)]


class Answers:
    """In the place of dialogs that wait: files that are there or not, a folder, nothing; and of questions any button that they have."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance

    def opened(self, *arguments: object) -> tuple[str, str]:
        found = [str(path) for path in self.folder.iterdir() if path.is_file()]
        return self.chance.choice(["", str(self.folder / LOST_FILES), str(self.folder), *found]), ""

    def saved(self, *arguments: object) -> tuple[str, str]:
        names = ("a.atelier", "b.atelier", "c.png", LOST_FILES)
        return self.chance.choice(["", *(str(self.folder / name) for name in names)]), ""

    def chosen(self, *arguments: object) -> str:
        return self.chance.choice(["", str(self.folder)])

    def question(self, parent: QWidget, title: str, text: str, buttons: QMessageBox.StandardButton = YES_NO, *default: object) -> QMessageBox.StandardButton:
        return self.chance.choice([button for button in QMessageBox.StandardButton if button.value and button in buttons and button.name in BUTTONS])

    def said(self, *arguments: object) -> None:
        """A message is read and closed."""
