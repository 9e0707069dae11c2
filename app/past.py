"""What a run said before somebody looked: its measurements and messages, and the last of what it showed."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ml.events import Log, Message
from ml.project.files import FileProblem
from ml.runs import RECORD
from ml.runs.record import LAST, last_event, read_events
from ml.runs.thinning import SNAPSHOTS

TOLD = ("Metrics", "Log", "Done", "Failed")


def past(folder: Path, last: int = LAST) -> list[Message]:
    """The events up to the number `last` on a run's record; where it can't be read, one that says so."""
    record = folder / RECORD
    try:
        shown = [event for type in SNAPSHOTS if (event := last_event(record, type)) is not None]
        return [*shown, *read_events(record, *TOLD, last=last)]
    except (FileProblem, msgspec.DecodeError) as problem:
        return [Log(f"What this run said before can't be shown: {problem}", "error")]
