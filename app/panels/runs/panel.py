"""The panel of all runs: a table to search and sort, what is known of the selected one, and what can be done with them."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.panels.panel import described
from app.panels.request import Request
from app.panels.runs.columns import FOLDER, NAME, TAGS
from app.panels.runs.commands import Commands, Keys, one, readable, stopped, two
from app.panels.runs.curves import RunCurves
from app.panels.runs.details import Details
from app.panels.runs.difference import DifferenceWindow
from app.panels.runs.model import RunsModel
from app.panels.runs.query import HELP, terms
from app.panels.runs.store import Store
from app.panels.runs.table import RunsTable
from app.panels.runs.taking import Taking
from app.settings import Settings
from app.theme import GRID, label
from ml.runs import labels
from ml.runs.summary import Summary

EVERY_MILLISECONDS = 1000
ALL = "All folders"
EMPTY = "No model has been trained yet. Each run that you start is listed here and kept: press Train, and come back."
NOT_FOUND = "No run is like that. Search for other words, or in all folders."


class RunsPanel(QWidget):
    """Reads the runs about each second while it can be seen."""

    open_requested = Signal(str)
    """The folder of a run that is to be shown in the panels."""
    graph_requested = Signal(str)
    """The folder of a run whose graph is to be opened as a project."""
    resume_requested = Signal(str)
    """The folder of a run that is to go on."""
    selected = Signal(list)
    """The folders of the selected runs."""

    def __init__(self, settings: Settings, request: Request, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.settings = settings
        self._request = request
        self.store = Store(settings.runs, self)
        self.model = RunsModel(self)
        self.table = RunsTable(self.model, self._tags, self._folders)
        self.search, self.folder, self.columns = QLineEdit(clearButtonEnabled=True), QComboBox(), QPushButton("&Columns")
        self.details, self.curves = Details(self.store), RunCurves()
        self.taking = Taking(settings.runs, self)
        self.beside = QTabWidget(documentMode=True)
        self.said, self.undo, self.dismiss = label(wrap=False), QPushButton("&Undo"), QToolButton()
        self.commands = Commands(self)
        self.difference: DifferenceWindow | None = None
        self._timer = QTimer(self, interval=EVERY_MILLISECONDS)
        self._shown_step = 0
        self._is_searching = False
        self._hidden: list[str] = []
        """What is selected, where a search hides some of it."""
        self._lay_out()
        self._add_commands()
        self._wire()
        self.table.show_layout(settings.runs_table)
        self._show_state()

    # What others ask for.

    def leave(self) -> None:
        """Write what is not written yet, and wait for it."""
        self.details.flush()
        self._timer.stop()
        self.taking.close()
        self.store.close()
        if self.difference is not None:
            self.difference.close()

    def select(self, folder: str) -> None:
        """Select a run, also where the search has hidden it."""
        if self.model.row_of(folder) < 0:
            self.search.clear()
            self.folder.setCurrentIndex(0)
            self._search()
        self.table.select([folder])

    # Events.

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.store.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_theme_change(event) and hasattr(self, "table"):
            self.table.viewport().update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lead from the search into the table with the arrow down, and clear it with Escape."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self.table.setFocus()
                if not self.table.currentIndex().isValid():
                    self.table.setCurrentIndex(self.model.index(0, 0))
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    # Showing.

    def _show_all(self, runs: list[Summary]) -> None:
        self.model.show_all(runs)
        self._fill_folders()
        self._choose()
        self._show_state()

    def _show_state(self) -> None:
        """Show the table, or say why there is nothing in it."""
        self._nothing.setText(NOT_FOUND if self.store.runs else EMPTY)
        self._stack.setCurrentIndex(0 if self.model.runs else 1)
        total, shown = len(self.store.runs), len(self.model.runs)
        self._count.setText(f"{shown:,} of {total:,}" if shown != total else f"{total:,} run{'s' if total != 1 else ''}" if total else "")

    def _search(self) -> None:
        """Show what is searched for; what was selected and is hidden by it is selected again when it comes back."""
        wanted = self._hidden or [run.folder for run in self.table.selected()]
        self._is_searching = True
        self.model.search(terms(self.search.text()), str(self.folder.currentData() or ""))
        shown = [folder for folder in wanted if self.model.row_of(folder) >= 0]
        if shown != [run.folder for run in self.table.selected()]:
            self.table.select(shown)
        self._hidden = wanted if len(shown) < len(wanted) else []
        self._is_searching = False
        self._show_state()

    def _fill_folders(self) -> None:
        """Offer the folders that there are, each with how many runs are in it."""
        names = self._folders()
        if names == [self.folder.itemData(number) for number in range(1, self.folder.count())]:
            return
        chosen = self.folder.currentData()
        self.folder.blockSignals(True)
        self.folder.clear()
        self.folder.addItem(ALL, "")
        for name in names:
            self.folder.addItem("    " * name.count("/") + name.rsplit("/", 1)[-1], name)
        self.folder.setCurrentIndex(max(0, self.folder.findData(chosen)))
        self.folder.blockSignals(False)
        self.folder.setVisible(bool(names))
        if self.folder.currentData() != chosen:
            self._search()

    def _choose(self) -> None:
        runs = self.table.selected()
        if not self._is_searching:
            self._hidden = []
        self.commands.follow(runs)
        self._follow_steps()
        self.details.show_runs(runs)
        self.curves.show_runs([run.folder for run in runs], {run.folder: run.title for run in runs})
        self.selected.emit([run.folder for run in runs])

    def _say(self, sentence: str, kind: str = "") -> None:
        self.said.setText(sentence)
        theme.restyle(self.said, kind)
        self.undo.setVisible(not kind)
        self._bar.setVisible(bool(sentence))

    def _step(self, index: int) -> None:
        """Offer to undo a deletion that was just done."""
        steps = self.store.steps
        if index > self._shown_step and steps.undoText().startswith("Delete"):
            self._say(f"{steps.undoText().removeprefix('Delete ')} {'was' if '“' in steps.undoText() else 'were'} deleted.")
        else:
            self._say("")
        self._shown_step = index
        self._follow_steps()

    def _follow_steps(self) -> None:
        steps = self.store.steps
        self.commands["undo"].setEnabled(steps.canUndo())
        self.commands["redo"].setEnabled(steps.canRedo())
        self.commands["undo"].setText(f"Undo: {steps.undoText()}" if steps.canUndo() else "Undo")
        self.commands["redo"].setText(f"Redo: {steps.redoText()}" if steps.canRedo() else "Redo")
        self.commands["find"].setEnabled(True)

    def _tags(self) -> list[str]:
        return sorted({tag for run in self.store.runs for tag in run.labels.tags}, key=str.casefold)

    def _folders(self) -> list[str]:
        return labels.folders(run.labels for run in self.store.runs)

    # Doing.

    def _written(self, run: Summary, column: str, text: str) -> None:
        """Take what was written in the table."""
        new = {
            NAME: replace(run.labels, title="" if text.strip() == run.name else text),
            TAGS: replace(run.labels, tags=tuple(text.split(","))),
            FOLDER: replace(run.labels, folder=text),
        }[column]
        what = {NAME: "Change the title", TAGS: "Change the tags", FOLDER: "Change the folder"}[column]
        self.store.relabel(f"{what} of “{run.title}”", {run.folder: new})

    def _delete(self) -> None:
        runs = self.table.selected()
        row = min((self.model.row_of(run.folder) for run in runs), default=0)
        self.store.delete(runs)
        if self.model.runs and not self.table.selected():
            self.table.select([self.model.runs[min(row, len(self.model.runs) - 1)].folder])

    def _add_tag(self) -> None:
        runs = self.table.selected()
        if len(runs) == 1:
            self.table.edit_cell(TAGS)
            return
        tag, agreed = QInputDialog.getItem(self, "Add a tag", f"A tag for {len(runs)} runs:", self._tags(), 0, True)
        if agreed and tag.strip():
            changes = {run.folder: replace(run.labels, tags=(*run.labels.tags, tag)) for run in runs}
            self.store.relabel(f"Tag {len(runs)} runs with {tag.strip()}", changes)

    def _move(self) -> None:
        runs = self.table.selected()
        here = ["", *self._folders()]
        said = f"“{runs[0].title}”" if len(runs) == 1 else f"{len(runs)} runs"
        at = here.index(runs[0].labels.folder) if runs[0].labels.folder in here else 0
        folder, agreed = QInputDialog.getItem(self, "Move to a folder", f"The folder for {said}, with / between names (nothing: none):", here, at, True)
        if agreed:
            self.store.relabel(f"Move {said}", {run.folder: replace(run.labels, folder=folder) for run in runs})

    def _compare(self) -> None:
        before, after = sorted(self.table.selected(), key=lambda run: run.began)
        if self.difference is None:
            self.difference = DifferenceWindow(self.store, self._request, self)
        self.difference.compare(before, after)

    def _each(self, signal: str) -> None:
        for run in self.table.selected()[:1]:
            getattr(self, signal).emit(run.folder)

    def _show_folder(self) -> None:
        for run in self.table.selected()[:1]:
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(run.folder)):
                self._say(f"No program opens folders here. It is {run.folder}.", "muted")

    # Putting together.

    def _lay_out(self) -> None:
        described(self.search, "Search runs", HELP)
        self.search.setPlaceholderText("Search: words, tag:paper, val_loss<0.3")
        described(self.folder, "Folder of runs", "Show only what is in this folder.")
        self.folder.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.folder.addItem(ALL, "")
        self.folder.hide()
        described(self.columns, "Columns", "Which columns the table has.")
        self._count = label(kind="muted", wrap=False)
        head = QHBoxLayout()
        head.setContentsMargins(GRID, GRID, GRID, GRID)
        head.setSpacing(GRID)
        head.addWidget(self.search, 1)
        for widget in (self.folder, self._count, self.columns):
            head.addWidget(widget)
        self._nothing = label(EMPTY, "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._nothing.setMargin(3 * GRID)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._nothing)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(self._stack, 1)
        column.addWidget(self._make_bar())
        self.beside.addTab(self.details, "Details")
        self.beside.addTab(self.curves, "Curves")
        self.split = QSplitter(childrenCollapsible=False)
        self.split.addWidget(left)
        self.split.addWidget(self.beside)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        self.split.setSizes([720, 480])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.split)

    def _make_bar(self) -> QFrame:
        self._bar = QFrame()
        self._bar.setProperty("kind", "banner")
        described(self.undo, "Undo the deletion", "Take back what was deleted (Ctrl+Z)")
        described(self.dismiss, "Close", "Close this message")
        self.dismiss.setText("×")
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(2 * GRID, GRID // 2, GRID, GRID // 2)
        row.addWidget(self.said, 1)
        row.addWidget(self.undo)
        row.addWidget(self.dismiss)
        self._bar.hide()
        return self._bar

    def _add_commands(self) -> None:
        add, steps = self.commands.add, self.store.steps
        add("open", "&Open", partial(self._each, "open_requested"), ["Return"], one)
        add("graph", "Open Its &Graph", partial(self._each, "graph_requested"), ["Ctrl+Return"], one)
        add("resume", "&Resume", partial(self._each, "resume_requested"), ["Ctrl+Shift+R"], stopped)
        self.commands.add_group()
        add("difference", "&Difference Between Two Runs…", self._compare, ["Ctrl+D"], two)
        self.commands.add_group()
        add("rename", "Re&name", lambda: self.table.edit_cell(NAME), ["F2"], one)
        add("tag", "&Tags…", self._add_tag, ["Ctrl+T"], readable)
        add("move", "&Move to a Folder…", self._move, ["Ctrl+M"], readable)
        self.commands.add_group()
        self.taking.add_to(self.commands, self.table.selected)
        self.commands.add_group()
        add("folder", "&Show Folder", self._show_folder, [], lambda runs: len(runs) == 1)
        self.commands.add_group()
        add("delete", "&Delete", self._delete, [Keys.Delete, "Backspace"])
        add("undo", "Undo", steps.undo, [Keys.Undo])
        add("redo", "Redo", steps.redo, [Keys.Redo])
        self.commands.add_group()
        add("find", "&Find…", self.search.setFocus, [Keys.Find])
        self.table.commands = self.commands.all

    def _wire(self) -> None:
        self._timer.timeout.connect(self.store.refresh)
        self.store.changed.connect(self._show_all)
        self.store.failed.connect(lambda sentence: self._say(sentence, "error"))
        self.store.steps.indexChanged.connect(self._step)
        self.model.written.connect(self._written, Qt.ConnectionType.QueuedConnection)  # The row may go elsewhere, and its editor must have gone before.
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._search)
        self.folder.currentIndexChanged.connect(self._search)
        self.columns.clicked.connect(lambda: self.table.columns_menu().popup(self.columns.mapToGlobal(QPoint(0, self.columns.height()))))
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(lambda: self.commands["open"].trigger())
        self.table.menu_requested.connect(lambda place: self.commands.menu().popup(place))
        self.table.layout_changed.connect(lambda text: setattr(self.settings, "runs_table", text))
        self.details.open_requested.connect(self.commands["open"].trigger)
        self.details.graph_requested.connect(self.commands["graph"].trigger)
        self.details.resume_requested.connect(self.commands["resume"].trigger)
        self.curves.clicked.connect(self.select)
        self.taking.said.connect(self._say)
        self.taking.arrived.connect(self.store.refresh)
        self.undo.clicked.connect(self.store.steps.undo)
        self.dismiss.clicked.connect(lambda: self._say(""))
        self.commands.follow([])
        self._follow_steps()
