"""The canvas's commands as actions, with their keys, for the canvas itself and for the window's menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

if TYPE_CHECKING:
    from app.canvas.view import GraphView

Keys = tuple[str, ...]

COMMANDS: tuple[tuple[str, str, Keys, str], ...] = (
    ("add", "&Add Node…", (), "open_search"),
    ("cut", "Cu&t", ("Ctrl+X",), "cut"),
    ("copy", "&Copy", ("Ctrl+C",), "copy"),
    ("paste", "&Paste", ("Ctrl+V",), "paste"),
    ("duplicate", "&Duplicate", ("Ctrl+D",), "duplicate"),
    ("delete", "De&lete", ("Del", "Backspace"), "delete_selected"),
    ("select_all", "Select &All", ("Ctrl+A",), "select_all"),
    ("open_block", "&Open Block", ("Return", "Enter"), "open_block"),
    ("close_block", "&Leave Block", ("Ctrl+Up",), "close_block"),
    ("next_node", "Select &Next Node", ("Alt+Down", "Alt+Right"), "select_next"),
    ("previous_node", "Select &Previous Node", ("Alt+Up", "Alt+Left"), "select_previous"),
    ("layout", "Arrange &Graph", ("Ctrl+L",), "layout_graph"),
    ("fit", "Zoom to &Fit", ("F",), "zoom_to_fit"),
    ("zoom_in", "Zoom &In", ("Ctrl++", "Ctrl+="), "zoom_in"),
    ("zoom_out", "Zoom &Out", ("Ctrl+-",), "zoom_out"),
    ("zoom_actual", "&Actual Size", ("Ctrl+0",), "zoom_actual"),
)
"""By id: the text, the keys, and the method of the view, or else of its editor."""


def make(view: GraphView) -> dict[str, QAction]:
    """The actions by id, with keys that work while the canvas has the keyboard."""
    actions = {}
    for id, text, keys, method in COMMANDS:
        action = QAction(text, view)
        action.setObjectName(f"canvas-{id}")
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        call = getattr(view, method, None) or getattr(view.editor, method)
        action.triggered.connect(lambda checked=False, call=call: call())
        view.addAction(action)
        actions[id] = action
    return actions
