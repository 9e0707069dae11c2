"""The generator panel of a language model: a prompt that it goes on from, and what it writes while it trains."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QFontDatabase, QTextCursor
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QSpinBox, QSplitter, QVBoxLayout, QWidget

from app import theme
from app.panels.panel import Panel, described, rewrite
from app.panels.request import Latest, Request
from ml import events
from ml.project.project import Project


class TextPage(Panel):
    """Asks for a text from a prompt, and shows the latest `Text` of each name."""

    def __init__(self, request: Request, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: dict[str, events.Text] = {}
        self._seed = 0
        self._asked = ""
        self._latest = Latest(request, self._answered)
        self._prompt = described(QPlainTextEdit(plainText="The ", tabChangesFocus=True), "prompt", "The text that the model goes on from.")
        self._temperature = described(
            QDoubleSpinBox(minimum=0.05, maximum=5, singleStep=0.1, value=0.8), "temperature", "Low: only what is likely. 1: as the model says. High: anything."
        )
        self._top_k = described(
            QSpinBox(maximum=100_000, value=40), "draw from top", "Top-k: draw each token from this many of the likeliest ones only, or from all."
        )
        self._top_k.setSpecialValueText("all")
        self._length = described(QSpinBox(minimum=1, maximum=5000, value=200), "length", "How many tokens are written.")
        self._go = described(QPushButton("&Write"), "write", "Let the model go on from the prompt; each time it draws anew.")
        self._result = described(QPlainTextEdit(readOnly=True), "written text", "The prompt and what the model made of it.")
        self._prompt.setPlaceholderText("A prompt: the text that the model goes on from.")
        self._result.setPlaceholderText("What the model writes appears here.")
        self._live = described(QPlainTextEdit(readOnly=True), "text while training", "What the model writes while it trains, always from the same beginning.")
        self._live.setPlaceholderText("A sample appears here every now and then while the model trains.")
        self._heading = theme.label("While it trains", kind="heading", wrap=False)
        self._says = theme.label(kind="muted")
        for box in (self._prompt, self._result, self._live):
            box.setMinimumHeight(56)
            box.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._lay_out()
        self._go.clicked.connect(self._write)
        self._go.setEnabled(False)

    def begin(self, _project: Project) -> None:
        """A run starts: nothing is written yet."""
        self._latest.forget()
        self._texts = {}
        self._result.clear()
        self._says.setText("")
        self._go.setEnabled(False)
        self.stale()

    def show_event(self, event: events.Message) -> None:
        """Take what a run says."""
        match event:
            case events.Text():
                self._texts[event.name] = event
                self.stale()
            case events.Metrics() | events.Done() if not self._go.isEnabled():
                self._go.setEnabled(not self._latest.is_busy)

    def refresh(self) -> None:
        """Show the latest texts of the training."""
        latest = max(self._texts.values(), key=lambda text: text.step, default=None)
        self._heading.setText("While it trains" if latest is None else f"While it trains: after step {latest.step:,}")
        rewrite(self._live, "\n\n".join(text.text for text in self._texts.values()))

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        options = QHBoxLayout()
        for text, box in (("Te&mperature", self._temperature), ("&Draw from top", self._top_k), ("Len&gth", self._length)):
            label = QLabel(text)
            label.setBuddy(box)
            options.addWidget(label)
            options.addWidget(box)
        options.addWidget(self._says, 1)
        options.addWidget(self._go)
        column = QVBoxLayout(left)
        column.addWidget(self._prompt, 1)
        column.addLayout(options)
        column.addWidget(self._result, 3)
        beside = QVBoxLayout(right)
        beside.addWidget(self._heading)
        beside.addWidget(self._live, 1)
        for layout in (column, beside):
            layout.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(right)
        split.setChildrenCollapsible(False)
        split.setSizes([600, 400])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(split)

    def _write(self) -> None:
        self._go.setEnabled(False)
        self._says.setText("Writing…")
        self._seed += 1
        self._asked = self._prompt.toPlainText()
        arguments = {"temperature": self._temperature.value(), "top_k": self._top_k.value()}
        self._latest.ask(events.Generate(0, "text", n=self._length.value(), seed=self._seed, text=self._asked, arguments=arguments))

    def _answered(self, event: Any) -> None:
        self._go.setEnabled(True)
        if isinstance(event, events.Refused):
            self._says.setText(event.reason)
            return
        self._says.setText("")
        self._result.setPlainText(self._asked + event.text)
        self._result.moveCursor(QTextCursor.MoveOperation.Start)
