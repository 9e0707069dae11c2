"""What a job writes into its run while it trains: the events as they come, and the checkpoints."""

from __future__ import annotations

from collections.abc import Callable

from ml.events import Message
from ml.runs import Run
from ml.runs.checkpoints import Checkpoints
from ml.runs.record import Record


class Recording:
    """Open it with `with`: at the end everything is on the disk."""

    def __init__(self, run: Run, emit: Callable[[Message], None]) -> None:
        self.run = run
        self._emit = emit
        self.record = Record(run.record)
        self.checkpoints = Checkpoints(run.folder, self.record)

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, *_: object) -> None:
        self.record.close()

    def emit(self, event: Message) -> None:
        """Record an event and send it on."""
        self.record.write(event)
        self._emit(event)
