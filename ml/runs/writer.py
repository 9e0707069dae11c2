"""Who writes a run: one process at a time, noted in its record, so that a second one is refused while the first lives."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import msgspec
import psutil

from ml import processes
from ml.project.files import FileProblem
from ml.runs.record import Record, read_about

NAME = "writer"


class Writer(msgspec.Struct, frozen=True):
    """A process; its number alone may be another's by now."""

    machine: str
    process: int
    began: float
    """As `processes.born` has it."""


def claimed(path: Path) -> Record:
    """The record of a run, opened and noted as this process's. Raises `FileProblem`, also where another process writes it."""
    other = _noted(path) if path.exists() else None
    if other is not None and other != _own() and _lives(other):
        raise FileProblem(f"{path.parent} is being trained by another process (number {other.process}): end that first.")
    record = Record(path)
    record.put(NAME, msgspec.json.encode(_own()).decode())
    return record


def release(record: Record) -> None:
    """Note that nobody writes the run any more."""
    record.put(NAME, "")


def is_gone(noted: str) -> bool:
    """Whether the process that is noted as a run's writer was one of this machine, and is no more."""
    writer = _decoded(noted)
    return writer is not None and writer.machine == platform.node() and not _lives(writer)


def _own() -> Writer:
    return Writer(platform.node(), os.getpid(), processes.born(psutil.Process()))


def _noted(path: Path) -> Writer | None:
    return _decoded(read_about(path).get(NAME, ""))


def _decoded(noted: str) -> Writer | None:
    try:
        return msgspec.json.decode(noted, type=Writer)
    except msgspec.DecodeError:
        return None


def _lives(writer: Writer) -> bool:
    """Whether it still runs, as far as this machine can tell: of another one nothing is known, and a run may have come from there."""
    return writer.machine == platform.node() and processes.lives(writer.process, writer.began)
