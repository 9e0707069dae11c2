"""Unsaved work of windows that died: what each has, drawn and compared with its file, to open or to discard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDate, QDateTime, QLocale, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QTabBar, QTabWidget, QVBoxLayout, QWidget

from app import theme
from app.drawings.drawing import DrawingProblem
from app.drawings.making import make
from app.drawings.nets import Subject
from app.drawings.options import Options
from app.journal import Left, Unsaved
from app.panels.compare.differences import DifferenceList
from app.panels.drawing.preview import DrawingPreview
from app.panels.panel import described
from app.theme import GRID, label
from ml.project import files, opening
from ml.project.files import FileProblem

SIZE = (980, 640)
INTRODUCTION = "The program ended before this was saved. Open what you need; the rest stays until you discard it."


class RecoveredDialog(QDialog):
    """Shows these items and holds them while it is open. What was discarded is gone when it closes."""

    chosen = Signal(object)
    """The `Left` that is to be opened; it is no more the dialog's."""

    def __init__(self, items: list[Left], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Unsaved Work")
        self.resize(*SIZE)
        self._items = items
        self._discarded: list[Left] = []
        self.introduction = label(INTRODUCTION)
        self.list = described(QListWidget(), "Unsaved work", "What windows that died left behind, the latest first.")
        self.title, self.facts = label(kind="title"), label(kind="muted")
        self.roles = described(QTabBar(expanding=False), "Models", "Which of its models is drawn.")
        self.preview, self.differences, self.problem = DrawingPreview(), DifferenceList(), label(kind="muted")
        self.tabs = QTabWidget(documentMode=True)
        self.open_ = described(QPushButton("&Open", default=True), "Open", "Go on with it.")
        self.discard = described(QPushButton("&Discard", autoDefault=False), "Discard", "Remove it; until this is closed it can be taken back.")
        self.back = described(QPushButton("&Undo Discard", autoDefault=False), "Undo Discard", "Take back what was discarded last.")
        self.later = described(QPushButton("&Later", autoDefault=False), "Later", "Leave it all as it is: File → Unsaved Work shows it again.")
        self._lay_out()
        self._wire()
        self._fill()
        self.list.setFocus()

    @property
    def item(self) -> Left | None:
        """The one that is looked at."""
        return self._items[self.list.currentRow()] if 0 <= self.list.currentRow() < len(self._items) else None

    def done(self, result: int) -> None:
        for item in self._discarded:
            item.discard()
        for item in self._items:
            item.let_go()
        self._items, self._discarded = [], []
        super().done(result)

    # What a person can do.

    def _open(self) -> None:
        item = self.item
        if item is not None and item.unsaved is not None:
            self._items.remove(item)
            self.accept()
            self.chosen.emit(item)

    def _discard(self) -> None:
        if self.item is not None:
            self._discarded.append(self.item)
            self._items.remove(self.item)
            self._fill(self.list.currentRow())

    def _take_back(self) -> None:
        if self._discarded:
            self._items.insert(0, self._discarded.pop())
            self._fill()

    # Showing.

    def _fill(self, row: int = 0) -> None:
        self.list.clear()
        for item in self._items:
            row_ = QListWidgetItem(f"{_name(item)}\n{_summary(item)}")
            row_.setToolTip(item.problem or (item.unsaved.file if item.unsaved else ""))
            self.list.addItem(row_)
        self.list.setCurrentRow(min(row, len(self._items) - 1))
        self.back.setVisible(bool(self._discarded))
        self._show()

    def _show(self) -> None:
        item = self.item
        unsaved = item.unsaved if item else None
        self.title.setText(_name(item) if item else "")
        self.facts.setText(item.problem or (_facts(unsaved) if unsaved else "") if item else "")
        self.open_.setEnabled(unsaved is not None)
        self.discard.setEnabled(item is not None)
        self.tabs.setVisible(unsaved is not None)
        while self.roles.count():
            self.roles.removeTab(0)
        if unsaved is not None:
            for role in unsaved.project.models:
                self.roles.addTab(role)
            self._compare(unsaved)
        self.roles.setVisible(self.roles.count() > 1)
        self._draw()

    def _draw(self) -> None:
        """Draw the chosen model as the canvas would show it."""
        unsaved = self.item.unsaved if self.item else None
        graph = unsaved.project.models.get(self.roles.tabText(self.roles.currentIndex())) if unsaved else None
        drawing, why = None, "It has no model." if unsaved is not None and graph is None else ""
        if unsaved is not None and graph is not None:
            try:
                drawing = make(Subject(graph, {}, unsaved.project.name), {}, Options(dark=theme.is_dark()))
            except DrawingProblem as problem:
                why = str(problem)
        self.preview.show_drawing(drawing, why)
        self.preview.setAccessibleDescription(why or f"{len(graph.nodes) if graph else 0} nodes")

    def _compare(self, unsaved: Unsaved) -> None:
        """List what is different from the file as it is now."""
        self.tabs.setTabVisible(1, bool(unsaved.file))
        if not unsaved.file:
            return
        try:
            before = opening.read(Path(unsaved.file)).project
        except FileProblem as problem:
            self.differences.clear()
            self.problem.setText(str(problem))
        else:
            self.differences.show_projects(before, unsaved.project, {}, {})
            self.problem.setText("" if self.differences.topLevelItemCount() else "Nodes, data, recipe and training are the same in the file.")
        self.problem.setVisible(bool(self.problem.text()))
        self.differences.setVisible(not self.problem.text())

    # Putting together.

    def _lay_out(self) -> None:
        for column in (2, 3):
            self.differences.setColumnHidden(column, True)  # costs: only an engine knows them
        compare = QWidget()
        inside = QVBoxLayout(compare)
        inside.setContentsMargins(0, GRID, 0, 0)
        inside.addWidget(self.problem)
        inside.addWidget(self.differences, 1)
        inside.addStretch()
        drawn = QWidget()
        inside = QVBoxLayout(drawn)
        inside.setContentsMargins(0, GRID, 0, 0)
        inside.addWidget(self.roles)
        inside.addWidget(self.preview, 1)
        self.tabs.addTab(drawn, "Graph")
        self.tabs.addTab(compare, "Changes Since Its File")
        self.list.setFixedWidth(304)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSpacing(2)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        right = QVBoxLayout()
        for widget in (self.title, self.facts, self.tabs):
            right.addWidget(widget, 1 if widget is self.tabs else 0)
        right.addStretch()
        middle = QHBoxLayout()
        middle.setSpacing(2 * GRID)
        middle.addWidget(self.list)
        middle.addLayout(right, 1)
        buttons = QHBoxLayout()
        for button in (self.discard, self.back):
            buttons.addWidget(button)
        buttons.addStretch()
        for button in (self.later, self.open_):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(self.introduction)
        column.addLayout(middle, 1)
        column.addLayout(buttons)

    def _wire(self) -> None:
        self.list.currentRowChanged.connect(lambda _row: self._show())
        self.list.itemActivated.connect(lambda _item: self._open())
        self.roles.currentChanged.connect(lambda _index: self._draw())
        self.open_.clicked.connect(self._open)
        self.discard.clicked.connect(self._discard)
        self.back.clicked.connect(self._take_back)
        self.later.clicked.connect(self.reject)
        delete = QShortcut(QKeySequence.StandardKey.Delete, self.list)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._discard)
        undo = QShortcut(QKeySequence.StandardKey.Undo, self)
        undo.activated.connect(self._take_back)


