"""A run's folder: the project as it was, the events as they came, and the models that came out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from ml import events
from ml.project import files
from ml.project.project import Project

PROJECT, EVENTS, FINAL = "project.json", "events.msgpack", "final"


class Run:
    """The folder of one run. Models lie in `final/<role>.keras`."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    @staticmethod
    def create(folder: Path, project: Project) -> Run:
        """Make the folder and put the project into it. Raises `FileProblem`, also where a run is already there."""
        run = Run(folder)
        if (run.folder / PROJECT).exists():
            raise files.FileProblem(f"{folder} already holds a run: choose another folder.")
        try:
            (run.folder / FINAL).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise files.FileProblem(f"{folder} can't be made: {error.strerror}.") from error
        files.save(project, run.folder / PROJECT)
        return run

    @property
    def project(self) -> Project:
        """The project as it was when the run began. Raises `FileProblem`."""
        if not (self.folder / PROJECT).is_file():
            raise files.FileProblem(f"{self.folder} is not a run: there is no {PROJECT} in it.")
        return files.load(self.folder / PROJECT)

    def model(self, role: str) -> Path:
        """Where the trained model of a role lies. Raises `FileProblem` where the run did not come to its end."""
        path = self.folder / FINAL / f"{role}.keras"
        if not path.is_file():
            raise files.FileProblem(f"{self.folder} has no trained {role}: the run did not come to its end.")
        return path

    def put_model(self, role: str, data: bytes) -> None:
        """Write a trained model's `.keras` file. Raises `FileProblem`."""
        files.write(self.folder / FINAL / f"{role}.keras", data)

    def events(self) -> Iterator[events.Message]:
        """The run's events in their order, as far as they were written whole."""
        with (self.folder / EVENTS).open("rb") as file:
            while (event := events.receive(file, events.Event)) is not None:
                yield event


class Recorder:
    """Writes events into a run's folder as they come."""

    def __init__(self, run: Run) -> None:
        self._file: BinaryIO = (run.folder / EVENTS).open("ab")

    def write(self, event: events.Message) -> None:
        """Append one event."""
        events.send(self._file, event)

    def close(self) -> None:
        """Make sure that all events are on the disk."""
        os.fsync(self._file.fileno())
        self._file.close()


def new_folder(parent: Path, name: str) -> Path:
    """A folder's path that is not taken, named for the project and the time."""
    words = re.sub(r"[^\w-]+", "-", name.lower()).strip("-") or "run"
    wish = f"{words}-{datetime.now():%Y%m%d-%H%M%S}"
    taken = {path.name for path in parent.iterdir()} if parent.is_dir() else set()
    return parent / next(name for n in range(len(taken) + 1) if (name := f"{wish}-{n}" if n else wish) not in taken)
