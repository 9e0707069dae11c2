"""A run's measurements as CSV (RFC 4180): a row a measurement, a column a metric."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from ml.events import Metrics
from ml.project import files
from ml.runs import Run
from ml.runs.record import read_noted

FIXED = ("time", "span", "epoch", "step", "learning_rate", "steps_per_second")


def save_table(folder: Path, out: Path) -> int:
    """Write what the run in `folder` measured to the file `out`; how many rows that are. Raises `FileProblem`.

    Lines end in CR LF, the text is UTF-8, the time is ISO 8601 in UTC, `span` is `block` or `epoch`. Metrics of validation have `val_` before their name.
    What was not measured is empty.
    """
    run = Run(folder)
    names: dict[str, None] = {}
    for _, event in _measured(run):
        names.update(dict.fromkeys(_values(event)))
    text, rows = io.StringIO(), 0
    writer = csv.writer(text)
    writer.writerow([*FIXED, *names])
    for at, event in _measured(run):
        values = _values(event)
        fixed = (_time(at), event.span, event.epoch, event.step, event.learning_rate, event.steps_per_second)
        writer.writerow([*fixed, *(values.get(name, "") for name in names)])
        rows += 1
    files.write(out, text.getvalue().encode())
    return rows


def _measured(run: Run) -> Iterator[tuple[float, Metrics]]:
    return ((noted.at, noted.event) for noted in read_noted(run.record, "Metrics") if isinstance(noted.event, Metrics))


def _time(at: float) -> str:
    try:
        return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    except (OverflowError, OSError, ValueError):  # a stranger's run may say that it was at any time
        return ""


def _values(event: Metrics) -> dict[str, float]:
    return event.train | {f"val_{name}": value for name, value in event.validation.items()}
