"""An engine's process, as the window uses it, for benchmarks."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from ml import events
from ml.project.project import Project
from tests import engine_process


class Process(engine_process.Process):
    """Starts an engine and waits until it is ready."""

    def __init__(self) -> None:
        self.started = time.perf_counter()
        super().__init__()
        self.wait(events.Ready)

    def train(self, project: Project, folder: Path) -> events.Done:
        """Train to the end; every event is read as the window would."""
        self.send(events.Train(project, str(folder)))
        done = self.wait(events.Done, events.Failed)
        assert isinstance(done, events.Done), done
        return done


def with_epochs(project: Project, epochs: int) -> Project:
    """The project with another number of epochs."""
    return msgspec.structs.replace(project, training=msgspec.structs.replace(project.training, epochs=epochs, patience=None))
