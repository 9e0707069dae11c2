"""Reads a run's film while the window goes on: on a thread, the latest wish first."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, Signal

from ml.events import Message
from ml.project.files import FileProblem
from ml.runs.film import frame, frames


class Film(QObject):
    """The snapshots of one run's record. What can't be read, as of a run that is just being begun, is not there."""

    found = Signal(object, list)
    """Of a record (its path) the steps at which there is something to see."""
    arrived = Signal(object, int, list)
    """Of a record what was to be seen after a step: a list of events."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._wish: tuple[Path, int] | None = None

    def look(self, record: Path) -> None:
        """Find out what there is. Answered by `found`."""
        self._pool.start(lambda: self._find(record))

    def show(self, record: Path, step: int) -> None:
        """Read what was to be seen after a step. Answered by `arrived`, unless another step is asked for before it is this one's turn."""
        waits, self._wish = self._wish is not None, (record, step)
        if not waits:
            self._pool.start(self._read)

    def close(self) -> None:
        """Wait until nothing is read any more."""
        self._pool.clear()
        self._pool.waitForDone()

    def _find(self, record: Path) -> None:
        try:
            self.found.emit(record, frames(record))
        except FileProblem:
            return

    def _read(self) -> None:
        wish, self._wish = self._wish, None
        if wish is None:
            return
        record, step = wish
        seen: list[Message] = []
        try:
            seen = frame(record, step)
        except FileProblem:
            """What is no longer there is an empty frame."""
        self.arrived.emit(record, step, seen)
