"""Runs as an engine leaves them, made without one."""

from __future__ import annotations

import time
from pathlib import Path

from msgspec.structs import replace

from ml import catalog, events
from ml.runs import Run
from ml.runs.record import Record


def epoch(number: int, loss: float, accuracy: float = 0.5) -> events.Metrics:
    return events.Metrics("epoch", 10 * number, number, {"loss": loss}, {"loss": loss + 0.1, "accuracy": accuracy})


def progress(state: str = "running", at: int = 2) -> events.Progress:
    return events.Progress(state, 10 * at, 50, at, 5, 12.0, 3.0, 10.0)


def make(folder: Path, *said: events.Message, name: str = "Digits", template: str = "mlp", alive: bool = False, **arguments: object) -> Path:
    """A run that said this; `arguments` are of its project."""
    run = Run.create(folder, replace(catalog.new(template), name=name, **arguments))
    record = Record(run.record)
    for event in said:
        record.write(event)
    record.close()
    if alive:
        live(folder)
    return folder


def live(folder: Path) -> None:
    """Have a run's engine say that it lives."""
    record = Record(Run(folder).record)
    record.close()
    record = Record(Run(folder).record)
    record.put("alive", str(time.time()))
    record.commit()
    record._closed.set()
    record._thread.join()
    record._database.close()


def done(folder: Path, reason: str = "complete", **metrics: float) -> events.Done:
    return events.Done(reason, 50, 60.0, metrics or {"loss": 0.2, "val_loss": 0.3, "val_accuracy": 0.9}, str(folder))
