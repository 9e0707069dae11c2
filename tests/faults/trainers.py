"""Training processes as the fault tests see them: started with an order, killed, asked afterwards what they had done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import psutil

from ml.events import Command
from ml.project.project import Project

ROOT = Path(__file__).parents[2]


class Order(msgspec.Struct):
    """What a process is to train."""

    folder: str
    witness: str
    """The file in which it tells what it does; its complaint lies beside it."""
    project: Project | None = None
    """None: go on with the run that is in the folder."""
    checkpoint_seconds: float | None = None
    """How often to write checkpoints, at any price; None: as the job does it."""
    commands: list[list[Command]] = []
    """What to say before the first step, and then each time that it pauses."""


def complaints(witness: Path) -> Path:
    """Where a process that ends with an error leaves it."""
    return witness.with_suffix(".complaints")


class Said(msgspec.Struct, frozen=True):
    """One line of a witness: `written` and `committed` events by number, `saving` and `saved` checkpoints by step, what was reported, `ended`."""

    what: str
    number: int
    at: float
    text: str


class Training:
    """One process."""

    def __init__(self, trainers: Trainers, order: Order) -> None:
        self.folder = Path(order.folder)
        self._witness = Path(order.witness)
        self._trainers = trainers
        self._before = len(self._lines())
        self.process = trainers.ask(msgspec.json.encode(order).decode())

    def said(self, *kinds: str) -> list[Said]:
        """What this process has told so far, all or what is of these kinds."""
        found = [msgspec.json.decode(line, type=Said) for line in self._lines()[self._before :]]
        return [said for said in found if not kinds or said.what in kinds]

    def until(self, holds: Callable[[], object], seconds: float = 600) -> None:
        """Wait until something holds or the process has ended."""
        end = time.monotonic() + seconds
        while not holds() and self.lives:
            assert time.monotonic() < end, f"It did not come to pass; it said {self.said()[-3:]}"
            time.sleep(0.002)

    @property
    def lives(self) -> bool:
        """Whether it has not ended."""
        return psutil.Process(self.process).status() != psutil.STATUS_ZOMBIE

    def kill(self) -> float:
        """End it as the system does when memory runs out; when that was, in seconds since 1970."""
        at = time.time()
        os.kill(self.process, signal.SIGKILL)
        self._trainers.ask(f"wait {self.process}")
        return at

    def wait(self) -> int:
        """Until it ends; its status."""
        return self._trainers.ask(f"wait {self.process}")

    def ended(self) -> str:
        """Wait until it has trained to its end; the digest of its weights."""
        status = self.wait()
        assert status == 0, self.complaint or status
        return self.said("ended")[-1].text

    @property
    def complaint(self) -> str:
        """With which error it ended, or nothing."""
        found = complaints(self._witness)
        return found.read_text() if found.exists() else ""

    def _lines(self) -> list[bytes]:
        """The whole ones: the last may be half written yet."""
        return self._witness.read_bytes().rpartition(b"\n")[0].splitlines() if self._witness.exists() else []


class Trainers:
    """Open it with `with`: the process that has imported Keras and forks the others."""

    AVAILABLE = hasattr(os, "fork")

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> Trainers:
        command = [sys.executable, "-m", "tests.faults.trainer"]
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def start(
        self,
        folder: Path,
        project: Project | None = None,
        checkpoint_seconds: float | None = None,
        commands: list[list[Command]] | None = None,
        beside: Path | None = None,
    ) -> Training:
        """Start to train into `folder`, or without a project go on with the run that is there. What it tells lies in `beside`, else beside the run."""
        witness = (beside or folder.parent) / f"{folder.name}.witness"
        return Training(self, Order(str(folder), str(witness), project, checkpoint_seconds, commands or []))

    def ask(self, line: str) -> int:
        """Send one line and read the answer."""
        assert self._process.stdin and self._process.stdout
        with self._lock:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())
