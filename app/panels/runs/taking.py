"""Takes a run elsewhere, and brings one back: an archive, a table of what was measured, a report. The window answers meanwhile."""

from __future__ import annotations

import contextlib
import gc
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, Signal
from PySide6.QtWidgets import QFileDialog, QProgressDialog, QWidget

from app.drawings import drawing as drawings
from app.drawings.drawing import DrawingProblem
from app.drawings.making import make
from app.drawings.nets import Subject
from app.drawings.options import Options
from app.panels.runs.commands import Commands, one
from ml.project.files import FileProblem
from ml.runs import Run, new_folder
from ml.runs.summary import Summary

SOON = 400
"""Milliseconds after which work that is not done shows how far it is."""
STEPS = 1000


class Taking(QObject):
    """Asks where to, does it beside the window, and says how it ended."""

    said = Signal(str, str)
    """A sentence for the person, and its kind: `error`, or `muted`."""
    arrived = Signal(str)
    """The folder of a run that came back."""

    def __init__(self, runs: Path, window: QWidget) -> None:
        super().__init__(window)
        self._runs, self._window = runs, window
        self._work: _Work | None = None

    def add_to(self, commands: Commands, selected: Callable[[], Sequence[Summary]]) -> None:
        """Offer all of it among the commands of the runs that are selected."""

        def first(do: Callable[[Summary], None]) -> Callable[[], None]:
            return lambda: do(selected()[0])

        commands.add("report", "Save a Re&port…", first(self.save_report), when=one)
        commands.add("metrics", "Save the Me&trics as CSV…", first(self.save_metrics), when=one)
        commands.add("archive", "Archi&ve…", first(self.archive), when=one)
        commands.add("restore", "Restore from an Archive…", self.restore, when=lambda runs: True)

    def archive(self, run: Summary) -> None:
        """Write a run into one file."""
        from ml.runs.carrying import Carriage  # h5py comes with it, and few need it

        if path := self._ask("Archive the Run", run, "Archive of a run (*.h5)", ".h5"):
            carriage = Carriage("archive", Path(run.folder), path)
            self._do(f"Writing {path.name}…", carriage.carry, lambda left_out: self._archived(path, left_out), carriage.cancel)

    def restore(self) -> None:
        """Make the run that is in an archive."""
        from ml.runs.carrying import Carriage

        name, _ = QFileDialog.getOpenFileName(self._window, "Restore a Run", str(Path.home()), "Archive of a run (*.h5)")
        if name:
            path = Path(name)
            folder = new_folder(self._runs, path.stem)
            carriage = Carriage("unarchive", path, folder)
            self._do(f"Reading {path.name}…", carriage.carry, lambda _: self._restored(path, folder), carriage.cancel)

    def save_metrics(self, run: Summary) -> None:
        """Write what a run measured as CSV."""
        from ml.runs.table import save_table

        if path := self._ask("Save the Metrics", run, "Table (*.csv)", ".csv"):
            self._do(f"Writing {path.name}…", lambda _: save_table(Path(run.folder), path), lambda rows: self.said.emit(f"{path} has {rows:,} rows.", "muted"))

    def save_report(self, run: Summary) -> None:
        """Write a report of a run as one page."""
        from ml.runs.report import save_report

        if path := self._ask("Save a Report", run, "Web page (*.html)", ".html"):
            drawn = _drawings(Path(run.folder))
            self._do(
                f"Writing {path.name}…",
                lambda _: save_report(Path(run.folder), path, drawn),
                lambda _: self.said.emit(f"The report is in {path}; any browser shows it.", "muted"),
            )

    def close(self) -> None:
        """End what is under way, and wait for it."""
        if self._work is not None:
            self._work.cancel()
            self._work.wait()

    def _ask(self, title: str, run: Summary, kind: str, suffix: str) -> Path | None:
        """Where to; None where it was not said."""
        name = re.sub(r"[^\w.-]+", "-", run.title).strip("-.") or "run"
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, str(Path.home() / (name + suffix)), kind)
        return Path(chosen).with_suffix(suffix) if chosen and not Path(chosen).suffix else Path(chosen) if chosen else None

    def _do(self, words: str, job: Callable[[Callable[[float], None]], Any], done: Callable[[Any], None], cancel: Callable[[], None] | None = None) -> None:
        """Do a job in a thread; where it takes a while, show how far it is, and let it be cancelled where that can be."""
        if self._work is not None:
            self.said.emit("Something is being written already: wait for it, or cancel it.", "error")
            return
        dialog = QProgressDialog(words, "Cancel", 0, STEPS if cancel else 0, self._window)
        dialog.setWindowTitle("Runs")
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.setMinimumDuration(SOON)
        dialog.setAutoReset(False)
        if cancel is None:
            dialog.setCancelButton(None)
        self._work = work = _Work(job, cancel or (lambda: None), self)
        work.progressed.connect(lambda part: dialog.setValue(round(STEPS * part)))
        work.failed.connect(lambda sentence: self.said.emit(sentence, "error"))
        work.done.connect(done)
        work.finished.connect(lambda: self._end(dialog))
        dialog.canceled.connect(work.cancel)
        dialog.setValue(0)
        work.start()

    def _end(self, dialog: QProgressDialog) -> None:
        dialog.canceled.disconnect()
        dialog.close()
        dialog.deleteLater()
        if self._work is not None:
            self._work.deleteLater()
        self._work = None

    def _archived(self, path: Path, left_out: list[str]) -> None:
        self.said.emit(f"The run is in {path} ({path.stat().st_size / 1e6:,.1f} MB). {' '.join(left_out)}".rstrip(), "muted")

    def _restored(self, path: Path, folder: Path) -> None:
        self.said.emit(f"The run of {path.name} is back.", "muted")
        self.arrived.emit(str(folder))


class _Work(QThread):
    """One job. It is told how it ended by a signal, in the window's thread."""

    progressed = Signal(float)
    done = Signal(object)
    failed = Signal(str)

    def __init__(self, job: Callable[[Callable[[float], None]], Any], cancel: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._job, self._cancel = job, cancel
        self._cancelled = False

    def cancel(self) -> None:
        """Say that nobody waits for it any more."""
        self._cancelled = True
        self._cancel()

    def run(self) -> None:
        """The thread."""
        from ml.runs.carrying import Cancelled

        try:
            found = self._job(self.progressed.emit)
        except Cancelled:
            return
        except FileProblem as problem:
            self.failed.emit(str(problem))
        else:
            self.done.emit(found)


def _drawings(folder: Path) -> dict[str, bytes]:
    """The graph of each role as SVG; none where it can't be drawn."""
    found: dict[str, bytes] = {}
    with contextlib.suppress(FileProblem, DrawingProblem):
        for role, graph in Run(folder).project.models.items():
            found[role] = drawings.svg(make(Subject(graph, {}, role), {}, Options()))
    gc.collect()  # The scenes that were drawn go here: in the thread that works on they would be destroyed away from their timers.
    return found
