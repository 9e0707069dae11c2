"""The real window with a hand: it finds what a person sees by its name, and moves the real mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QElapsedTimer, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QLineEdit,
    QScrollArea,
    QTabBar,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
    QWidget,
)

import main
from app.window import MainWindow
from ml.events import Progress
from ml.project.report import ProjectReport

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SECONDS = 180

Kind = TypeVar("Kind", bound=QWidget)


class Studio:
    """Starts the window as `main` does, in a folder of its own for settings and runs."""

    def __init__(self, folder: Path, width: int = 1280, height: int = 800) -> None:
        self.window: MainWindow = main.window(folder)
        self.window.resize(width, height)
        self.window.show()
        self.window.arrange()
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window)

    def close(self) -> None:
        """Close the window without questions."""
        self.window.document.undo_stack.setClean()
        if self.window.engines.is_training:
            self.press("Stop")
            self.until(lambda: not self.window.engines.is_training)
        self.window.close()

    # Waiting.

    def until(self, holds: Callable[[], object], seconds: float = SECONDS) -> None:
        """Let the window work until something holds; fail where it does not."""
        clock = QElapsedTimer()
        clock.start()
        while not holds():
            assert clock.elapsed() < seconds * 1000, "It did not come to pass."
            QTest.qWait(20)

    def until_checked(self) -> None:
        """Until the engine has answered for the project as it is."""
        self.until(lambda: self.window.document.report is not None and set(self.window.document.node_reports) == set(self.window.document.graph.nodes))

    # The hand.

    def press(self, name: str) -> None:
        """Click the visible button of this accessible name, or this text."""
        button = self.find(QAbstractButton, name)
        assert button.isEnabled(), f"{name} can't be pressed."
        QTest.mouseClick(button, LEFT, NONE, button.rect().center())

    def show_tab(self, title: str) -> None:
        """Click the tab with this title, of panels or of docks."""
        for bar in self.window.findChildren(QTabBar):
            for index in range(bar.count()):
                if bar.tabText(index).split(" (")[0] == title:
                    QTest.mouseClick(bar, LEFT, NONE, bar.tabRect(index).center())
                    return
        raise AssertionError(f"There is no tab {title}.")

    def choose(self, tree: QTreeWidget, title: str) -> None:
        """Double click the row with this text."""
        item = row(tree, title)
        tree.scrollToItem(item)
        place = tree.visualItemRect(item).center()
        QTest.mouseClick(tree.viewport(), LEFT, NONE, place)
        QTest.mouseDClick(tree.viewport(), LEFT, NONE, place)

    def click_node(self, name: str) -> None:
        """Click the middle of a node on the canvas."""
        self.window.graph.view.ensureVisible(self.window.graph.view.graph_scene.nodes[name])
        QTest.mouseClick(self.canvas, LEFT, NONE, self.node_place(name))
        assert self.window.graph.view.selected() == [name]

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        target = QApplication.focusWidget()
        assert target is not None, "Nothing has the focus."
        QTest.keyClicks(target, text)

    def fill(self, field: QLineEdit | QAbstractSpinBox, text: str) -> None:
        """Write into a field, in the place of what is there, and press Enter."""
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    # What is seen.

    @property
    def report(self) -> ProjectReport:
        """What the engine says of the project."""
        assert self.window.document.report is not None
        return self.window.document.report

    @property
    def progress(self) -> Progress:
        """Where the run is, as the training panel shows it."""
        assert self.window.training._progress is not None
        return self.window.training._progress

    @property
    def run(self) -> Path:
        """The folder of the run that has ended."""
        assert self.window.runs.folder is not None, self.window.training._words
        return Path(self.window.runs.folder)

    def find_panel(self, title: str) -> Any:
        """The panel under a tab below the graph."""
        tabs = self.window._below
        area = next(tabs.widget(index) for index in range(tabs.count()) if tabs.tabText(index) == title)
        return area.widget() if isinstance(area, QScrollArea) else area

    @property
    def canvas(self) -> QWidget:
        """What the mouse touches of the graph."""
        return self.window.graph.view.viewport()

    def node_place(self, name: str) -> QPoint:
        """Where a node's middle is in the canvas."""
        view = self.window.graph.view
        return view.mapFromScene(view.graph_scene.nodes[name].pos())

    def find(self, kind: type[Kind], name: str) -> Kind:
        """The visible widget of this kind and accessible name (or text, without its mnemonic), in any window, as soon as it is there."""
        self.until(lambda: _visible(kind, name), 10)
        return _visible(kind, name)[0]


def panels_below(window: MainWindow) -> Iterator[str]:
    """Each panel below the graph by its title, brought to the front as one asks for the next: again and again."""
    while True:
        window.show_training()
        for index in range(window._below.count()):
            window._below.setCurrentIndex(index)
            yield window._below.tabText(index)
        for name in ("Runs", "Queue"):
            window.docks[name].raise_()
            yield name


def _visible(kind: type[Kind], name: str) -> list[Kind]:
    windows = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    found = [widget for window in windows for widget in window.findChildren(kind) if widget.isVisible()]
    return [widget for widget in found if name in (widget.accessibleName(), widget.text().replace("&", "") if isinstance(widget, QAbstractButton) else "")]


def row(tree: QTreeWidget, title: str) -> QTreeWidgetItem:
    """The row of a tree with this text."""
    walk = QTreeWidgetItemIterator(tree)
    while (item := walk.value()) is not None:
        if item.text(0) == title:
            return item
        walk += 1
    raise AssertionError(f"There is no row {title}.")
