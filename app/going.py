"""Where the keyboard goes: each part of the window has a key that brings it to the front and gives it the focus."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QTabWidget, QWidget

if TYPE_CHECKING:
    from app.window import MainWindow


def run_table(window: MainWindow) -> QWidget:
    """The table of all runs; before the panel is there the training."""
    if window.run_list is None:
        return window.training
    return window.run_list.table if window.run_list.model.runs else window.run_list.search


PLACES: tuple[tuple[str, str, str, Callable[[MainWindow], QWidget]], ...] = (
    ("go_graph", "&Graph", "Ctrl+1", lambda window: window.graph.view),
    ("go_library", "&Library", "Ctrl+2", lambda window: window.library.search),
    ("go_outline", "&Outline", "Ctrl+3", lambda window: window.outline.tree),
    ("go_history", "&History", "Ctrl+4", lambda window: window.history),
    ("go_node", "&Node", "Ctrl+5", lambda window: window.inspector),
    ("go_code", "&Code", "Ctrl+6", lambda window: window.code.text),
    ("go_training", "&Training", "Ctrl+7", lambda window: window.training),
    ("go_runs", "&Runs", "Ctrl+8", run_table),
    ("go_queue", "&Queue", "Ctrl+9", lambda window: window.docks["Queue"].widget() or window.training),
)
"""By id: the words, the key, and what is gone to."""


def go(window: MainWindow, place: Callable[[MainWindow], QWidget]) -> None:
    """Bring a part of the window to the front, whatever dock and tab it is in, and give it the keyboard."""
    target = place(window)
    for dock in window.docks.values():
        if dock.isAncestorOf(target):
            dock.show()
            dock.raise_()
    for tabs in window.findChildren(QTabWidget):
        for index in range(tabs.count()):
            page = tabs.widget(index)
            if page is not None and (page is target or page.isAncestorOf(target)):
                tabs.setCurrentIndex(index)
    target.activateWindow()  # a dock that floats is a window of its own
    _first(target).setFocus(Qt.FocusReason.ShortcutFocusReason)


def _first(target: QWidget) -> QWidget:
    """The first thing in a part of the window that takes keys: itself, or one of its fields and buttons."""
    inside = [widget for widget in target.findChildren(QWidget) if widget.isVisible() and widget.isEnabled() and not isinstance(widget, QScrollArea)]
    return next((widget for widget in [target, *inside] if widget.focusPolicy() & Qt.FocusPolicy.TabFocus), target)
