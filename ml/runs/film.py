"""A run as a film: at which steps there are snapshots, and what was to be seen at one of them, read when it is asked for."""

from __future__ import annotations

from pathlib import Path

from ml.events import Message
from ml.runs.record import events_at, read_steps
from ml.runs.thinning import SNAPSHOTS


def frames(record: Path) -> list[int]:
    """The steps of all snapshots on record, in their order. Raises `FileProblem`."""
    return sorted({step for steps in read_steps(record, *SNAPSHOTS).values() for step in steps})


def frame(record: Path, step: int) -> list[Message]:
    """What was to be seen after a step: of each type the snapshots of the last step up to then. Raises `FileProblem`."""
    return [event for type in SNAPSHOTS for event in events_at(record, type, step)]
