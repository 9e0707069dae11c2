"""The runs of a folder as the window has them: read beside the window's thread, labelled and deleted with undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from app.panels.runs.background import Background
from ml.project.files import FileProblem
from ml.runs import RECORD, labels, trash
from ml.runs.labels import Labels
from ml.runs.listing import Listing
from ml.runs.summary import LIVE, Summary

READING_SECONDS = 0.3
"""So long a reading takes at the most before what was read is shown."""

_Result = TypeVar("_Result")


class Store(QObject):
    """What a person does is shown at once and written after; where that fails it is shown as it was, with `failed`."""

    changed = Signal(list)
    """All runs, as `Summary`."""
    deleted_changed = Signal(int)
    """How many deleted runs can be brought back."""
    failed = Signal(str)
    """What could not be done, as a sentence."""

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self.folder = folder
        self.runs: list[Summary] = []
        self.steps = QUndoStack(self)
        self._background = Background(self)
        self._listing = Listing(folder)
        self._is_reading = False
        self._deleted = 0
        self._labels: dict[str, Labels] = {}
        """What is being written, by the run's folder."""
        self._gone: set[str] = set()
        """The folders of runs that are deleted, or being deleted."""
        self._read: list[Summary] = []
        self._background.ask(lambda: trash.empty(folder), lambda count: None)

    def refresh(self) -> None:
        """Read what has changed on the disk."""
        if not self._is_reading:
            self._is_reading = True
            self._background.ask(lambda: (*self._listing.refresh(READING_SECONDS), len(trash.lying(self.folder))), self._take)

    def ask(self, work: Callable[[], _Result], then: Callable[[_Result], None]) -> None:
        """Do something with runs beside the window's thread."""
        self._background.ask(work, then)

    def relabel(self, text: str, changes: Mapping[str, Labels]) -> None:
        """Give runs, by their folders, other labels, as a step of this name that can be undone."""
        before = {run.folder: run.labels for run in self.runs if run.folder in changes}
        after = {folder: labels.cleaned(changes[folder]) for folder in before}
        if before != after:
            self.steps.push(_Step(text, lambda: self._write(after), lambda: self._write(before)))

    def delete(self, runs: Sequence[Summary]) -> None:
        """Move runs into the trash, as a step that can be undone. Those that train or wait stay, and `failed` says so."""
        live = [run for run in runs if run.state in LIVE]
        if live:
            self.failed.emit(f"“{live[0].title}” is {live[0].state}: end it first, then delete it.")
        folders = [run.folder for run in runs if run not in live]
        if folders:
            name = f"“{next(run.title for run in runs if run.folder == folders[0])}”" if len(folders) == 1 else f"{len(folders)} runs"
            lies: dict[str, Path] = {}
            self.steps.push(_Step(f"Delete {name}", lambda: self._discard(folders, lies), lambda: self._take_back(folders, lies)))

    def restore(self, lying: Sequence[Path]) -> None:
        """Bring runs back from the trash, whenever they were deleted."""

        def work() -> tuple[list[str], list[tuple[str, FileProblem]]]:
            back, problems = [], []
            for lies in lying:
                try:
                    back.append(str(trash.take_back(lies)))
                except FileProblem as problem:
                    problems.append((str(lies), problem))
            return back, problems

        def then(done: tuple[list[str], list[tuple[str, FileProblem]]]) -> None:
            self._gone -= set(done[0])
            self._moved(done[1])

        self._background.ask(work, then)

    def close(self) -> None:
        """Wait until all is written."""
        self._background.ask(self._listing.keep, lambda nothing: None)
        self._background.close()

    def _take(self, read: tuple[list[Summary], bool, int]) -> None:
        self._is_reading = False
        self._read, complete, deleted = read
        self._show()
        if deleted != self._deleted:
            self._deleted = deleted
            self.deleted_changed.emit(deleted)
        if not complete:
            self.refresh()

    def _show(self) -> None:
        """Tell what there is, with what is being written as if it were."""
        there = [run for run in self._read if run.folder not in self._gone]
        runs = [replace(run, labels=self._labels[run.folder]) if run.folder in self._labels else run for run in there]
        if runs != self.runs:
            self.runs = runs
            self.changed.emit(runs)

    def _write(self, labels_of: Mapping[str, Labels]) -> None:
        self._labels |= labels_of
        self._show()
        for folder, new in labels_of.items():
            self._background.ask(partial(self._put, folder, new), partial(self._written, folder, new))

    def _put(self, folder: str, new: Labels) -> FileProblem | None:
        try:
            labels.write(Path(folder) / RECORD, new)
        except FileProblem as problem:
            return problem
        self._listing.put_labels(folder, new)
        return None

    def _written(self, folder: str, new: Labels, problem: FileProblem | None) -> None:
        if self._labels.get(folder) is new:
            del self._labels[folder]
        if problem is not None:
            self.failed.emit(str(problem))
            self._show()
        else:
            self._read = [replace(run, labels=new) if run.folder == folder else run for run in self._read]

    def _discard(self, folders: Sequence[str], lies: dict[str, Path]) -> None:
        self._gone |= set(folders)
        self._show()

        def work() -> list[tuple[str, FileProblem]]:
            problems = []
            for folder in folders:
                try:
                    lies[folder] = trash.discard(Path(folder))
                except FileProblem as problem:
                    problems.append((folder, problem))
            return problems

        self._background.ask(work, self._moved)

    def _take_back(self, folders: Sequence[str], lies: dict[str, Path]) -> None:
        def work() -> list[tuple[str, FileProblem]]:
            problems = []
            for folder in folders:
                if folder in lies and lies[folder].exists():  # else it was brought back in another way
                    try:
                        trash.take_back(lies.pop(folder))
                    except FileProblem as problem:
                        problems.append((folder, problem))
            return problems

        def then(problems: list[tuple[str, FileProblem]]) -> None:
            self._gone -= set(folders)
            self._moved(problems)

        self._background.ask(work, then)

    def _moved(self, problems: list[tuple[str, FileProblem]]) -> None:
        """Say what could not be moved: it is where it was."""
        for folder, _ in problems:
            self._gone.discard(folder)
        if problems:
            self.failed.emit(str(problems[0][1]))
        self._show()
        self.refresh()


class _Step(QUndoCommand):
    """Something that was done, and how it is undone."""

    def __init__(self, text: str, do: Callable[[], None], undo: Callable[[], None]) -> None:
        super().__init__(text)
        self._do, self._undo = do, undo

    def redo(self) -> None:
        self._do()

    def undo(self) -> None:
        self._undo()
