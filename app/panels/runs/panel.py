"""The panel of all runs: a table to search and sort, what is known of the selected one, and what can be done with them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.panels.panel import described
from app.panels.request import Request
from app.panels.runs.commands import Commands
from app.panels.runs.curves import RunCurves
from app.panels.runs.deleted import Deleted
from app.panels.runs.details import Details
from app.panels.runs.doing import Doing
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
NARROW = 50
"""Pixels to which the list of folders, and how many runs there are, may shrink where there is little room."""
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

    def __init__(self, settings: Settings, request: Request, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.settings = settings
        self.store = Store(settings.runs, self)
        self.model = RunsModel(self)
        self.table = RunsTable(self.model, self.tags, self.folders)
        self.search, self.folder, self.columns = QLineEdit(clearButtonEnabled=True), QComboBox(), QPushButton("&Columns")
        self.actions_ = QPushButton("&Actions")
        self.deleted = Deleted(self.store)
        self.details = Details(self.store)
        self.beside = QTabWidget(documentMode=True)
        self.said, self.undo, self.dismiss = label(), QPushButton("&Undo"), QToolButton()
        self.curves = RunCurves()
        self.taking = Taking(settings.runs, self)
        self.commands = Commands(self)
        self.doing = Doing(self, request)
        self._timer = QTimer(self, interval=EVERY_MILLISECONDS)
        self._shown_step = 0
        self._is_searching = False
        self._looked_at = ""
        """The run whose curve was clicked, of several that are selected."""
        self._awaited = ""
        """The run that came back from an archive and is not listed yet."""
        self._named: dict[str, str] = {}
        """The runs whose curves are shown, with their titles."""
        self._hidden: list[str] = []
        """What is selected, where a search hides some of it."""
        self._lay_out()
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
        self.doing.close()

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
        if self._awaited in {run.folder for run in runs}:
            self.select(self._awaited)
            self._awaited = ""
        self._fill_folders()
        self._choose()
        self._show_state()

    def _show_state(self) -> None:
        """Show the table, or say why there is nothing in it."""
        self._nothing.setText(NOT_FOUND if self.store.runs else EMPTY)
        self._stack.setCurrentIndex(0 if self.model.runs else 1)
        total, shown = len(self.store.runs), len(self.model.runs)
        self._count.setText(f"{shown:,} of {total:,}" if shown != total else f"{total:,} run{'s' if total != 1 else ''}" if total else "")

    def _await(self, folder: str) -> None:
        """Select a run as soon as it is listed: one from an archive looks as the one that was archived."""
        self._awaited = folder
        self.store.refresh()

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
        names = self.folders()
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

    def _selected(self) -> None:
        """Another selection: what was looked at in the one before is no longer."""
        self._looked_at = ""
        self._choose()

    def _choose(self) -> None:
        runs = self.table.selected()
        if not self._is_searching:
            self._hidden = []
        self.commands.follow(runs)
        self._follow_steps()
        looked_at = self.model.row_of(self._looked_at) if len(runs) > 1 else -1
        self.details.show_runs([self.model.runs[looked_at]] if looked_at >= 0 else runs)
        self._show_curves(runs)

    def _show_curves(self, runs: list[Summary]) -> None:
        """Lay the curves of the selected runs over each other, each marked in the table with its colour."""
        chosen = {run.folder: run.title for run in runs if run.state != "unreadable"}
        shown, named = list(self.curves.runs), self._named
        if chosen != named or shown != list(chosen):
            self._named = chosen
            self.curves.show_runs(list(chosen), chosen)
        seen = self.beside.currentWidget() is self.curves and len(chosen) > 1
        self.model.show_colours({folder: QColor(self.curves.colour(folder)) for folder in chosen} if seen else {})

    def _go_to(self, folder: str) -> None:
        """Go from a curve to its run, and keep what is selected: make it the current row, and show what is known of it."""
        row = self.model.row_of(folder)
        if row >= 0:
            index = self.model.index(row, 0)
            self.table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.table.scrollTo(index)
            self.table.setFocus()
            self._looked_at = folder
            self.details.show_runs([self.model.runs[row]])

    def say(self, sentence: str, kind: str = "") -> None:
        """Write below the table what happened; `kind` is a style: nothing where it can be undone."""
        self.said.setText(sentence)
        theme.restyle(self.said, kind)
        self.undo.setVisible(not kind)
        self._bar.setVisible(bool(sentence))

    def _step(self, index: int) -> None:
        """Offer to undo what was just done and can't be seen, or is much."""
        self.say(_done(self.store.steps.undoText()) if index > self._shown_step else "")
        self._shown_step = index
        self._follow_steps()

    def _follow_steps(self) -> None:
        steps = self.store.steps
        self.commands["undo"].setEnabled(steps.canUndo())
        self.commands["redo"].setEnabled(steps.canRedo())
        self.commands["undo"].setText(f"Undo: {steps.undoText()}" if steps.canUndo() else "Undo")
        self.commands["redo"].setText(f"Redo: {steps.redoText()}" if steps.canRedo() else "Redo")
        self.commands["find"].setEnabled(True)

    def tags(self) -> list[str]:
        """The tags in use."""
        return sorted({tag for run in self.store.runs for tag in run.labels.tags}, key=str.casefold)

    def folders(self) -> list[str]:
        """The folders in use."""
        return labels.folders(run.labels for run in self.store.runs)

    # Putting together.

    def _lay_out(self) -> None:
        described(self.search, "Search runs", HELP)
        self.search.setPlaceholderText("Search: words, tag:paper, val_loss<0.3")
        described(self.folder, "Folder of runs", "Show only what is in this folder.")
        self.folder.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.folder.setMinimumWidth(NARROW)
        self.folder.addItem(ALL, "")
        self.folder.hide()
        described(self.columns, "Columns", "Which columns the table has.")
        self._count = label(kind="muted", wrap=False)
        self._count.setMinimumWidth(NARROW)
        head = QHBoxLayout()
        head.setContentsMargins(GRID, GRID, GRID, GRID)
        head.setSpacing(GRID)
        head.addWidget(self.search, 1)
        described(self.actions_, "Actions", "What can be done with the selected runs, as in the table's context menu.")
        for widget in (self.folder, self._count, self.deleted, self.columns, self.actions_):
            head.addWidget(widget)
        self._nothing = label(EMPTY, "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._nothing.setMargin(3 * GRID)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._nothing)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
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
        described(self.undo, "Undo", "Take back what was just done (Ctrl+Z)")
        described(self.dismiss, "Close", "Close this message")
        self.dismiss.setText("×")
        self.said.setMinimumWidth(1)  # a long path must not make the window wider
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(2 * GRID, GRID // 2, GRID, GRID // 2)
        row.addWidget(self.said, 1)
        row.addWidget(self.undo)
        row.addWidget(self.dismiss)
        self._bar.hide()
        return self._bar

    def _wire(self) -> None:
        self._timer.timeout.connect(self.store.refresh)
        self.store.changed.connect(self._show_all)
        self.store.failed.connect(lambda sentence: self.say(sentence, "error"))
        self.store.steps.indexChanged.connect(self._step)
        self.model.written.connect(self.doing.written, Qt.ConnectionType.QueuedConnection)  # The row may go elsewhere, and its editor must have gone before.
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._search)
        self.folder.currentIndexChanged.connect(self._search)
        self.columns.clicked.connect(lambda: self.table.columns_menu().popup(self.columns.mapToGlobal(QPoint(0, self.columns.height()))))
        self.actions_.clicked.connect(lambda: self.commands.menu().popup(self.actions_.mapToGlobal(QPoint(0, self.actions_.height()))))
        self.table.chosen.connect(self._selected)
        self.table.opened.connect(lambda: self.commands["open"].trigger())
        self.table.menu_requested.connect(lambda place: self.commands.menu().popup(place))
        self.table.layout_changed.connect(lambda text: setattr(self.settings, "runs_table", text))
        self.details.open_requested.connect(self.open_requested)
        self.details.graph_requested.connect(self.graph_requested)
        self.details.resume_requested.connect(self.resume_requested)
        self.curves.clicked.connect(self._go_to)
        self.beside.currentChanged.connect(lambda: self._show_curves(self.table.selected()))
        self.taking.said.connect(self.say)
        self.taking.arrived.connect(self._await)
        self.undo.clicked.connect(self.store.steps.undo)
        self.dismiss.clicked.connect(lambda: self.say(""))
        self.commands.follow([])
        self._follow_steps()


def _done(step: str) -> str:
    """What to say when a step was done; nothing of most."""
    if step.startswith("Delete "):
        return f"{step.removeprefix('Delete ')} {'was' if '“' in step else 'were'} deleted."
    return f"The note was added to {step.removeprefix('Add a note to ')}." if step.startswith("Add a note to ") else ""
