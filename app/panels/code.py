"""Code beside the graph: the Python that makes the models, as it is after each edit, with the selected node's lines marked."""

from __future__ import annotations

from graphlib import CycleError

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontDatabase, QGuiApplication, QShowEvent, QTextBlock, QTextCursor, QTextFormat
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QTextEdit, QVBoxLayout, QWidget

from app import theme
from app.document import Document
from app.highlighter import Highlighter
from app.runs import first_error
from app.theme import GRID, label
from ml.codegen.literals import identifier
from ml.codegen.models import Line, source_lines
from ml.project.graph import Graph

PAUSE_MILLISECONDS = 120
PROBLEMS = (CycleError, KeyError, IndexError, ValueError, TypeError)
"""What a graph raises that can't be written as code."""


class CodePanel(QWidget):
    """Follows the document while it can be seen, and the canvas's selection by `show_selection`."""

    chosen = Signal(list)
    """The name of the node of the graph that is looked at, on whose line a person is."""
    said = Signal(str)
    """A sentence for the status bar."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.lines: list[Line] = []
        self._names: list[str] = []
        self._written: dict[str, Graph] | None = None
        """The models whose code is shown, or could not be written, for this reason."""
        self._refusal: Exception | None = None
        self._quiet = False
        self.problem = label(kind="error")
        self.copy = QPushButton("&Copy")
        self.copy.setToolTip("Put all of it on the clipboard: it runs with Keras alone")
        self.text = QPlainTextEdit(lineWrapMode=QPlainTextEdit.LineWrapMode.NoWrap, undoRedoEnabled=False)
        self.text.setObjectName("code")
        self.text.setAccessibleName("Code")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.highlighter = Highlighter(self.text.document())
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._lay_out()
        self._timer.timeout.connect(self.refresh)
        self.copy.clicked.connect(self._copy)
        self.text.cursorPositionChanged.connect(self._choose)
        document.changed.connect(self._later)
        document.checked.connect(self._later)
        document.scope_changed.connect(self._mark)

    def refresh(self) -> None:
        """Write the code of the project as it is, and what keeps it from being written or from running."""
        models, report = self.document.project.models, self.document.report
        if models != self._written:
            self._written, self._refusal = models, None
            try:
                self._show(whole(models))
            except PROBLEMS as error:
                self._show([])
                self._refusal = error
        wrong = first_error(report) if report is not None and report.errors else ""
        if self._refusal is not None:
            self._show_problem(sentence_of(self._refusal, wrong))
        else:
            self._show_problem(f"This code does not run yet: {wrong}" if wrong else "")

    def show_selection(self, names: list[str]) -> None:
        """Mark the lines that make these nodes of the graph that is looked at, and bring the first into view."""
        self._names = list(names)
        self._mark()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._mark()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_theme_change(event) and hasattr(self, "highlighter"):
            self.highlighter.recolour()
            self._mark()

    # Writing.

    def _later(self) -> None:
        if self.isVisible():
            self._timer.start()

    def _show(self, lines: list[Line]) -> None:
        """Put these lines in the place of those that are there, touching only what differs, so that the view stays where it is."""
        old, new = [line.text for line in self.lines], [line.text for line in lines]
        self.lines = lines
        if old == new:
            return
        self._quiet = True
        if not old or not new:
            self.text.setPlainText("\n".join(new))
        else:
            first, last = differing(old, new)
            cursor = QTextCursor(self.text.document().findBlockByNumber(first))
            cursor.setPosition(_end(self.text.document().findBlockByNumber(len(old) - last - 1)), QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText("\n".join(new[first : len(new) - last]))
        self._quiet = False
        self._mark()

    def _show_problem(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.copy.setEnabled(bool(self.lines))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText() + "\n")
        self.said.emit("The code is on the clipboard.")

    # The selection.

    def _mark(self) -> None:
        """Show which lines make what is selected."""
        if not self.isVisible():
            return
        around = "/".join((self.document.role, *self.document.scope))
        wanted = {f"{around}/{name}" for name in self._names}
        numbers = [number for number, line in enumerate(self.lines) if wanted.intersection(line.paths)]
        marks = [self._marked(number) for number in numbers]
        self.text.setExtraSelections(marks)
        if numbers and self.text.textCursor().blockNumber() not in numbers:
            self._quiet = True
            self.text.setTextCursor(QTextCursor(self.text.document().findBlockByNumber(numbers[0])))
            self.text.ensureCursorVisible()
            self._quiet = False

    def _marked(self, number: int) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.text.document().findBlockByNumber(number))
        made = mark.format  # pyright: ignore[reportAttributeAccessIssue] - the stubs leave out its fields
        made.setBackground(QColor(theme.colours().selection))
        made.setProperty(QTextFormat.Property.FullWidthSelection, True)
        mark.cursor, mark.format = cursor, made  # pyright: ignore[reportAttributeAccessIssue]
        return mark

    def _choose(self) -> None:
        """Select the node whose line the cursor is in, in the graph that it is in."""
        cursor = self.text.textCursor()
        if self._quiet or cursor.hasSelection() or cursor.blockNumber() >= len(self.lines):
            return
        paths = self.lines[cursor.blockNumber()].paths
        if not paths:
            return
        here = [*self.document.scope, *self._names[:1]]
        role, *names = max(paths, key=lambda path: shared([self.document.role, *here], path.split("/"))).split("/")
        self._names = names[-1:]
        self.document.role, self.document.scope = role, tuple(names[:-1])
        self.chosen.emit(names[-1:])

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        head.addWidget(label("The models in Keras", "muted"), 1)
        head.addWidget(self.copy)
        self.problem.setContentsMargins(2 * GRID, 0, GRID, GRID)
        self.problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.problem)
        column.addWidget(self.text, 1)


def whole(models: dict[str, Graph]) -> list[Line]:
    """Code that runs: the imports, the functions, and a line that makes each model. Raises one of `PROBLEMS`."""
    lines, builders = source_lines(models)
    used = [name for name in ("layers", "ops") if any(f"{name}." in line.text for line in lines)]
    imports = ["import keras", *([f"from keras import {', '.join(used)}"] if used else [])]
    made = [f"{identifier(role, {*builders.values()})} = {function}()" for role, function in builders.items()]
    return [*map(Line, [*imports, "", ""]), *lines, *map(Line, ["", "", *made])]


def sentence_of(error: Exception, wrong: str) -> str:
    """Why a graph can't be written as code; `wrong` is what its check says, if that is known."""
    if isinstance(error, CycleError):
        circle = " → ".join(dict.fromkeys(error.args[1]))
        return f"There is a circle: {circle}. Code runs from top to bottom: delete one of these links, and it can be written."
    said = str(error) if type(error) is ValueError else "a node lacks something that it needs."
    return f"The code can't be written yet: {wrong or said}"


def differing(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many lines are the same at the beginning and how many at the end, so that of each list at least one line lies between."""
    most = min(len(old), len(new)) - 1
    first = next((number for number in range(most) if old[number] != new[number]), most)
    last = next((number for number in range(most - first) if old[-1 - number] != new[-1 - number]), most - first)
    return first, last


def shared(left: list[str], right: list[str]) -> int:
    """How many steps two paths have in common from their beginning."""
    return next((number for number, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))


def _end(block: QTextBlock) -> int:
    return block.position() + block.length() - 1
