"""Unsaved work goes to a journal of the window's own within a second of an edit, never over the person's file; who dies leaves it to the next window."""

from __future__ import annotations

import secrets
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from app.document import Document
from ml.project.project import VERSION, Project
from ml.project.writing import FileProblem, is_same, put, write

MILLISECONDS = 400
"""From an edit until it is written."""
JOURNAL, LOCK, WEIGHTS = ".journal", ".lock", ".weights.h5"


class Unsaved(msgspec.Struct, frozen=True):
    """What a journal holds: the project as it is now, and what is needed to go on with it."""

    project: Project
    file: str = ""
    """The file it belongs to; nothing where it was never saved."""
    stamp: str = ""
    """What that file held when it was opened or saved, as `ml.project.files.stamp`."""
    read_only: str = ""
    edits: int = 0
    """How many steps it is away from what is saved."""
    kept: float = 0.0
    """When it was written, in seconds since 1970."""


class Journal(QObject):
    """Keeps the document's unsaved work in a file of its own in `folder`; another thread writes it, so that a slow disk is nothing to the window."""

    refused = Signal(str)
    """It can't be kept: why, as a sentence. Said once for each reason."""

    def __init__(self, document: Document, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document, self.folder = document, folder
        self.path = folder / f"{secrets.token_hex(8)}{JOURNAL}"
        self._lock: QLockFile | None = None
        self._writer = ThreadPoolExecutor(1, "journal")
        self._writing: Future[None] | None = None
        self._kept: Project | None = None
        """What the journal holds, None where there is none."""
        self._weights = ""
        """The first weights that lie beside it."""
        self._before = 0
        """How many edits were made before the document was opened: it is recovered work."""
        self._said = ""
        self._timer = QTimer(self, singleShot=True, interval=MILLISECONDS)
        self._timer.timeout.connect(self.keep)
        document.changed.connect(self._changed)
        document.clean_changed.connect(lambda clean: self.forget() if clean else self._changed())
        document.opened.connect(self.forget)

    @property
    def edits(self) -> int:
        """How many steps the document is away from what is saved."""
        stack = self.document.undo_stack
        return self._before + abs(stack.index() - max(stack.cleanIndex(), 0))

    def go_on(self, edits: int) -> bool:
        """The document holds recovered work, `edits` steps away from its file: keep it at once; whether that could be done."""
        self._before = edits
        self.keep()
        self.flush()
        return self.path.is_file()

    def keep(self) -> None:
        """Have the document written where it has something unsaved; while that is under way, a moment later."""
        if self.document.is_clean:
            self.forget()
        elif self._writing is not None and not self._writing.done():
            self._timer.start()
        elif self.document.project is not self._kept:
            document, self._kept = self.document, self.document.project
            now = Unsaved(document.project, str(document.path.absolute()) if document.path else "", document.stamp, document.read_only, self.edits, time.time())
            self._writing = self._writer.submit(self._write, now)

    def forget(self) -> None:
        """Remove the journal: the work is saved, or was given up on purpose."""
        self._timer.stop()
        self._before = 0
        if self._kept is not None:
            self._kept = None
            self._writing = self._writer.submit(self._remove)

    def flush(self) -> None:
        """Wait until all that was to be written is on the disk."""
        if self._writing is not None:
            self._writing.result()

    def close(self) -> None:
        """End in good order: nothing is left behind."""
        self.forget()
        self._writer.shutdown()
        if self._lock is not None:
            self._lock.unlock()

    def _changed(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    # In the other thread.

    def _write(self, unsaved: Unsaved) -> None:
        try:
            if self._lock is None:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._lock = _lock(self.path)
                self._lock.tryLock(0)
            write(self.path, msgspec.json.encode(unsaved))
            source = Path(unsaved.project.weights)
            if unsaved.project.weights != self._weights and source.is_file():
                put(source, _weights(self.path))
            self._weights = unsaved.project.weights
        except (FileProblem, OSError) as problem:
            self._say(f"Unsaved work can't be kept in case of a crash: {problem}")

    def _remove(self) -> None:
        self._weights = ""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
            _weights(self.path).unlink(missing_ok=True)

    def _say(self, sentence: str) -> None:
        if sentence != self._said:
            self._said = sentence
            self.refused.emit(sentence)


class Left:
    """What a window that died left behind. Held, so that no other window offers it too, until it is let go or discarded."""

    def __init__(self, path: Path, lock: QLockFile) -> None:
        self.path, self._lock = path, lock
        self.unsaved: Unsaved | None = None
        self.problem = ""
        """Why it can't be read, as a sentence."""
        try:
            unsaved = msgspec.json.decode(path.read_bytes(), type=Unsaved)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            self.problem = f"{path} can't be read: {error}."
        else:
            self.unsaved = unsaved if unsaved.project.version <= VERSION else None
            self.problem = "" if self.unsaved else f"{path} was left by a newer version of this program: update the program to open it."

    def project(self, folder: Path) -> Project:
        """The project, its first weights in `folder`, from where they are saved with it. Raises `FileProblem`."""
        assert self.unsaved is not None
        project, kept = self.unsaved.project, _weights(self.path)
        if not kept.is_file():
            return project
        target = folder / f"{self.path.stem}{WEIGHTS}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not is_same(kept, target):
                put(kept, target)
            target.touch()
        except OSError as error:
            raise FileProblem(f"The weights of {project.name} can't be put into {folder}: {error.strerror}.") from error
        return replace(project, weights=str(target))

    def let_go(self) -> None:
        """Leave it as it is for another time."""
        self._lock.unlock()

    def discard(self) -> None:
        """Remove it for good."""
        with suppress(OSError):
            _weights(self.path).unlink(missing_ok=True)
            self.path.unlink(missing_ok=True)
        self._lock.unlock()


def left_in(folder: Path) -> list[Left]:
    """What windows that are no more left in a folder of journals, the latest first. Each is the caller's until it is let go."""
    found = []
    for stem in {path.stem for kind in (JOURNAL, LOCK) for path in folder.glob(f"*{kind}")}:
        path = folder / f"{stem}{JOURNAL}"
        lock = _lock(path)
        if lock.tryLock(0):
            left = Left(path, lock)
            if path.exists():
                found.append(left)
            else:
                left.discard()  # its window died with nothing unsaved
    return sorted(found, key=lambda left: left.unsaved.kept if left.unsaved else 0.0, reverse=True)


def _lock(path: Path) -> QLockFile:
    """A lock that is held as long as its process lives, however long that is."""
    lock = QLockFile(str(path.with_suffix(LOCK)))
    lock.setStaleLockTime(0)
    return lock


def _weights(path: Path) -> Path:
    return path.with_suffix(WEIGHTS)
