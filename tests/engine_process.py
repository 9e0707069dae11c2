"""An engine's process that a test talks to, as a window does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import msgspec

from ml import events
from ml.connection import Door, connect
from ml.frames import pack, unpack

ROOT = Path(__file__).parents[1]


class Visitor:
    """Comes in by an engine's door."""

    def __init__(self, door: Door) -> None:
        self.connection = connect(door)
        self._events = self._read()

    def send(self, command: events.Message) -> None:
        self.connection.send_bytes(pack(command))

    def ask(self, command: events.Message, *kinds: type[events.Message]) -> Any:
        """Send a command and wait for an event of one of these kinds."""
        self.send(command)
        return self.wait(*kinds)

    def wait(self, *kinds: type[events.Message]) -> Any:
        """The next event of one of these kinds; the engine's end is an EOFError."""
        return next(event for event in self._events if isinstance(event, kinds))

    def go(self) -> None:
        """Hang up."""
        self.connection.close()

    def _read(self) -> Iterator[Any]:
        while True:
            yield from unpack(self.connection.recv_bytes(), events.Event)


class Process(Visitor):
    """Starts an engine, and is its first visitor."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "ml.engine"]
        self.popen = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self.popen.stdout
        with self.popen.stdout as output:
            self.door = msgspec.json.decode(output.readline(), type=Door)
        super().__init__(self.door)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """An engine without a job ends when the last one who listened has gone."""
        self.go()
        assert self.popen.wait(timeout=60) == 0
