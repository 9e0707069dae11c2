"""An engine's process, as the window uses it, for benchmarks."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from ml import events
from ml.project.project import Project

ROOT = Path(__file__).parents[2]


class Process:
    """Starts an engine and waits until it is ready."""

    def __init__(self) -> None:
        self.started = time.perf_counter()
        self._popen = subprocess.Popen([sys.executable, "-m", "ml.engine"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.wait(events.Ready)

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._popen.stdin
        self._popen.stdin.close()
        self._popen.wait()

    def send(self, command: events.Command) -> None:
        assert self._popen.stdin
        events.send(self._popen.stdin, command)

    def wait(self, *kinds: type[events.Message]) -> Any:
        """The next event of one of these kinds."""
        assert self._popen.stdout
        while (event := events.receive(self._popen.stdout, events.Event)) is not None:
            if isinstance(event, kinds):
                return event
        raise AssertionError("The engine ended.")

    def train(self, project: Project, folder: Path) -> events.Done:
        """Train to the end; every event is read as the window would."""
        self.send(events.Train(project, str(folder)))
        done = self.wait(events.Done, events.Failed)
        assert isinstance(done, events.Done), done
        return done


def with_epochs(project: Project, epochs: int) -> Project:
    """The project with another number of epochs."""
    return msgspec.structs.replace(project, training=msgspec.structs.replace(project.training, epochs=epochs, patience=None))
