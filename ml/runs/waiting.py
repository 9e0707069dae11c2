"""Runs that wait for their turn: each is a run already, with its project on record, and a place in the queue."""

from __future__ import annotations

import math
import time
from pathlib import Path

from ml.project.files import FileProblem
from ml.project.project import Project
from ml.runs import RECORD, Run, folders
from ml.runs.record import Record, put_fact, read_about

WAITING = "waiting"
"""The fact about a run that holds its place: the smaller, the sooner."""


def wait(folder: Path, project: Project, place: float) -> Run:
    """Make a run that waits. Raises `FileProblem`."""
    return Run.create(folder, project, **{WAITING: repr(place)})


def place(folder: Path) -> float | None:
    """A run's place in the queue, or None where it does not wait. Raises `FileProblem`."""
    value = read_about(folder / RECORD).get(WAITING)
    if value is None:
        return None
    try:
        number = float(value)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0


def put(folder: Path, place: float) -> None:
    """Give a waiting run another place. Raises `FileProblem`."""
    put_fact(folder / RECORD, WAITING, repr(place))


def begun(folder: Path) -> Run | None:
    """The run that waits in a folder, which waits no longer, or None where none does. Raises `FileProblem`."""
    if not (folder / RECORD).is_file() or place(folder) is None:
        return None
    record = Record(folder / RECORD)
    record.drop(WAITING)
    record.put("began", str(time.time()))
    record.close()
    return Run(folder)


def queue(folder: Path) -> list[Path]:
    """The runs in a folder that wait, in their order; what can't be read is passed over."""
    found = []
    for path in folders(folder):
        try:
            if (number := place(path)) is not None:
                found.append((number, path))
        except FileProblem:
            continue
    return [path for _, path in sorted(found)]
