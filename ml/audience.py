"""Who listens to an engine: any number of windows that come and go, none of which can keep it waiting."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener, answer_challenge, deliver_challenge
from queue import SimpleQueue
from typing import cast

import msgspec
import psutil

from ml import events, processes
from ml.connection import HOST, Door, hang_up
from ml.events import Command, Message
from ml.frames import pack, unpack
from ml.runs.recording import Recording

MOST = 256 * 1024**2
"""Bytes that may wait for a window; one that is so far behind is sent away, and comes again to read the record."""
ALONE_SECONDS = 60.0
"""How long an engine waits for its first window."""
FAREWELL_SECONDS = 2.0


class Audience:
    """Listens at a door of its own. Commands of all who came go into `inbox`; `emit` tells every one of them."""

    def __init__(self, ready: Message | None = None) -> None:
        self.inbox: SimpleQueue[Command] = SimpleQueue()
        self._recording: Recording | None = None
        self.ready = ready
        """What everyone is told first."""
        self._key = secrets.token_bytes(32)
        self._guests: list[_Guest] = []
        self._lock = threading.Lock()
        self._came = threading.Event()
        self._progress: events.Progress | None = None
        self._listener = Listener((HOST, 0), "AF_INET", backlog=16)
        _, port = cast(tuple[str, int], self._listener.address)
        process = psutil.Process()
        self.door = Door(process.pid, processes.born(process), port, self._key.hex())
        for task in (self._welcome, self._wait_for_the_first):
            threading.Thread(target=task, daemon=True).start()

    @property
    def is_gone(self) -> bool:
        """Whether nobody is there any more; at first somebody may still come."""
        with self._lock:
            return self._came.is_set() and not self._guests

    def emit(self, event: Message) -> None:
        """Tell everyone; returns at once."""
        if isinstance(event, events.Progress):
            self._progress = event
        with self._lock:
            if self._guests:
                frame = pack(event)
                for guest in self._guests:
                    guest.give(frame)

    def follow(self, recording: Recording | None) -> None:
        """From now on who comes is told of this job; None: it has ended."""
        self._recording, self._progress = recording, None

    def close(self) -> None:
        """Let everyone hear the last words, and go."""
        with self._lock:
            guests = list(self._guests)
        for guest in guests:
            guest.close()

    def _welcome(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except OSError:
                continue  # who knocked has gone already
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        """Everything about one who came, on a thread of its own: who says nothing keeps nobody waiting."""
        try:
            deliver_challenge(connection, self._key)
            answer_challenge(connection, self._key)
        except (OSError, EOFError, AuthenticationError):
            connection.close()
            return
        guest = _Guest(connection)
        with self._lock:
            if self.ready is not None:
                guest.give(pack(self.ready))
            self._guests.append(guest)
            self._came.set()
        try:
            while True:
                for command in unpack(connection.recv_bytes(), Command):
                    self._take(command, guest)
        except (OSError, EOFError, msgspec.DecodeError):
            pass  # it has gone, or it is none of ours
        with self._lock:
            self._guests.remove(guest)
        guest.close()
        connection.close()
        self.inbox.put(events.Alone())

    def _take(self, command: Command, guest: _Guest) -> None:
        if not isinstance(command, events.Attach):
            self.inbox.put(command)
        elif not self._attach(guest):
            guest.give(pack(events.Attached("", 0)))

    def _attach(self, guest: _Guest) -> bool:
        """Tell one who came where the record ends; whether there is a job."""
        recording = self._recording
        if recording is None:
            return False
        return recording.settle(lambda last: guest.give(pack(events.Attached(str(recording.run.folder), last, self._progress))))

    def _wait_for_the_first(self) -> None:
        if not self._came.wait(ALONE_SECONDS):
            self._came.set()
            self.inbox.put(events.Alone())


class _Guest:
    """One connection, written to on a thread of its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def give(self, frame: bytes) -> None:
        """Put a frame in the queue; one that lags too far behind gets no more."""
        with self._changed:
            if self._closed:
                return
            self._waiting.append(frame)
            self._size += len(frame)
            if self._size > MOST:
                self._waiting.clear()
                self._closed = True
                hang_up(self._connection)
            self._changed.notify()

    def close(self) -> None:
        """Write what waits, and end the connection."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(FAREWELL_SECONDS)

    def _write(self) -> None:
        try:
            while frames := self._next():
                self._connection.send_bytes(frames)
        except OSError:
            pass  # it has gone; the thread that reads says so
        hang_up(self._connection)

    def _next(self) -> bytes:
        """All that waits, as soon as something does; nothing at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            frames = b"".join(self._waiting)
            self._waiting.clear()
            self._size = 0
            return frames
