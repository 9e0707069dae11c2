"""The generator panel of a model that reads sequences: what it makes of samples that it does not learn from."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from app import theme
from app.panels.panel import Panel, described, rewrite
from ml import events
from ml.project.project import Project

HELP = "Samples of the validation part as the model reads them now; where it is wrong (✗), what is right stands below."


class ReadingPage(Panel):
    """Shows the latest `Text` of a run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text: events.Text | None = None
        self._heading = theme.label("As it reads", kind="heading", wrap=False)
        self._live = described(QPlainTextEdit(readOnly=True), "what the model reads", HELP)
        self._live.setPlaceholderText("What the model makes of some samples appears here while it trains.")
        self._live.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._live.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        for part in (self._heading, theme.label(HELP, kind="muted"), self._live):
            column.addWidget(part)
        column.setStretch(2, 1)

    def begin(self, _project: Project) -> None:
        """A run starts: nothing is read yet."""
        self._text = None
        self.stale()

    def show_event(self, event: events.Message) -> None:
        """Take what a run says."""
        if isinstance(event, events.Text):
            self._text = event
            self.stale()

    def refresh(self) -> None:
        """Show the latest text."""
        self._heading.setText("As it reads" if self._text is None else f"As it reads: after step {self._text.step:,}")
        rewrite(self._live, "" if self._text is None else self._text.text)
