"""The status bar: how the engine is, what was just said, and the totals of the model."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QStatusBar, QToolButton, QWidget

from app.document import Document
from app.theme import restyle
from ml.project.report import ProjectReport


class Status(QStatusBar):
    """A quiet line."""

    restart_requested = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.engine, self.totals = QLabel("Engine: not started"), QLabel()
        self.engine.setAccessibleName("Engine")
        self.restart = QToolButton()
        self.restart.setText("Restart")
        self.restart.hide()
        self.restart.clicked.connect(self.restart_requested)
        self.setSizeGripEnabled(False)
        self.addPermanentWidget(self.totals)
        self.addPermanentWidget(self.restart)
        self.addPermanentWidget(self.engine)
        document.checked.connect(self.show_report)
        document.opened.connect(lambda: self.totals.setText(""))

    def show_engine(self, sentence: str, is_problem: bool) -> None:
        """Show how the engine is."""
        self.engine.setText(self.engine.fontMetrics().elidedText(sentence, Qt.TextElideMode.ElideRight, 480))
        self.engine.setToolTip(sentence)
        restyle(self.engine, "error" if is_problem else "")
        self.restart.setVisible(is_problem)

    def show_report(self, report: ProjectReport) -> None:
        """Show the totals."""
        errors = {0: "", 1: "1 error"}.get(report.errors, f"{report.errors} errors")
        frozen = report.parameters - report.trainable
        words = f"{report.parameters:,} parameters" + (f" ({frozen:,} not trained)" if frozen else "")
        self.totals.setText("  ·  ".join(part for part in (words, errors) if part))
        restyle(self.totals, "error" if errors else "")
