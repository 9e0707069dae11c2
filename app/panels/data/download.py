"""Downloads under way, a row each: how far it is, and how to break it off; where one has failed, why, and how to try again.

The window downloads nothing itself: a process does, which ends with the window.
"""

from __future__ import annotations

import json

from PySide6.QtCore import QProcess, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.panels.panel import described
from app.theme import GRID, label, restyle
from ml.data import downloads
from ml.data.dataset import Source
from ml.data.own import in_words

PARTS = 1000
"""Of the bar."""
END_MILLISECONDS = 3000
"""How long the process has to clear away before it is killed."""


class Downloads(QWidget):
    """All downloads of a window."""

    ended = Signal(str)
    """A source's id: it is here now, or its download was given up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, Download] = {}
        self.command: tuple[str, ...] = downloads.COMMAND
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2 * GRID)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def begin(self, source: Source) -> None:
        """Download a source; one that is under way goes on, one that has failed begins again."""
        if source.id not in self.rows:
            row = self.rows[source.id] = Download(source, self.command)
            row.ended.connect(lambda: self._remove(source.id))
            self._column.addWidget(row)
            self.show()
        self.rows[source.id].begin()

    def end(self) -> None:
        """Break all of them off, and wait until their processes have cleared away."""
        self.blockSignals(True)  # the window goes: nobody is to look at what is here now
        for row in list(self.rows.values()):
            row.end()

    def _remove(self, id: str) -> None:
        row = self.rows.pop(id)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.setVisible(bool(self.rows))
        self.ended.emit(id)


class Download(QWidget):
    """One download."""

    ended = Signal()
    """There is nothing left to show."""

    def __init__(self, source: Source, command: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source, self._command = source, command
        self._problem = ""
        self._cancelled = False
        self._process = QProcess(self)
        self._process.setWorkingDirectory(str(downloads.ROOT))
        self._process.setStandardErrorFile(QProcess.nullDevice())
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(lambda status: self._finished(status))
        self._process.errorOccurred.connect(self._failed_to_start)
        self.words = label()
        self.bar = described(QProgressBar(maximum=PARTS, textVisible=False), f"Download of {source.title}", "How much has come.")
        self.again, self.cancel = QPushButton("Try again"), QPushButton("Cancel")
        self.again.clicked.connect(self.begin)
        self.cancel.clicked.connect(self.give_up)
        self._lay_out()

    @property
    def is_under_way(self) -> bool:
        """Whether its process is there."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def begin(self) -> None:
        """Start its process, unless it is there."""
        if self.is_under_way:
            return
        self._problem, self._cancelled = "", False
        self._show(f"Downloading {self._source.title}: asking for it…")
        self._process.start(self._command[0], [*self._command[1:], self._source.id])

    def give_up(self) -> None:
        """Break it off; what is on the way is cleared away by its process."""
        if not self.is_under_way:
            self.ended.emit()
            return
        self._cancelled = True
        self.words.setText(f"Breaking off the download of {self._source.title}…")
        self.cancel.setEnabled(False)
        self._process.closeWriteChannel()
        QTimer.singleShot(END_MILLISECONDS, self._process, self._process.kill)

    def end(self) -> None:
        """Break it off and wait: the window goes."""
        self._cancelled = True
        self._process.closeWriteChannel()
        if self.is_under_way and not self._process.waitForFinished(END_MILLISECONDS):
            self._process.kill()
            self._process.waitForFinished()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.words)
        below = QHBoxLayout()
        below.setSpacing(GRID)
        below.addWidget(self.bar, 1)
        below.addWidget(self.again)
        below.addWidget(self.cancel)
        column.addLayout(below)

    def _show(self, words: str, failed: bool = False) -> None:
        restyle(self.words, "error" if failed else "")
        self.words.setText(words)
        self.bar.setRange(0, 0)
        self.bar.setVisible(not failed)
        self.again.setVisible(failed)
        self.cancel.setEnabled(True)
        self.cancel.setText("Close" if failed else "Cancel")

    def _read(self) -> None:
        while self._process.canReadLine():
            facts = json.loads(bytes(self._process.readLine().data()))
            if "problem" in facts:
                self._problem = facts["problem"]
            elif facts["got"] and not self._cancelled:
                self.words.setText(f"Downloading {self._source.title}: {in_words(facts['got'])} of {in_words(facts['size'])}.")
                self.bar.setRange(0, PARTS)
                self.bar.setValue(PARTS * facts["got"] // facts["size"])

    def _finished(self, status: int) -> None:
        self._read()
        if not status or self._cancelled:
            self.ended.emit()
        else:
            self._show(self._problem or f"The download of {self._source.title} ended without a word (status {status}).", failed=True)

    def _failed_to_start(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._show(f"The download can't be started: {self._process.errorString()}.", failed=True)
