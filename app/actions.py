"""Everything a person can ask of the window as actions: their words, shortcuts and icons, the menus and the toolbar."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from app import theme
from app.going import PLACES, go
from app.panels.training.run_chooser import titles

if TYPE_CHECKING:
    from app.window import MainWindow

Keys = QKeySequence.StandardKey
THEMES = {"system": "As the System", "light": "Light", "dark": "Dark"}
TRAINING = ("train", "pause", "step", "finish", "stop")
WHEN = {
    "ended": {"train"},
    "preparing": {"stop"},
    "running": {"pause", "step", "finish", "stop"},
    "paused": {"pause", "step", "finish", "stop"},
    "ending": set(),
}
"""Which training actions there are, by the job's state."""


class Actions(QObject):
    """The window's actions by name, as attributes of `actions[name]`."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self._actions: dict[str, QAction] = {}
        self._icons: dict[str, str] = {}
        self._add_file_actions()
        self._add_edit_actions()
        self._add_training_actions()
        self._fill_menus()
        self._fill_toolbar()
        self.recolour()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def recolour(self) -> None:
        """Draw the icons in the theme's colours."""
        for name, icon in self._icons.items():
            accent = theme.colours().accent_text if name == "train" else ""
            self._actions[name].setIcon(theme.icon(icon, accent))

    def follow_job(self, state: str) -> None:
        """Enable what can be asked of a job in this state."""
        for name in TRAINING:
            self[name].setEnabled(name in WHEN[state])
        self["pause"].setText("&Continue" if state == "paused" else "&Pause")
        self._icons["pause"] = "play" if state == "paused" else "pause"
        self["pause"].setIcon(theme.icon(self._icons["pause"]))

    def _add(
        self, name: str, text: str, slot: Callable[[], object], keys: QKeySequence | Keys | str | list[str] = "", icon: str = "", tip: str = ""
    ) -> QAction:
        action = self._actions[name] = QAction(text, self.window)
        action.setShortcuts([QKeySequence(key) for key in keys] if isinstance(keys, list) else [QKeySequence(keys)])
        action.triggered.connect(lambda _checked=False: slot())
        plain = text.replace("&", "").removesuffix("…")
        shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tip or plain}" + (f" ({shortcut})" if shortcut else ""))
        if icon:
            self._icons[name] = icon
        return action

    def _add_file_actions(self) -> None:
        window, files = self.window, self.window.files
        self._add("new", "&New…", window.show_start, Keys.New, "new", "Choose a template or a dataset to begin with")
        self._add("open", "&Open…", files.open, Keys.Open, "open", "Open a project or a .keras file")
        self._add("open_run", "Open a R&un…", files.open_run)
        self._add("save", "&Save", files.save, Keys.Save, "save")
        self._add("save_as", "Save &As…", files.save_as, "Ctrl+Shift+S")
        self._add("unsaved", "Unsaved &Work…", window.show_unsaved, tip="What windows that died left unsaved")
        self._add("import", "&Import a .keras File…", files.open)
        self._add("export", "&Export…", window.show_export, "Ctrl+E", "export", "Write the model as .keras, weights, SavedModel, TFLite, ONNX or Python")
        self._add("drawing", "Export &Drawing…", window.show_drawing, "Ctrl+Shift+E", tip="Write the graph as SVG, PDF or PNG, also as a figure for a paper")
        self._add("close", "&Quit", window.close, "Ctrl+Q")
        self._add("compare", "&Compare…", window.show_compare, "Ctrl+Shift+C", tip="Compare with the saved file, a template, another project or a run")
        for name, text, key, place in PLACES:
            self._add(name, text, partial(go, window, place), key)
        self._add("arrange", "&Reset Panels", window.arrange, tip="Show every panel, as large as in a new window")
        self._add("about", "&About Neural Atelier", window.show_about)
        self._add("report", "Report a &Problem…", window.show_report, tip="What is known of this system and of what went wrong; nothing is sent")
        self._add("keys", "&Keys…", window.show_keys, "Ctrl+/", tip="Every command and its keys")
        self._add("page", "About This &Template", window.show_page, "F1")

    def _add_edit_actions(self) -> None:
        stack = self.window.document.undo_stack
        self._add("undo", "&Undo", stack.undo, Keys.Undo, "undo")
        self._add("redo", "&Redo", stack.redo, list({key.toString() for key in QKeySequence.keyBindings(Keys.Redo)} | {"Ctrl+Y"}), "redo")
        stack.canUndoChanged.connect(self["undo"].setEnabled)
        stack.canRedoChanged.connect(self["redo"].setEnabled)
        stack.undoTextChanged.connect(lambda text: self["undo"].setText(f"&Undo {text}".strip()))
        stack.redoTextChanged.connect(lambda text: self["redo"].setText(f"&Redo {text}".strip()))
        self["undo"].setIconText("Undo")
        self["redo"].setIconText("Redo")
        self["undo"].setEnabled(False)
        self["redo"].setEnabled(False)
        self._actions |= self.window.graph.view.commands
        self._icons |= {"layout": "layout", "fit": "fit"}

    def _add_training_actions(self) -> None:
        runs = self.window.runs
        self._add("train", "&Train", runs.train, ["Ctrl+R", "F5"], "play", "Train the model from the beginning")
        self._add(
            "train_later", "Train &Later", runs.train_later, "Ctrl+Shift+R", "", "Put a run of this project in line: it begins when those before it have ended"
        )
        self._add("pause", "&Pause", runs.pause, "F6", "pause", "Hold the training, or go on with it")
        self._add("step", "&One Step", runs.step, "F7", "step", "Make one training step, then hold")
        self._add("finish", "&Finish Now and Keep the Best", runs.finish, "F8", "flag")
        self._add("stop", "&Stop", runs.stop, "Shift+F5", "stop", "End now and keep the weights as they are")
        self.follow_job("ended")

    def _fill_menus(self) -> None:
        bar = self.window.menuBar()
        file = bar.addMenu("&File")
        self._put(file, "new", "open")
        self.recent = file.addMenu("Open &Recent")
        self.recent.setToolTipsVisible(True)
        self.recent.aboutToShow.connect(self._fill_recent)
        self._put(file, "open_run", "", "save", "save_as", "unsaved", "", "import", "export", "drawing", "", "close")
        edit = bar.addMenu("&Edit")
        self._put(edit, "undo", "redo", "", "cut", "copy", "paste", "duplicate", "delete", "delete_open", "replace", "rename", "")
        self._put(edit, "add", "connect", "connect_from", "disconnect", "comment", "frame", "")
        self._put(edit, "find", "find_next", "find_previous", "next_error", "previous_error", "mend", "")
        select = edit.addMenu("&Select")
        self._put(select, "select_all", "invert", "upstream", "downstream", "same_type", "", "next_node", "previous_node", "first_node", "last_node")
        self._put(select, "", "next_link", "previous_link", "next_note", "previous_note")
        self._put(edit, "", "group", "ungroup", "open_block", "close_block", "share", "independent", "keep", "", "freeze", "thaw", "", "layout", "flow")
        align = edit.addMenu("Ali&gn")
        self._put(align, "align_left", "align_centre", "align_right", "", "align_top", "align_middle", "align_bottom", "", "distribute_across")
        self._put(align, "distribute_down")
        view = bar.addMenu("&View")
        self._put(view, "fit", "fit_selection", "zoom_in", "zoom_out", "zoom_actual", "minimap", "")
        self._put(view.addMenu("&Go To"), *(name for name, _, _, _ in PLACES))
        view.addActions([dock.toggleViewAction() for dock in self.window.docks.values()])
        self._put(view, "arrange", "", "compare")
        view.addSeparator()
        self._fill_themes(view.addMenu("&Theme"))
        training = bar.addMenu("&Training")
        self._put(training, "train", "train_later", "", "pause", "step", "", "finish", "stop", "")
        self.shown_run = training.addMenu("Sho&w Run")
        self.shown_run.aboutToShow.connect(self._fill_runs)
        self._put(bar.addMenu("&Help"), "page", "keys", "", "report", "about")

    def _fill_recent(self) -> None:
        self.recent.clear()
        for path in self.window.settings.recent:
            self.recent.addAction(path.name.replace("&", "&&"), partial(self.window.files.open, path)).setToolTip(str(path))
        if self.recent.isEmpty():
            self.recent.addAction("Nothing Yet").setEnabled(False)

    def _fill_runs(self) -> None:
        """The runs that are under way; the one that the panels show is marked."""
        self.shown_run.clear()
        runs = self.window.runs
        for (folder, _, _), title in zip(runs.choice, titles(runs.choice), strict=True):
            action = self.shown_run.addAction(title.replace("&", "&&"), partial(runs.show, folder))
            action.setCheckable(True)
            action.setChecked(folder == runs.shown)
        if self.shown_run.isEmpty():
            self.shown_run.addAction("Nothing Trains").setEnabled(False)

    def _fill_themes(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for choice, text in THEMES.items():
            action = group.addAction(QAction(text, menu, checkable=True, checked=choice == self.window.settings.theme))
            action.triggered.connect(partial(self.window.set_theme, choice))
        menu.addActions(group.actions())

    def _fill_toolbar(self) -> None:
        bar = QToolBar("Toolbar")
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setIconSize(QSize(18, 18))
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._put(bar, "new", "open", "save", "", "undo", "redo", "", "layout", "fit")
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(gap)
        self._put(bar, "export", "train")
        for name, style in {"train": Qt.ToolButtonStyle.ToolButtonTextBesideIcon, "export": Qt.ToolButtonStyle.ToolButtonTextBesideIcon}.items():
            button = bar.widgetForAction(self[name])
            if isinstance(button, QToolButton):
                button.setToolButtonStyle(style)
                button.setProperty("kind", "primary" if name == "train" else "")
        self["export"].setIconText("Export")
        self.window.addToolBar(bar)

    def _put(self, into: QMenu | QToolBar, *names: str) -> None:
        for name in names:
            if name:
                into.addAction(self[name])
            else:
                into.addSeparator()
