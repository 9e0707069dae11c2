"""A run in one row: what it trained, how far it came, how it is. The run may be a stranger's, so what it says is held within bounds."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from ml import events
from ml.project.files import FileProblem
from ml.runs import RECORD, Run, folders
from ml.runs.labels import FACT, Labels, decoded, one_line
from ml.runs.record import Checkpoint, last_event, read_about, read_checkpoints, read_epochs
from ml.runs.writer import NAME as WRITER
from ml.runs.writer import is_gone

SILENT_SECONDS = 10.0
"""A writer that has not said for so long that it lives is gone."""
WORDS, SENTENCE, METRICS = 120, 400, 64
"""The most characters of a name and of a sentence, and the most metrics of a run."""
DIGITS = 15
"""The most of a number of epochs."""
RISING = ("accuracy", "auc", "precision", "recall", "f1", "r2", "iou", "similarity", "score", "reward")
"""Of a metric whose name holds one of these words the highest value is the best, of any other one the lowest."""
LIVE = ("running", "paused", "waiting")
"""The states of runs that are not at their end."""


class Summary(Struct, frozen=True):
    """What a list of runs says of one."""

    folder: str
    name: str
    template: str
    state: str
    """`waiting`, `running`, `paused`, `interrupted`, `failed`, `unreadable`, or how it ended: `complete`, `early stopping`, `finished`, `stopped`."""
    began: float
    """Seconds since 1970."""
    epoch: int
    epochs: int
    steps: int
    seconds: float
    metrics: dict[str, float]
    """The last epoch's, of validation with `val_` before the name."""
    best: dict[str, float] = {}
    """Of each metric the best value over all epochs."""
    labels: Labels = Labels()
    problem: str = ""
    """Why it failed or can't be read, as a sentence."""

    @property
    def title(self) -> str:
        """What the run is called."""
        return self.labels.title or self.name


class _Training(Struct):
    epochs: int = 0


class _Head(Struct):
    """What a row needs of the project; the rest is not read."""

    name: str = ""
    template: str = ""
    training: _Training = msgspec.field(default_factory=_Training)


def summaries(folder: Path) -> Iterator[Summary]:
    """Every run in a folder, the latest first; of one that can't be read why."""
    yield from sorted(map(row, folders(folder)), key=lambda run: -run.began)


def row(folder: Path) -> Summary:
    """A run's row, where it can't be read one that says why."""
    try:
        return summary(folder)
    except FileProblem as problem:
        return unreadable(folder, str(problem))


def unreadable(folder: Path, problem: str) -> Summary:
    """The row of a run that can't be read."""
    try:
        began = (folder / RECORD).stat().st_mtime
    except OSError:
        began = 0.0
    return Summary(str(folder), one_line(folder.name, WORDS), "", "unreadable", began, 0, 0, 0, 0.0, {}, problem=one_line(problem, SENTENCE))


def latest(run: Run) -> Checkpoint | None:
    """The checkpoint from which a run would go on, as its record has it. Raises `FileProblem`."""
    return next((checkpoint for checkpoint in read_checkpoints(run.record) if not checkpoint.best), None)


def can_go_on(folder: Path) -> bool:
    """Whether a run is not at its end: it has epochs to make, or was killed before its models were written, or before its first checkpoint."""
    try:
        run = Run(folder)
        checkpoint = latest(run)
        return last_event(run.record, "Done") is None or (checkpoint is not None and checkpoint.epoch < epochs_of(run))
    except FileProblem:
        return False


def epochs_of(run: Run) -> int:
    """How many epochs a run is to have: its project's, or what was asked for when it was last resumed. Raises `FileProblem`."""
    asked = read_about(run.record).get("epochs", "")
    return int(asked) if asked.isdecimal() and len(asked) <= DIGITS else run.project.training.epochs


def summary(folder: Path) -> Summary:
    """A run's row. Raises `FileProblem`."""
    record = Run(folder).record
    about = read_about(record)
    head = _head(about, record)
    ended, progress = last_event(record, "Done", "Failed"), last_event(record, "Progress")
    at = progress if isinstance(progress, events.Progress) else None
    done = ended if isinstance(ended, events.Done) else None
    metrics, best, far = _measured(read_epochs(record))
    epochs = at.epochs if at else head.training.epochs
    return Summary(
        folder=str(folder),
        name=one_line(head.name, WORDS) or one_line(folder.name, WORDS),
        template=one_line(head.template, WORDS),
        state=_state(about, ended, at),
        began=_seconds(about.get("began", "")),
        epoch=_count(max(far.epoch, at.epoch if at else 0)),  # how far it is is said more seldom than what was measured
        epochs=_count(epochs),
        steps=_count(done.steps if done else max(far.step, at.step if at else 0)),
        seconds=_finite(done.training_seconds if done else at.seconds if at else 0.0),
        metrics=_named(done.metrics) if done else metrics,
        best=best,
        labels=decoded(about.get(FACT, "{}")),
        problem=one_line(ended.reason, SENTENCE) if isinstance(ended, events.Failed) else "",
    )


def better(name: str, value: float, than: float) -> bool:
    """Whether a metric's value is a better one: higher of an accuracy, lower of a loss or an error."""
    return value > than if any(word in name for word in RISING) else value < than


def _head(about: dict[str, str], record: Path) -> _Head:
    if "project" not in about:
        raise FileProblem(f"{record} holds no project: the run was never begun.")
    try:
        return msgspec.json.decode(about["project"], type=_Head)
    except (msgspec.DecodeError, RecursionError) as error:
        raise FileProblem(f"{record} holds no project: {error}.") from error


def _state(about: dict[str, str], ended: events.Message | None, progress: events.Progress | None) -> str:
    """How a run is. One whose engine is gone, or does not say that it lives, and that did not end, was interrupted."""
    if isinstance(ended, events.Done):
        return one_line(ended.reason, WORDS)
    if isinstance(ended, events.Failed):
        return "failed"
    if abs(time.time() - _seconds(about.get("alive", ""))) < SILENT_SECONDS and not is_gone(about.get(WRITER, "")):
        return "paused" if progress is not None and progress.state == "paused" else "running"
    return "waiting" if about.get("waiting") else "interrupted"


def _measured(epochs: Iterable[events.Metrics]) -> tuple[dict[str, float], dict[str, float], events.Metrics]:
    """What the last epoch measured, of each metric the best value, and the last epoch itself."""
    last: dict[str, float] = {}
    best: dict[str, float] = {}
    epoch = events.Metrics("epoch", 0, 0, {}, {})
    for epoch in epochs:
        last = _named(epoch.train | {f"val_{name}": value for name, value in epoch.validation.items()})
        best |= {name: value for name, value in last.items() if math.isfinite(value) and (name not in best or better(name, value, best[name]))}
    return last, {name: best[name] for name in list(best)[:METRICS]}, epoch


def _named(metrics: dict[str, float]) -> dict[str, float]:
    return {one_line(name, WORDS): value for name, value in list(metrics.items())[:METRICS]}


def _seconds(text: str) -> float:
    """A time as it is written in a record; 0 where it is none."""
    try:
        return _finite(float(text))
    except ValueError:
        return 0.0


def _finite(value: float) -> float:
    """A time that a calendar can show, else 0."""
    return value if 0.0 <= value < 3e10 else 0.0


def _count(value: int) -> int:
    return min(max(value, 0), 10**15)
