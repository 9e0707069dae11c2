"""A run's folder: the project as it was, the events as they came, and the models that came out."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from ml import events
from ml.project import files
from ml.project.project import Project
from ml.project.writing import make_folder
from ml.runs.record import FORMAT, Record, read_about, read_events

RECORD, FINAL = "run.sqlite", "final"
LONGEST = 120
"""Of the project's name so many bytes at the most are in that of a run's folder: no system takes more than 255."""


class Run:
    """The folder of one run: the record in `run.sqlite`, the trained model in `final.keras`, or where there are several in `final/<role>.keras`."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    @staticmethod
    def create(folder: Path, project: Project, **about: str) -> Run:
        """Make the folder and put the project and other facts about the run into its record. Raises `FileProblem`, also where a run is there already."""
        run = Run(folder)
        try:
            if run.record.exists():
                raise files.FileProblem(f"{folder} already holds a run: choose another folder.")
            make_folder(run.folder)
        except OSError as error:
            raise files.FileProblem(f"{folder} can't be made: {error.strerror}.") from error
        project = files.with_weights_beside(project, run.record)
        record = Record(run.record)
        record.put("format", str(FORMAT))
        record.put("began", str(time.time()))
        record.put("project", msgspec.json.encode(project).decode())
        for name, value in about.items():
            record.put(name, value)
        record.close()
        return run

    @property
    def record(self) -> Path:
        """The record's file."""
        return self.folder / RECORD

    @property
    def project(self) -> Project:
        """The project as it was when the run began. Raises `FileProblem`."""
        about = read_about(self.record)
        if "project" not in about:
            raise files.FileProblem(f"{self.record} holds no project: the run was never begun.")
        return files.decode(about["project"].encode(), str(self.record))

    def model(self, role: str) -> Path:
        """Where the trained model of a role lies. Raises `FileProblem` where the run did not come to its end."""
        path = self._final(role)
        if not path.is_file():
            raise files.FileProblem(f"{self.folder} has no trained {role}: the run did not come to its end.")
        return path

    def put_model(self, role: str, data: bytes) -> None:
        """Write a trained model's `.keras` file. Raises `FileProblem`."""
        path = self._final(role)
        try:
            make_folder(path.parent)
        except OSError as error:
            raise files.FileProblem(f"{path.parent} can't be made: {error.strerror}.") from error
        files.write(path, data)

    def events(self, *types: str) -> Iterator[events.Message]:
        """The run's events in their order, all or those of these types. Raises `FileProblem`."""
        return read_events(self.record, *types)

    def _final(self, role: str) -> Path:
        return self.folder / f"{FINAL}.keras" if len(self.project.models) == 1 else self.folder / FINAL / f"{role}.keras"


def folders(parent: Path) -> list[Path]:
    """The runs' folders in a folder; what may not be looked into is passed over."""
    found = []
    for path in parent.iterdir() if parent.is_dir() else ():
        with suppress(PermissionError):
            if (path / RECORD).is_file():
                found.append(path)
    return found


def new_folder(parent: Path, name: str, besides: Iterable[str] = ()) -> Path:
    """A folder's path that is not taken, named for the project and the time; `besides` are paths of folders that are about to be made."""
    words = re.sub(r"[^\w-]+", "-", name.lower()).encode()[:LONGEST].decode(errors="ignore").strip("-") or "run"
    wish = f"{words}-{datetime.now():%Y%m%d-%H%M%S}"
    taken = {path.name for path in parent.iterdir()} if parent.is_dir() else set()
    taken |= {Path(other).name for other in besides}
    return parent / next(name for n in range(len(taken) + 1) if (name := f"{wish}-{n}" if n else wish) not in taken)
