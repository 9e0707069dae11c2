"""A copy of unsaved work every half minute, so that a crash or a power cut takes little of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.document import Document
from ml.project import files
from ml.project.files import FileProblem
from ml.project.project import Project

MILLISECONDS = 30_000


class Recovery(QObject):
    """Keeps the copy at `path` up to date while the document has changes that are not saved."""

    def __init__(self, document: Document, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document, self.path = document, path
        self._kept: Project | None = None
        self._timer = QTimer(self, interval=MILLISECONDS)
        self._timer.timeout.connect(self.keep)
        self._timer.start()

    def found(self) -> Project | None:
        """What an earlier session left behind, or None where it ended well or its copy can't be read."""
        try:
            return files.load(self.path) if self.path.exists() else None
        except FileProblem:
            return None

    def keep(self) -> None:
        """Write the copy where there is something to keep; a disk that refuses it is not this session's end."""
        if self.document.is_clean:
            self.forget()
        elif self.document.project != self._kept:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                files.save(self.document.project, self.path)
            except (FileProblem, OSError):
                return
            self._kept = self.document.project

    def forget(self) -> None:
        """Remove the copy: the work is saved, or was given up on purpose."""
        self._kept = None
        self.path.unlink(missing_ok=True)
