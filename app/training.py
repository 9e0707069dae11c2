"""A job on a thread of its own: it sends the job to an engine, reads its events, and hands them on merged."""

from __future__ import annotations

import time
from pathlib import Path
from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, QSemaphore, Qt, QThread, Signal

from app.bursts import merged
from app.engine import Engine
from app.past import past
from ml.events import Attached, Message

SECONDS_BETWEEN = 1 / 30
MILLISECONDS_FOR_THE_WINDOW = 200
AT_ONCE = 2000
"""So many events are handed on in one go."""


class TrainingThread(QThread):
    """Owns one job's engine from `Train` on; after the run's end the engine answers questions about its models until `end`."""

    arrived = Signal(object)
    """A list of events, merged, at most 30 times a second."""
    died = Signal(str)
    """The engine is gone: a sentence that says how. Emitted after the last of its events."""

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.engine = engine
        self._inbox: SimpleQueue[Message | None] = SimpleQueue()
        self._room = QSemaphore(1)
        self._ended = self._unwanted = False
        self._death = ""
        engine.arrived.connect(self._put, Qt.ConnectionType.DirectConnection)
        engine.finished.connect(self._close, Qt.ConnectionType.DirectConnection)
        engine.died.connect(self._note_death, Qt.ConnectionType.DirectConnection)
        self.arrived.connect(self._make_room)

    @property
    def is_over(self) -> bool:
        """Whether this thread and the engine's have ended: Qt aborts where either is destroyed before."""
        return self.isFinished() and self.engine.isFinished()

    def send(self, command: Message) -> None:
        """Send a command about the job."""
        self.engine.send(command)

    def dismiss(self) -> None:
        """Have the engine close its files and go. Returns at once; this thread ends when the engine has."""
        self._unwanted = True
        self.engine.dismiss()

    def part(self, milliseconds: int) -> None:
        """Leave the engine going with its job, and end this thread; where that can't be had in this time, the engine is ended."""
        self._unwanted = True
        self.engine.part(milliseconds)
        self._close()
        self.wait()

    def end(self, milliseconds: int = 0) -> None:
        """End the engine and this thread, and wait for both; after `dismiss` they have this long to go by themselves."""
        self._unwanted = True
        self.engine.end(milliseconds)
        self._close()
        self.wait()

    def run(self) -> None:
        """The thread: gather events until the engine ends."""
        waiting: list[Message] = []
        while not self._ended or waiting:
            self._gather(waiting)
            waiting = merged(waiting)  # here, for while the window is busy they must not grow
            if waiting and self._room.tryAcquire(1, MILLISECONDS_FOR_THE_WINDOW):
                self._hand_on(with_past(waiting))
                waiting = []
            elif self._unwanted:
                return
        if self._death:
            self.died.emit(self._death)

    def _hand_on(self, events: list[Message]) -> None:
        """Emit events, many of them in several goes. There is room for the first."""
        for start in range(0, len(events), AT_ONCE):
            while start and not self._room.tryAcquire(1, MILLISECONDS_FOR_THE_WINDOW):
                if self._unwanted:
                    return
            self.arrived.emit(events[start : start + AT_ONCE])
            time.sleep(SECONDS_BETWEEN)

    def _gather(self, waiting: list[Message]) -> None:
        """Add all that has come; waits for the first event where nothing is there yet."""
        try:
            event = self._inbox.get(block=not waiting)
            while event is not None:
                waiting.append(event)
                event = self._inbox.get_nowait()
            self._ended = True
        except Empty:
            return

    def _put(self, event: Message) -> None:
        self._inbox.put(event)

    def _note_death(self, sentence: str) -> None:
        self._death = sentence

    def _make_room(self) -> None:
        self._room.release()

    def _close(self) -> None:
        self._inbox.put(None)


def with_past(events: list[Message]) -> list[Message]:
    """The events, where one says that a run is looked at from now on with all that the run said before in the place of what came before it."""
    at = max((position for position, event in enumerate(events) if isinstance(event, Attached)), default=None)
    if at is None:
        return events
    attached = events[at]
    assert isinstance(attached, Attached)
    said = past(Path(attached.run), attached.last) if attached.run else []
    return [attached, *said, *events[at + 1 :]]