def _name(item: Left) -> str:
    return (item.unsaved.project.name or "Unnamed") if item.unsaved else "Can't be read"


def _summary(item: Left) -> str:
    if item.unsaved is None:
        return item.path.name
    where = Path(item.unsaved.file).name if item.unsaved.file else "never saved"
    return f"{where}\n{_when(item.unsaved.kept)} · {_edits(item.unsaved.edits)}"


def _facts(unsaved: Unsaved) -> str:
    if not unsaved.file:
        where = "It was never saved to a file."
    else:
        now = files.stamp(Path(unsaved.file))
        where = f"It belongs to {unsaved.file}"
        where += ", which is gone." if not now else ", which was changed since." if now != unsaved.stamp else "."
    return f"{_edits(unsaved.edits)}, the last kept {_when(unsaved.kept)}. {where}"


def _edits(count: int) -> str:
    return f"{count} unsaved {'change' if count == 1 else 'changes'}"


def _when(seconds: float) -> str:
    then, locale, short = QDateTime.fromSecsSinceEpoch(int(seconds)), QLocale(), QLocale.FormatType.ShortFormat
    clock = locale.toString(then.time(), short)
    return f"today at {clock}" if then.date() == QDate.currentDate() else f"{locale.toString(then.date(), short)}, {clock}"
