"""The canvas's commands as actions, with their keys, for the canvas itself and for the window's menus."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

if TYPE_CHECKING:
    from app.canvas.view import GraphView

Keys = tuple[str, ...]

COMMANDS: tuple[tuple[str, str, Keys, str], ...] = (
    ("add", "&Add Node…", (), "open_search"),
    ("cut", "Cu&t", ("Ctrl+X",), "editor.cut"),
    ("copy", "&Copy", ("Ctrl+C",), "editor.copy"),
    ("paste", "&Paste", ("Ctrl+V",), "editor.paste"),
    ("duplicate", "&Duplicate", ("Ctrl+D",), "editor.duplicate"),
    ("delete", "De&lete", ("Del", "Backspace"), "editor.delete_selected"),
    ("select_all", "Select &All", ("Ctrl+A",), "selecting.all"),
    ("open_block", "&Open Block", ("Return", "Enter"), "blocks.open"),
    ("close_block", "&Leave Block", ("Ctrl+Up",), "blocks.close"),
    ("next_node", "Select &Next Node", ("Alt+Down", "Alt+Right"), "selecting.next"),
    ("previous_node", "Select &Previous Node", ("Alt+Up", "Alt+Left"), "selecting.previous"),
    ("layout", "Arrange &Graph", ("Ctrl+L",), "layout_graph"),
    ("fit", "Zoom to &Fit", ("F",), "zoom_to_fit"),
    ("zoom_in", "Zoom &In", ("Ctrl++", "Ctrl+="), "zoom_in"),
    ("zoom_out", "Zoom &Out", ("Ctrl+-",), "zoom_out"),
    ("zoom_actual", "&Actual Size", ("Ctrl+0",), "zoom_actual"),
)
"""By id: the text, the keys, and the method, from the view on."""


def make(view: GraphView) -> dict[str, QAction]:
    """The actions by id, with keys that work while the canvas has the keyboard."""
    actions = {}
    for id, text, keys, method in COMMANDS:
        action = QAction(text, view)
        action.setObjectName(f"canvas-{id}")
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        call = attrgetter(method)(view)
        action.triggered.connect(lambda checked=False, call=call: call())
        view.addAction(action)
        actions[id] = action
    return actions
