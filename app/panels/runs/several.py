"""What a person says of several selected runs at once: tags for all of them, and a note that is added to each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.panels.panel import described
from app.panels.runs.store import Store
from app.panels.runs.tags import TagRow
from app.theme import GRID, label
from ml.runs.summary import Summary

HEAD = "{count} runs are selected. What you write here is written for each of them; two can be held against each other with Ctrl+D."
NOTES_HEIGHT = 72


class Several(QWidget):
    """Follows the selection by `show_runs`; a run that can't be read is left out."""

    def __init__(self, store: Store, known: Callable[[], Sequence[str]]) -> None:
        super().__init__()
        self.store = store
        self.runs: list[Summary] = []
        self.head, self.some = label(), label(kind="muted")
        self.tags = TagRow(known)
        self.note = described(QPlainTextEdit(tabChangesFocus=True), "Note for all", "What is written here is added below the notes of each selected run.")
        self.note.setPlaceholderText("A note that is added to each of them.")
        self.note.setFixedHeight(NOTES_HEIGHT)
        self.add = described(QPushButton("&Add to All"), "Add to All", "Add this note to the notes of each selected run")
        self._lay_out()
        self.tags.edited.connect(self._write_tags)
        self.note.textChanged.connect(self._enable)
        self.add.clicked.connect(self._add_note)

    def show_runs(self, runs: Sequence[Summary]) -> None:
        """Show what these runs have in common."""
        if [run.folder for run in runs] != [run.folder for run in self.runs]:
            self.note.clear()
        self.runs = [run for run in runs if run.state != "unreadable"]
        self.head.setText(HEAD.format(count=len(runs)))
        common = self._common()
        self.tags.show_tags(common)
        others = sorted({tag for run in self.runs for tag in run.labels.tags} - set(common), key=str.casefold)
        self.some.setText(f"Some of them have {', '.join(others)}.")
        self.some.setVisible(bool(others))
        self._enable()

    def _common(self) -> tuple[str, ...]:
        """The tags that all have."""
        first = self.runs[0].labels.tags if self.runs else ()
        return tuple(tag for tag in first if all(tag in run.labels.tags for run in self.runs))

    def _enable(self) -> None:
        for widget in (self.tags, self.note):
            widget.setEnabled(bool(self.runs))
        self.add.setEnabled(bool(self.runs and self.note.toPlainText().strip()))

    def _write_tags(self, tags: tuple[str, ...]) -> None:
        gone = set(self._common()) - set(tags)
        after = {run.folder: tuple(tag for tag in (*run.labels.tags, *tags) if tag not in gone) for run in self.runs}
        self.store.relabel(f"Change the tags of {len(self.runs)} runs", {run.folder: replace(run.labels, tags=after[run.folder]) for run in self.runs})

    def _add_note(self) -> None:
        note = self.note.toPlainText().strip()
        notes = {run.folder: f"{run.labels.notes.rstrip()}\n{note}".lstrip("\n") for run in self.runs}
        self.store.relabel(f"Add a note to {len(self.runs)} runs", {run.folder: replace(run.labels, notes=notes[run.folder]) for run in self.runs})
        self.note.clear()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID)
        form.addRow(label("Tags", "muted"), self.tags)
        form.addRow("", self.some)
        form.addRow(label("Note", "muted"), self.note)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self.head)
        column.addLayout(form)
        column.addWidget(self.add, alignment=Qt.AlignmentFlag.AlignRight)
        column.addStretch()
