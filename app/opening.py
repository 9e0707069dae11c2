"""A model from somebody is opened: what is being done with it is shown, and can be cancelled, while another process looks at it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMessageBox, QProgressBar, QVBoxLayout, QWidget

from app import theme
from app.panels.panel import described
from ml.project.project import Project
from ml.strangers import ImportProblem
from ml.strangers.opening import open_model

EXPLAINED = "It is read as data and held against what Keras has; what passes is loaded by a process that can reach nothing else."
SHOWN = 6
"""So many sentences are shown at once; of more, all stand under “Show Details”."""
Done = Callable[[Project, list[str]], None]


class _Reader(QThread):
    """Has the other process look at the file, and waits for it."""

    said = Signal(str)

    def __init__(self, path: Path, weights: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._path, self._weights = path, weights
        self.cancelled = threading.Event()
        self.found: tuple[Project, list[str]] | None = None
        self.problem = ""

    def run(self) -> None:
        """The thread."""
        try:
            self.found = open_model(self._path, self._weights, self.said.emit, self.cancelled.is_set)
        except ImportProblem as problem:
            self.problem = str(problem)


class Opening(QDialog):
    """Stays until the model is read, refused or given up. `done_with` gets the project and what was found; `refused` the sentence."""

    def __init__(self, path: Path, weights: Path, done_with: Done, refused: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Open a model")
        self.setMinimumWidth(460)
        self._done_with, self._refused, self._window = done_with, refused, parent
        self._what = described(theme.label("Copying the file…"), "What is being done", "")
        self._bar = described(QProgressBar(maximum=0, textVisible=False), "Opening", "The file is being read.")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(2 * theme.GRID)
        name = theme.label(path.name, kind="title")
        name.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(name)
        column.addWidget(self._what)
        column.addWidget(self._bar)
        column.addWidget(theme.label(EXPLAINED, kind="muted"))
        column.addWidget(self._buttons)
        self._reader = _Reader(path, weights, self)
        self._reader.said.connect(self._what.setText)
        self._reader.finished.connect(self._finish)
        if application := QCoreApplication.instance():
            application.aboutToQuit.connect(self._abandon)

    def start(self) -> None:
        """Show it and begin."""
        self.open()
        self._reader.start()

    def reject(self) -> None:
        """Give it up: the other process is ended, and the dialog goes when it has."""
        self._reader.cancelled.set()
        self._what.setText("Giving it up…")
        self._buttons.setEnabled(False)

    def _abandon(self) -> None:
        """The window goes: the thread must have ended before it is destroyed, or Qt aborts."""
        self._reader.cancelled.set()
        self._reader.wait()

    def _finish(self) -> None:
        self._reader.wait()
        self.done(0)
        self.deleteLater()
        self._window.activateWindow()  # not every system gives the window the keyboard back by itself
        if self._reader.found is not None:
            self._done_with(*self._reader.found)
        elif not self._reader.cancelled.is_set():
            self._refused(self._reader.problem)


def tell(title: str, sentences: list[str], window: QWidget, icon: QMessageBox.Icon = QMessageBox.Icon.Information) -> None:
    """Show what was found in a file; what is from the file itself is never taken for a text with marks in it."""
    box = QMessageBox(icon, "Open a model", title, QMessageBox.StandardButton.Ok, window)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setInformativeText("\n\n".join(sentences[:SHOWN]) + (f"\n\nAnd {len(sentences) - SHOWN:,} more." if len(sentences) > SHOWN else ""))
    if len(sentences) > SHOWN:
        box.setDetailedText("\n".join(sentences))
    box.open()
