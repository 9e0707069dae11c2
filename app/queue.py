"""Runs that wait for their turn: put in line, moved, taken out, and begun one after another as there is room."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from app.engines import Engines
from ml.project.files import FileProblem
from ml.project.project import Project
from ml.runs import Run, new_folder, trash, waiting

AT_ONCE = max(1, (os.cpu_count() or 1) // 2)
"""So many models train at the same time where a person has not said another number: each has two cores."""
MOST = 64
MEMORY = 1.5 * 2**30
"""Bytes that must be free for a further run to begin beside others."""
LOCK = ".queue"


class Queue(QObject):
    """The runs of a folder that wait. They lie on the disk as runs do, so they outlive the window; of several windows one has them begin."""

    changed = Signal()
    said = Signal(str)
    """What became of a run in it, as a sentence."""

    def __init__(self, folder: Path, engines: Engines, at_once: int = 0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder, self.engines = folder, engines
        self.at_once = at_once or AT_ONCE
        self._lock: QLockFile | None = None
        self._begun: set[str] = set()
        """What was begun here: a run whose engine dies before it has read what to do still waits, and is not tried again and again."""
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self.advance)
        engines.state_changed.connect(self._follow)

    @property
    def runs(self) -> list[str]:
        """The folders of the runs that wait, the next one first."""
        return [str(path) for path in waiting.queue(self.folder)]

    @property
    def has_room(self) -> bool:
        """Whether the machine can take on a further run now."""
        count = len(self.engines.under_way)
        return count < self.at_once and (not count or psutil.virtual_memory().available > MEMORY)

    def allow(self, at_once: int) -> None:
        """Let so many models train at the same time, from 1 to `MOST`; what trains already goes on."""
        self.at_once = at_once
        self.changed.emit()
        self._turn.start()

    def add(self, project: Project) -> str:
        """Put a run of a project at the end of the line; its folder. Raises `FileProblem`."""
        folder, runs = new_folder(self.folder, project.name, besides=self.engines.jobs), waiting.queue(self.folder)
        last = max((place for run in runs if (place := waiting.place(run)) is not None), default=0.0)
        waiting.wait(folder, project, last + 1)
        self.changed.emit()
        before = len(runs)
        self.said.emit(f"A run of {project.name} waits" + (f" behind {before} other{'' if before == 1 else 's'}" if before else " and is the next") + ".")
        self._turn.start()
        return str(folder)

    def reorder(self, runs: list[str]) -> None:
        """Have these runs wait in this order. Raises `FileProblem`."""
        for place, run in enumerate(runs, 1):
            waiting.put(Path(run), place)
        self.changed.emit()

    def remove(self, run: str) -> Path:
        """Take a run out of the line and delete it; where it lies in the trash. Raises `FileProblem`."""
        lies = trash.discard(Path(run))
        self.changed.emit()
        return lies

    def take_back(self, lies: Path) -> None:
        """Put a run that was removed in its place again. Raises `FileProblem`."""
        trash.take_back(lies)
        self.changed.emit()

    def start(self, run: str) -> None:
        """Have a run begin now, whatever else trains. Raises `FileProblem`."""
        self._begun.add(run)
        project = Run(Path(run)).project
        self.engines.train(project, run)
        self.said.emit(f"{project.name} has begun; Runs (Ctrl+8) shows it.")
        self.changed.emit()

    def advance(self) -> None:
        """Begin the next run where there is room and no other window sees to it."""
        for run in self.runs:
            if not self.has_room or not self._is_ours():
                return
            if run not in self._begun:
                try:
                    self.start(run)
                except FileProblem as problem:
                    self.said.emit(str(problem))

    def leave(self) -> None:
        """The window goes, and what it ends makes no room: another one may see to the line."""
        self.engines.state_changed.disconnect(self._follow)
        self._turn.stop()
        if self._lock is not None:
            self._lock.unlock()

    def _follow(self, run: str, state: str) -> None:
        if state == "ended":
            self._turn.start()

    def _is_ours(self) -> bool:
        if self._lock is None:
            self._lock = QLockFile(str(self.folder / LOCK))
            self._lock.setStaleLockTime(0)
        return self._lock.isLocked() or self._lock.tryLock(0)
