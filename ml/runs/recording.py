"""What a job writes into its run while it trains: the events that tell, and the checkpoints."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from ml.events import Failed, Message, Progress
from ml.project.files import FileProblem
from ml.runs import Run, writer
from ml.runs.checkpoints import Checkpoints
from ml.runs.record import last_event, read_steps
from ml.runs.thinning import SNAPSHOTS, Thinning

Follow = Callable[["Recording | None"], None]
"""Called with the recording when it is open, and with None before it is closed."""


class Recording:
    """Open it with `with`: at the end everything is on the disk."""

    def __init__(self, run: Run, emit: Callable[[Message], None], follow: Follow | None = None) -> None:
        self.run = run
        self._emit = emit
        self._follow = follow or (lambda recording: None)
        self._closed = False
        self._lock = threading.Lock()
        last, steps = last_event(run.record, "Progress"), read_steps(run.record, *SNAPSHOTS)
        self.record = writer.claimed(run.record)
        self.checkpoints = Checkpoints(run.folder, self.record)
        self._began = time.monotonic() - (last.seconds if isinstance(last, Progress) else 0.0)
        """When the run would have begun without a break, on a clock that nobody sets."""
        self._thinning = Thinning(steps)

    def __enter__(self) -> Recording:
        self._follow(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._follow(None)
        with self._lock:
            self._closed = True
        for event in self._thinning.rest():
            self.record.write(event)
        writer.release(self.record)
        self.record.close()

    def emit(self, event: Message) -> None:
        """Record an event, where it is not one of very many, and send it on."""
        with self._lock:
            for told in self._thinning.take(event, time.monotonic() - self._began):
                self.record.write(told)
            for type, steps in self._thinning.surplus().items():
                self.record.forget(type, steps)
            self._emit(event)

    @contextlib.contextmanager
    def telling(self, *foreseen: type[Exception]) -> Iterator[None]:
        """Where the run breaks off within, its record says why: what was `foreseen` is a sentence already."""
        try:
            yield
        except Exception as problem:
            words = str(problem) or type(problem).__name__
            self.record.write(Failed(words if isinstance(problem, (FileProblem, *foreseen)) else f"Something unforeseen went wrong: {words}."))
            raise

    def settle(self, then: Callable[[int], None]) -> bool:
        """Commit, and call `then` with the number of the last event on record; no event is sent on meanwhile. Whether the recording is still open for it."""
        with self._lock:
            if self._closed:
                return False
            with contextlib.suppress(FileProblem):  # where the disk is full, what is not on it can't be read again
                self.record.commit()
            then(self.record.last)
            return True

    def rewind(self, step: int) -> None:
        """Forget what came after a step: the run goes on from there."""
        self.record.rewind(step)
        self._thinning.rewind(step)
