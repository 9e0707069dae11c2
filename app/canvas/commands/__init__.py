"""The canvas's commands as actions, with their keys, for the canvas itself and for the window's menus."""

from __future__ import annotations

from operator import attrgetter

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from app.canvas.sheet import Sheet
from ml.project.graph import BLOCK, DOWN

Keys = tuple[str, ...]

COMMANDS: tuple[tuple[str, str, Keys, str], ...] = (
    ("add", "&Add Node…", (), "editor.open_search"),
    ("cut", "Cu&t", ("Ctrl+X",), "editor.cut"),
    ("copy", "&Copy", ("Ctrl+C",), "editor.copy"),
    ("paste", "&Paste", ("Ctrl+V",), "editor.paste"),
    ("duplicate", "&Duplicate", ("Ctrl+D",), "editor.duplicate"),
    ("delete", "De&lete", ("Del", "Backspace"), "editor.delete_selected"),
    ("delete_open", "Delete Without C&losing", ("Shift+Del", "Shift+Backspace"), "editor.delete_open"),
    ("replace", "Re&place…", ("Ctrl+H", "R"), "editor.replace_selected"),
    ("select_all", "Select &All", ("Ctrl+A",), "selecting.all"),
    ("open_block", "&Open Block", ("Return", "Enter"), "blocks.open"),
    ("close_block", "&Leave Block", ("Ctrl+Up",), "blocks.close"),
    ("freeze", "Free&ze", ("Ctrl+K",), "freezing.freeze"),
    ("thaw", "Tha&w", ("Ctrl+Shift+K",), "freezing.thaw"),
    ("group", "&Group into a Block", ("Ctrl+G",), "blocks.group"),
    ("ungroup", "&Ungroup", ("Ctrl+Shift+G",), "blocks.ungroup"),
    ("share", "Duplicate, S&haring Weights", ("Ctrl+Shift+D",), "blocks.share"),
    ("independent", "Make &Independent", ("Ctrl+Shift+I",), "blocks.make_independent"),
    ("keep", "&Keep in My Blocks…", ("Ctrl+Shift+B",), "blocks.keep"),
    ("invert", "&Invert Selection", ("Ctrl+I",), "selecting.invert"),
    ("upstream", "Add All &Upstream", ("Ctrl+[",), "selecting.upstream"),
    ("downstream", "Add All &Downstream", ("Ctrl+]",), "selecting.downstream"),
    ("same_type", "All of the Same &Type", ("Ctrl+Shift+A",), "selecting.same_type"),
    ("next_node", "&Next Node", ("PgDown",), "selecting.next"),
    ("previous_node", "&Previous Node", ("PgUp",), "selecting.previous"),
    ("first_node", "&First Node", ("Home",), "selecting.first"),
    ("last_node", "&Last Node", ("End",), "selecting.last"),
    ("next_link", "Next Lin&k of the Node", ("L",), "selecting.next_link"),
    ("previous_link", "Pre&vious Link of the Node", ("Shift+L",), "selecting.previous_link"),
    ("align_left", "&Left Edges", ("Shift+A",), "aligning.left"),
    ("align_centre", "&Centres", ("Shift+X",), "aligning.centre"),
    ("align_right", "&Right Edges", ("Shift+D",), "aligning.right"),
    ("align_top", "&Upper Edges", ("Shift+W",), "aligning.top"),
    ("align_middle", "&Middles", ("Shift+Y",), "aligning.middle"),
    ("align_bottom", "L&ower Edges", ("Shift+S",), "aligning.bottom"),
    ("distribute_across", "Distribute &Across", ("Shift+H",), "aligning.across"),
    ("distribute_down", "Distribute &Down", ("Shift+V",), "aligning.down"),
    ("rename", "Rena&me…", ("F2",), "naming.rename"),
    ("comment", "Add Co&mment", ("Ctrl+Shift+M",), "notes.comment"),
    ("frame", "&Frame the Selection", ("Ctrl+Shift+F",), "notes.frame"),
    ("next_note", "Next Not&e", ("N",), "selecting.next_note"),
    ("previous_note", "Prev&ious Note", ("Shift+N",), "selecting.previous_note"),
    ("note_wider", "&Wider", ("Ctrl+Shift+Right",), "notes.wider"),
    ("note_narrower", "&Narrower", ("Ctrl+Shift+Left",), "notes.narrower"),
    ("note_higher", "&Higher", ("Ctrl+Shift+Down",), "notes.higher"),
    ("note_lower", "&Lower", ("Ctrl+Shift+Up",), "notes.lower"),
    ("layout", "Arrange &Graph", ("Ctrl+L",), "arranging.arrange"),
    ("flow", "Run Left to Ri&ght", ("Ctrl+Shift+L",), "arranging.turn"),
    ("connect", "Connect &To…", ("C",), "connector.feed"),
    ("connect_from", "Connect F&rom…", ("Shift+C",), "connector.take"),
    ("disconnect", "Disco&nnect", ("X",), "connector.cut"),
    ("minimap", "Over&view", ("M",), "minimap.toggle"),
    ("find", "&Find…", ("Ctrl+F",), "find_bar.open"),
    ("find_next", "Find Ne&xt", ("F3",), "find_bar.next"),
    ("find_previous", "Find Pre&vious", ("Shift+F3",), "find_bar.previous"),
    ("next_error", "Next &Error", ("F4",), "find_bar.next_error"),
    ("previous_error", "Previous Err&or", ("Shift+F4",), "find_bar.previous_error"),
    ("mend", "Men&d…", ("Ctrl+.",), "fixing.open"),
    ("menu", "Context Men&u", ("Shift+F10", "Menu"), "context_menu.open_selected"),
    ("fit", "Zoom to &Fit", ("F",), "zoom_to_fit"),
    ("fit_selection", "Zoom to &Selection", ("Shift+F",), "zoom_to_selection"),
    ("zoom_in", "Zoom &In", ("Ctrl++", "Ctrl+="), "zoom_in"),
    ("zoom_out", "Zoom &Out", ("Ctrl+-",), "zoom_out"),
    ("zoom_actual", "&Actual Size", ("Ctrl+0",), "zoom_actual"),
)
"""By id: the text, the keys, and the method, from the view on."""
LEAST = dict.fromkeys(("connect", "freeze", "thaw", "group", "share", "delete_open", "replace", "upstream", "downstream", "same_type", "fit_selection"), 1)
LEAST |= dict.fromkeys((id for id, *_ in COMMANDS if id.startswith("align_")), 2) | {"distribute_across": 3, "distribute_down": 3}
"""How many nodes must be selected for a command to make sense."""
WIDE = ("find", "find_next", "find_previous", "next_error", "previous_error")
"""Commands whose keys work wherever in the window the keyboard is."""
SWITCHES = ("minimap",)
"""Commands that switch something off and on again; it is on at first."""
NOTES = ("note_wider", "note_narrower", "note_higher", "note_lower")
"""Commands for selected notes alone."""


