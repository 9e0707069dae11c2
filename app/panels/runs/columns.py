"""The columns of the table of runs: what each says, and how it is sorted."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import Struct

from app.panels import words
from ml.runs.summary import Summary

Value = str | float | None
STATES = ("running", "paused", "waiting", "failed", "interrupted", "stopped", "finished", "early stopping", "complete", "unreadable")
"""In the order in which they are sorted."""
NAME, STATE, TAGS, FOLDER = "name", "state", "tags", "folder"
FIRST_SHOWN = (NAME, STATE, "best:val_loss", "best:val_accuracy", "epochs", "duration", "began", "template", TAGS, FOLDER)
"""The columns of a table that nobody changed."""
BEST, LAST = "best:", "last:"


class Column(Struct, frozen=True):
    """`value` is what is sorted by, None where there is nothing; `text` is what is shown."""

    id: str
    title: str
    value: Callable[[Summary], Value]
    text: Callable[[Summary], str]
    is_number: bool = False
    width: int = 100
    """In pixels, at first."""
    help: str = ""


def began(run: Summary) -> str:
    """When a run began."""
    return moment(run.began) if run.began else ""


def moment(seconds: float) -> str:
    """A time, in seconds since 1970, in words: `today 14:03`, `12 Nov 14:03`, `12 Nov 2025`."""
    then, now = datetime.fromtimestamp(seconds), datetime.now()
    if then.date() == now.date():
        return f"today {then:%H:%M}"
    return f"{then.day} {then:%b %H:%M}" if then.year == now.year else f"{then.day} {then:%b %Y}"


def _epochs(run: Summary) -> str:
    return "" if run.state == "unreadable" else f"{run.epoch:,} of {run.epochs:,}"


FIXED = (
    Column(NAME, "Name", lambda run: run.title.casefold(), lambda run: run.title, width=200),
    Column(STATE, "State", lambda run: float(STATES.index(run.state)) if run.state in STATES else math.inf, lambda run: run.state, width=128),
    Column("template", "Template", lambda run: run.template or None, lambda run: run.template, width=112),
    Column("began", "Began", lambda run: run.began or None, began, width=104),
    Column("duration", "Duration", lambda run: run.seconds or None, lambda run: words.duration(run.seconds) if run.seconds else "", True, 88),
    Column("epochs", "Epochs", lambda run: float(run.epoch), _epochs, True, 88),
    Column("steps", "Steps", lambda run: float(run.steps), lambda run: f"{run.steps:,}" if run.steps else "", True, 80),
    Column(TAGS, "Tags", lambda run: ", ".join(run.labels.tags).casefold() or None, lambda run: ", ".join(run.labels.tags), width=144),
    Column(FOLDER, "Folder", lambda run: run.labels.folder.casefold() or None, lambda run: run.labels.folder, width=112),
    Column("notes", "Notes", lambda run: run.labels.notes.casefold() or None, lambda run: " ".join(run.labels.notes[:200].split()), width=200),
)
"""Those that every table has; the metrics come after them."""


def metric_columns(runs: Iterable[Summary]) -> list[Column]:
    """For each metric that was measured its best and its last value."""
    names = dict.fromkeys(name for run in runs for name in (*run.best, *run.metrics))
    return [column for name in names for column in (_best(name), _last(name))]


def sort(runs: Iterable[Summary], column: Column, descending: bool) -> list[Summary]:
    """The runs in the order of a column; where two are alike the later one first, and those without a value at the end in either direction."""
    latest = sorted(runs, key=lambda run: -run.began)
    valued = [(value, run) for run in latest if (value := column.value(run)) is not None and value == value]
    ordered = [run for _, run in sorted(valued, key=lambda pair: pair[0], reverse=descending)]  # pyright: ignore[reportCallIssue, reportArgumentType] - of one column all are text or all are numbers
    there = {run.folder for run in ordered}
    return ordered + [run for run in latest if run.folder not in there]


def _best(name: str) -> Column:
    said = words.title(name)
    return _metric(BEST + name, said, lambda run: run.best.get(name), f"{said}: the best over all epochs")


def _last(name: str) -> Column:
    said = f"Last {words.metric(name)}"
    return _metric(LAST + name, said, lambda run: run.metrics.get(name), f"{said}: of the last epoch")


def _metric(id: str, title: str, value: Callable[[Summary], float | None], help: str) -> Column:
    return Column(id, title, value, lambda run: "" if (found := value(run)) is None else words.number(found), True, 88, help)
