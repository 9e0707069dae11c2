"""What a run said, line by line, each with its time."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from html import escape

from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app import theme
from app.panels import words
from app.panels.panel import Panel, described
from ml import events
from ml.project.project import Project

LINES = 5000
"""Older lines are forgotten."""
AT_ONCE = 250
"""Lines that are written in one repaint."""


class LogPanel(Panel):
    """Logs, failures and ends, oldest first; it follows the newest line unless a person scrolled up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: deque[tuple[str, str, str]] = deque(maxlen=LINES)
        self._waiting: deque[tuple[str, str, str]] = deque(maxlen=LINES)
        self._text = described(QPlainTextEdit(readOnly=True, undoRedoEnabled=False), "log", "What the training said.")
        self._text.setMaximumBlockCount(LINES)
        self._text.setPlaceholderText("Nothing has been said yet. What happens while a model trains is written here.")
        self._copy = described(QPushButton("Copy &all"), "copy the log", "Copy every line of the log, for a report or a note.")
        self._clear = described(QPushButton("Clea&r"), "clear the log", "Empty the log.")
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text()))
        self._clear.clicked.connect(self.clear)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._copy)
        buttons.addWidget(self._clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        column.addWidget(self._text, 1)
        column.addLayout(buttons)

    def begin(self, project: Project) -> None:
        """A run of this project starts: the log goes on, with a line that says so."""
        self._say("info", f"A run of {project.name} starts.")

    def show_event(self, event: events.Message) -> None:
        """Take what a run says."""
        match event:
            case events.Log(text=text, level=level):
                self._say(level, text)
            case events.Failed(reason=reason, details=details):
                self._say("error", f"{reason}\n{details}".strip())
            case events.Done():
                self._say("info", _end(event))

    def text(self) -> str:
        """Every line, with its time."""
        return "\n".join(f"{time}  {text}" for time, _, text in [*self._lines, *self._waiting])

    def clear(self) -> None:
        """Forget every line."""
        self._lines.clear()
        self._waiting.clear()
        self._text.clear()

    def refresh(self) -> None:
        """Write the lines that came since."""
        bar = self._text.verticalScrollBar()
        follows = bar.value() >= bar.maximum() - 2
        self._text.moveCursor(QTextCursor.MoveOperation.End)
        for _ in range(min(AT_ONCE, len(self._waiting))):
            line = self._waiting.popleft()
            self._lines.append(line)
            self._text.appendHtml(_html(*line))
        if follows:
            bar.setValue(bar.maximum())
        if self._waiting:
            self.stale()

    def recolour(self) -> None:
        """Write every line anew, in the new colours."""
        self._waiting = deque([*self._lines, *self._waiting], maxlen=LINES)
        self._lines.clear()
        self._text.clear()

    def _say(self, level: str, text: str) -> None:
        self._waiting.append((f"{datetime.now():%H:%M:%S}", level, text))
        self.stale()


def _html(time: str, level: str, text: str) -> str:
    colours = theme.colours()
    colour = {"warning": colours.warning, "error": colours.error}.get(level, colours.text)
    body = "<br>".join(escape(line).replace("  ", "&nbsp; ") for line in text.splitlines())
    return f"<span style='color:{colours.muted}'>{time}</span>&nbsp;&nbsp;<span style='color:{colour}'>{body}</span>"


def _end(done: events.Done) -> str:
    measured = ", ".join(f"{words.metric(name)} {words.number(value)}" for name, value in done.metrics.items())
    return f"Run ended ({done.reason}) after {words.many(done.steps, 'step')} in {words.duration(done.training_seconds)}. {measured}".strip()
