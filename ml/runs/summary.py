"""A run in one row: what it trained, how far it came, and how it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ml import events
from ml.project.files import FileProblem
from ml.runs import RECORD, Run
from ml.runs.record import Checkpoint, last_event, read_about, read_checkpoints

SILENT_SECONDS = 10.0
"""A writer that has not said for so long that it lives is gone."""


class Summary(msgspec.Struct, frozen=True):
    """What a list of runs says of one."""

    folder: str
    name: str
    template: str
    state: str
    """`running`, `interrupted`, or how it ended: `complete`, `early stopping`, `finished`, `stopped`."""
    began: float
    """Seconds since 1970."""
    epoch: int
    epochs: int
    steps: int
    seconds: float
    metrics: dict[str, float]


def summaries(folder: Path) -> Iterator[Summary]:
    """Every run in a folder, the latest first; what can't be read is passed over."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if (path / RECORD).is_file():
            try:
                found.append(summary(path))
            except FileProblem:
                continue
    yield from sorted(found, key=lambda run: -run.began)


def latest(run: Run) -> Checkpoint | None:
    """The checkpoint from which a run would go on, as its record has it. Raises `FileProblem`."""
    return next((checkpoint for checkpoint in read_checkpoints(run.record) if not checkpoint.best), None)


def can_go_on(folder: Path) -> bool:
    """Whether a run has a checkpoint that is not its end."""
    try:
        run = Run(folder)
        checkpoint = latest(run)
        return checkpoint is not None and checkpoint.epoch < run.project.training.epochs
    except FileProblem:
        return False


def summary(folder: Path) -> Summary:
    """A run's row. Raises `FileProblem`."""
    run = Run(folder)
    project, about = run.project, read_about(run.record)
    done, progress = last_event(run.record, "Done"), last_event(run.record, "Progress")
    measured = next((event for event in reversed(list(run.events("Metrics"))) if isinstance(event, events.Metrics) and event.span == "epoch"), None)
    metrics = measured.train | {f"val_{name}": value for name, value in measured.validation.items()} if measured else {}
    ended = isinstance(done, events.Done)
    at = progress if isinstance(progress, events.Progress) else None
    return Summary(
        folder=str(folder),
        name=project.name,
        template=project.template,
        state=done.reason if ended else "running" if time.time() - float(about.get("alive", 0.0)) < SILENT_SECONDS else "interrupted",
        began=float(about.get("began", 0.0)),
        epoch=at.epoch if at else 0,
        epochs=at.epochs if at else project.training.epochs,
        steps=done.steps if ended else at.step if at else 0,
        seconds=done.training_seconds if ended else at.seconds if at else 0.0,
        metrics=done.metrics if ended else metrics,
    )
