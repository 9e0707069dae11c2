"""What there is to know of the selected run, and what a person says of it: title, tags, folder and notes, written as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape

from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from app import theme
from app.panels import words
from app.panels.panel import described
from app.panels.runs.cells import completer, state_colour
from app.panels.runs.columns import began
from app.panels.runs.facts import Facts, facts, results, table
from app.panels.runs.several import Several
from app.panels.runs.store import Store
from app.panels.runs.tags import TagRow
from app.theme import GRID, label
from ml.runs import labels
from ml.runs.labels import Labels
from ml.runs.summary import LIVE, Summary

PAUSE_MILLISECONDS = 600
"""So long after the last letter notes are written."""
NOTES_HEIGHT = 72
NOTHING = "Select a run to see what it was, and to write down what you found out."


class Details(QWidget):
    """Follows the selection by `show_runs`."""

    open_requested = Signal(str)
    graph_requested = Signal(str)
    resume_requested = Signal(str)
    """Each with the folder of the run that is shown."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.run: Summary | None = None
        self._facts = Facts("")
        self.title, self.notes, self.folder = QLineEdit(), QPlainTextEdit(tabChangesFocus=True), QComboBox()
        self.folder_field = QLineEdit()
        self.folder.setLineEdit(self.folder_field)
        self.tags = TagRow(self._known_tags)
        self.state, self.problem, self.settings, self.results = label(), label(kind="error"), label(), label()
        self.open, self.graph, self.resume = QPushButton("&Open"), QPushButton("Open &Graph"), QPushButton("Resu&me")
        self._nothing = label(NOTHING, "muted")
        self.several = Several(store, self._known_tags)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._lay_out()
        self._wire()
        self.show_runs([])

    def show_runs(self, runs: Sequence[Summary]) -> None:
        """Show the run that is selected, or what several have in common."""
        run = runs[0] if len(runs) == 1 else None
        if (run.folder if run else "") != (self.run.folder if self.run else ""):
            self.flush()
            self._facts = Facts(run.folder) if run else Facts("")
            if run is not None and run.state != "unreadable":
                self.store.ask(partial(facts, run.folder), self._take)
        elif run is not None and self.run is not None and run.state != self.run.state:
            self.store.ask(partial(facts, run.folder), self._take)
        self.run = run
        self._stack.setCurrentIndex(min(len(runs), 2))
        self.several.show_runs(runs)
        if run is not None:
            self._show(run)

    def flush(self) -> None:
        """Write what was typed and is not written yet."""
        if self._timer.isActive():
            self._timer.stop()
            self._write_notes()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_theme_change(event) and self.run is not None:
            self._show(self.run)

    def hideEvent(self, event: QHideEvent) -> None:
        self.flush()
        super().hideEvent(event)

    def _show(self, run: Summary) -> None:
        can_write = run.state != "unreadable"
        if not self.title.hasFocus():
            self.title.setText(run.title)
        self.title.setPlaceholderText(run.name)
        self.state.setText(_state(run))
        self.problem.setText(run.problem or self._facts.problem)
        self.problem.setVisible(bool(self.problem.text()))
        self.tags.show_tags(run.labels.tags)
        if not self.folder.hasFocus() and not self.folder_field.hasFocus():
            self._fill_folders(run)
        if not self._timer.isActive() and self.notes.toPlainText() != run.labels.notes:
            self.notes.setPlainText(run.labels.notes)
        for widget in (self.title, self.tags, self.folder, self.notes, self.open, self.graph):
            widget.setEnabled(can_write)
        self.resume.setEnabled(self._facts.can_resume and run.state not in LIVE)
        muted = theme.colours().muted
        measured = results(run)
        self.results.setText(table([("", "best", "last"), *measured] if measured else [], muted))
        self.settings.setText(table(self._facts.settings, muted))
        for shown in (self.results, self.settings):
            shown.setVisible(bool(shown.text()))

    def _fill_folders(self, run: Summary) -> None:
        self.folder.clear()
        self.folder.addItems(["", *labels.folders(other.labels for other in self.store.runs)])
        self.folder.setEditText(run.labels.folder)

    def _take(self, found: Facts) -> None:
        if self.run is not None and found.folder == self.run.folder:
            self._facts = found
            self._show(self.run)

    def _known_tags(self) -> list[str]:
        return sorted({tag for run in self.store.runs for tag in run.labels.tags}, key=str.casefold)

    # What a person says.

    def _edit(self, what: str, new: Labels) -> None:
        if self.run is not None and new != self.run.labels:
            self.store.relabel(f"{what} of “{self.run.title}”", {self.run.folder: new})

    def _write_title(self) -> None:
        if self.run is not None:
            title = self.title.text().strip()
            self._edit("Change the title", replace(self.run.labels, title="" if title == self.run.name else title))

    def _write_tags(self, tags: tuple[str, ...]) -> None:
        if self.run is not None:
            self._edit("Change the tags", replace(self.run.labels, tags=tags))

    def _write_folder(self) -> None:
        if self.run is not None:
            self._edit("Change the folder", replace(self.run.labels, folder=self.folder.currentText()))

    def _write_notes(self) -> None:
        if self.run is not None:
            self._edit("Change the notes", replace(self.run.labels, notes=self.notes.toPlainText()))

    # Putting together.

    def _lay_out(self) -> None:
        for widget, name, tip in (
            (self.title, "Title", "What the run is called; nothing: as its project."),
            (self.folder, "Folder", "In which folder of this list it is: names with / between them."),
            (self.notes, "Notes", "What you found out, and what you would try next."),
            (self.open, "Open", "Show the run in the panels, and load its models"),
            (self.graph, "Open Graph", "Open its graph, exactly as it was trained, as a project"),
            (self.resume, "Resume", "Go on with it from its last checkpoint; where it has made all of its epochs, to more of them"),
        ):
            described(widget, name, tip)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.notes.setPlaceholderText("What you found out, and what you would try next.")
        self.notes.setFixedHeight(NOTES_HEIGHT)
        self.folder.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.folder_field.setPlaceholderText("none")
        self.folder_field.setCompleter(completer([], self.folder, False))
        buttons = QHBoxLayout()
        for button in (self.open, self.graph, self.resume):
            buttons.addWidget(button)
        buttons.addStretch()
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID)
        form.addRow(label("Tags", "muted"), self.tags)
        form.addRow(label("Folder", "muted"), self.folder)
        form.addRow(label("Notes", "muted"), self.notes)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        for widget in (self.title, self.state, self.problem):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addLayout(form)
        column.addWidget(self.results)
        column.addWidget(self.settings)
        column.addStretch()
        area = QScrollArea(widgetResizable=True)
        area.setWidget(page)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._nothing.setMargin(3 * GRID)
        self._stack = QStackedLayout(self)
        for shown in (self._nothing, area, self.several):
            self._stack.addWidget(shown)

    def _wire(self) -> None:
        self._timer.timeout.connect(self._write_notes)
        self.title.editingFinished.connect(self._write_title)
        self.tags.edited.connect(self._write_tags)
        self.folder_field.editingFinished.connect(self._write_folder)
        self.folder.activated.connect(self._write_folder)
        self.notes.textChanged.connect(lambda: self._timer.start() if self.notes.hasFocus() else None)
        self.open.clicked.connect(lambda: self.open_requested.emit(self.run.folder if self.run else ""))
        self.graph.clicked.connect(lambda: self.graph_requested.emit(self.run.folder if self.run else ""))
        self.resume.clicked.connect(lambda: self.resume_requested.emit(self.run.folder if self.run else ""))


def _state(run: Summary) -> str:
    """A line about how a run is."""
    parts = [began(run), words.duration(run.seconds) if run.seconds else "", f"epoch {run.epoch:,} of {run.epochs:,}" if run.epochs else ""]
    said = "  ·  ".join(part for part in parts if part)
    return f'<span style="color: {state_colour(run.state).name()}">●</span> <b>{escape(run.state)}</b>  ·  {said}'
