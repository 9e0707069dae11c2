"""What a job writes into its run while it trains: the events that tell, and the checkpoints."""

from __future__ import annotations

import time
from collections.abc import Callable

from ml.events import Message
from ml.runs import Run, writer
from ml.runs.checkpoints import Checkpoints
from ml.runs.record import read_about, read_steps
from ml.runs.thinning import SNAPSHOTS, Thinning


class Recording:
    """Open it with `with`: at the end everything is on the disk."""

    def __init__(self, run: Run, emit: Callable[[Message], None]) -> None:
        self.run = run
        self._emit = emit
        self.record = writer.claimed(run.record)
        self.checkpoints = Checkpoints(run.folder, self.record)
        self._began = float(read_about(run.record).get("began", time.time()))
        self._thinning = Thinning(read_steps(run.record, *SNAPSHOTS))

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, *_: object) -> None:
        for event in self._thinning.rest():
            self.record.write(event)
        writer.release(self.record)
        self.record.close()

    def emit(self, event: Message) -> None:
        """Record an event, where it is not one of very many, and send it on."""
        for told in self._thinning.take(event, time.time() - self._began):
            self.record.write(told)
        for type, steps in self._thinning.surplus().items():
            self.record.forget(type, steps)
        self._emit(event)

    def rewind(self, step: int) -> None:
        """Forget what came after a step: the run goes on from there."""
        self.record.rewind(step)
        self._thinning.rewind(step)
