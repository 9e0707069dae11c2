"""The line of runs that wait: moved by hand or by keys, begun at once, taken out and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QSpinBox, QVBoxLayout, QWidget

from app import theme
from app.panels.panel import described
from app.queue import MOST, Queue
from ml.project.files import FileProblem
from ml.runs import Run

FOLDER = Qt.ItemDataRole.UserRole
EMPTY = "Nothing waits. While {} here, a further run waits for its turn; so does a run of the project that you put in line with the button."
BUTTONS = {
    "add": ("&Train This Project Later", "Put a run of the project as it is now at the end of the line."),
    "start": ("Start &Now", "Begin the selected run at once, beside what trains already (Enter)."),
    "sooner": ("&Sooner", "Let the selected run begin before the one above it (Ctrl+Up)."),
    "later": ("&Later", "Let the selected run begin after the one below it (Ctrl+Down)."),
    "remove": ("&Remove", "Take the selected run out of the line (Del)."),
    "undo": ("&Undo", "Put back what was removed last (Ctrl+Z)."),
}


class QueuePanel(QWidget):
    """Shows a queue and changes it."""

    add_requested = Signal()
    """A run of the project as it is now."""
    allowed = Signal(int)
    """How many models may train at once."""

    def __init__(self, queue: Queue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.queue = queue
        self._removed: list[Path] = []
        self.list = described(QListWidget(), "Runs that wait", "The next one is at the top; drag them into another order.")
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.buttons = {key: described(QPushButton(text), text.replace("&", ""), tip) for key, (text, tip) in BUTTONS.items()}
        tip = "How many models may train at the same time; further ones wait. Two cores for each is a good number."
        self.at_once = described(QSpinBox(minimum=1, maximum=MOST, value=queue.at_once), "Train at once", tip)
        self.empty = theme.label(kind="muted")
        self.problem = theme.label(kind="error")
        self._lay_out()
        self._wire()
        self.refresh()

    def refresh(self) -> None:
        """Show the line as it is now; what is selected stays so."""
        selected = self._selected()
        self.list.blockSignals(True)
        self.list.clear()
        for number, run in enumerate(self.queue.runs, 1):
            item = QListWidgetItem(f"{number}.  {_facts(run)}")
            item.setData(FOLDER, run)
            self.list.addItem(item)
            if run == selected:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self.list.setVisible(bool(self.list.count()))
        many = self.queue.at_once
        self.empty.setText(EMPTY.format("a model trains" if many == 1 else f"{many} models train"))
        self.empty.setVisible(not self.list.count())
        self._enable()

    def _selected(self) -> str:
        item = self.list.currentItem()
        return item.data(FOLDER) if item is not None else ""

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch()
        caption = QLabel("Train at &once")
        caption.setBuddy(self.at_once)
        row.addWidget(caption)
        row.addWidget(self.at_once)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        column.addLayout(row)
        column.addWidget(self.problem)
        column.addWidget(self.empty)
        column.addWidget(self.list, 1)
        column.addStretch()
        self.problem.hide()

    def _wire(self) -> None:
        self.queue.changed.connect(self.refresh)
        self.at_once.valueChanged.connect(self._allow)
        self.list.currentItemChanged.connect(lambda now, before: self._enable())
        self.list.itemActivated.connect(lambda item: self._start())
        self.list.model().rowsMoved.connect(lambda *where: self._reorder())
        for key, slot in {
            "add": self.add_requested.emit,
            "start": self._start,
            "sooner": lambda: self._move(-1),
            "later": lambda: self._move(1),
            "remove": self._remove,
            "undo": self._undo,
        }.items():
            self.buttons[key].clicked.connect(lambda checked=False, slot=slot: slot())
        for keys, slot in (("Del", self._remove), ("Ctrl+Up", lambda: self._move(-1)), ("Ctrl+Down", lambda: self._move(1)), ("Ctrl+Z", self._undo)):
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(slot)

    def _enable(self) -> None:
        row, count = self.list.currentRow(), self.list.count()
        for key, enabled in {"start": row >= 0, "sooner": row > 0, "later": 0 <= row < count - 1, "remove": row >= 0}.items():
            self.buttons[key].setEnabled(enabled)
            self.buttons[key].setVisible(bool(count))
        self.buttons["undo"].setVisible(bool(self._removed))

    def _allow(self, count: int) -> None:
        self.queue.allow(count)
        self.allowed.emit(count)

    def _start(self) -> None:
        if run := self._selected():
            self._try(lambda: self.queue.start(run))

    def _move(self, step: int) -> None:
        row = self.list.currentRow()
        if row >= 0 and 0 <= row + step < self.list.count():
            runs = self._order()
            runs.insert(row + step, runs.pop(row))
            self._try(lambda: self.queue.reorder(runs))

    def _reorder(self) -> None:
        self._try(lambda: self.queue.reorder(self._order()))

    def _order(self) -> list[str]:
        return [self.list.item(row).data(FOLDER) for row in range(self.list.count())]

    def _remove(self) -> None:
        if run := self._selected():
            self._try(lambda: self._removed.append(self.queue.remove(run)))
            self._enable()

    def _undo(self) -> None:
        if self._removed:
            self._try(lambda: self.queue.take_back(self._removed.pop()))
            self._enable()

    def _try(self, change: Callable[[], object]) -> None:
        """Change the line; where that can't be say why."""
        try:
            change()
            sentence = ""
        except FileProblem as problem:
            sentence = str(problem)
            self.refresh()
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))


def _facts(run: str) -> str:
    """A run's row: what trains, on what, for how long."""
    try:
        project = Run(Path(run)).project
    except FileProblem as problem:
        return str(problem)
    return f"{project.name}  ·  {project.data.id}  ·  {project.training.epochs:,} epochs"