def make(view: Sheet) -> dict[str, QAction]:
    """The actions by id, with keys that work while the canvas has the keyboard."""
    actions = {}
    for id, text, keys, method in COMMANDS:
        action = QAction(text, view)
        action.setObjectName(f"canvas-{id}")
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut if id in WIDE else Qt.ShortcutContext.WidgetShortcut)
        action.setCheckable(id in SWITCHES)
        action.setChecked(id in SWITCHES)
        call = attrgetter(method)(view)
        action.triggered.connect(lambda checked=False, call=call: call())
        view.addAction(action)
        actions[id] = action
    return actions


def enable(view: Sheet) -> None:
    """Offer what can be done with what is selected now, and nothing else."""
    names, actions = [name for name in view.selected() if name in view.document.graph.nodes], view.commands
    actions["layout"].setText("Arrange &Selection" if len(names) > 1 else "Arrange &Graph")
    actions["flow"].setText("Run Left to Ri&ght" if view.document.graph.flow == DOWN else "Run Top to &Bottom")
    for id, least in LEAST.items():
        actions[id].setEnabled(len(names) >= least)
    link, notes = view.graph_scene.picked_link is not None, view.graph_scene.notes.selected()
    for id in ("cut", "copy", "duplicate", "frame"):
        actions[id].setEnabled(bool(names or notes))
    for id in NOTES:
        actions[id].setEnabled(bool(notes))
    actions["connect_from"].setEnabled(len(names) == 1)
    actions["disconnect"].setEnabled(bool(names) or link)
    actions["rename"].setEnabled(len(names) == 1 or (len(notes) == 1 and not names))
    actions["delete"].setEnabled(bool(names or notes) or link)
    actions["next_link"].setEnabled(link or len(names) == 1)
    actions["previous_link"].setEnabled(link or len(names) == 1)
    actions["open_block"].setEnabled(len(names) == 1 and view.document.graph[names[0]].type == BLOCK)
    chosen = [view.document.graph[name] for name in names]
    actions["ungroup"].setEnabled(any(node.type == BLOCK for node in chosen))
    actions["keep"].setEnabled(len(chosen) == 1 and chosen[0].graph is not None)
    actions["independent"].setEnabled(any(node.shares for node in chosen))
    actions["close_block"].setEnabled(bool(view.document.scope))
