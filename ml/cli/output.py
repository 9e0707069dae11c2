"""What the command line says: results on standard output, as words or as JSON, and sentences on standard error."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeRemainingColumn

from ml import events

METRICS_SHOWN = 4
WIDTH = 20
"""Of the bar before each epoch's line, in characters."""
SLOW = 10
"""Steps a second below which a part of a step counts: a large network makes one in several seconds."""


def show(options: argparse.Namespace, facts: Any, words: str) -> None:
    """One result: as a JSON object in a line where that is asked for, else in words."""
    text = json.dumps(_plain(facts)) if options.json else words
    print(text.encode(errors="backslashreplace").decode(), flush=True)  # the name of a folder may be in another encoding


def _plain(value: Any) -> Any:
    """The same for JSON, which has no word for what is no finite number: null stands for it."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def say(sentence: str) -> None:
    """Something for the person, on standard error, in one line."""
    print(" ".join(sentence.split()), file=sys.stderr, flush=True)


def metrics_text(metrics: dict[str, float], most: int | None = None) -> str:
    """`loss 0.0312, accuracy 0.991`."""
    return ", ".join(f"{name} {value:.4g}" for name, value in list(metrics.items())[:most])


class Bar:
    """A run's progress in a terminal, with time left; where standard error is none, a line for each epoch."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        metrics = TextColumn("{task.fields[metrics]}")
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), metrics)
        self._progress = Progress(*columns, console=self._console, transient=True, disable=not self._console.is_terminal)
        self._task: TaskID = self._progress.add_task("preparing", total=None, metrics="")
        self._left: float | None = None
        self._epochs = 0
        self._began = time.monotonic()

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, event: events.Message) -> None:
        """Bring it up to date with an event of the run."""
        match event:
            case events.Progress(state=state, step=step, steps=steps, epoch=epoch, epochs=epochs, seconds_left=left):
                self._left, self._epochs = left, epochs
                words = state if state == "preparing" else f"epoch {min(epoch + 1, epochs)} of {epochs}"
                self._progress.update(self._task, description=words, completed=step, total=steps or None)
            case events.Metrics(span="epoch"):
                self._say(self._epoch(event))
            case events.Metrics(train=train):
                self._progress.update(self._task, metrics=metrics_text(train, METRICS_SHOWN))
            case events.Log(text=text):
                self._say(text)

    def _epoch(self, event: events.Metrics) -> str:
        """The line for an epoch that is complete."""
        metrics = event.train | {f"val_{name}": value for name, value in event.validation.items()}
        left = self._left if self._left is not None else (time.monotonic() - self._began) / event.epoch * (self._epochs - event.epoch)
        bar = "" if self._console.is_terminal else "[" + ("#" * round(WIDTH * event.epoch / max(self._epochs, 1))).ljust(WIDTH, ".") + "] "
        rate = event.steps_per_second
        speed = f"{rate:,.0f} steps a second, " if rate >= SLOW else f"{rate:.2g} steps a second, " if rate > 0 else ""
        return f"{bar}epoch {event.epoch} of {self._epochs}: {metrics_text(metrics)} ({speed}{left:.0f} s left)"

    def _say(self, line: str) -> None:
        self._console.print(line, soft_wrap=True, markup=False)


def event_facts(event: events.Message) -> dict[str, Any]:
    """An event as a JSON object; of arrays only their type and shape."""
    return msgspec.to_builtins(_light(event), str_keys=True)


def _light(value: Any) -> Any:
    if isinstance(value, events.Array):
        return {"dtype": value.dtype, "shape": value.shape}
    if isinstance(value, msgspec.Struct):
        tag = {"type": type(value).__name__} if isinstance(value, events.Message) else {}
        return tag | {name: _light(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, list | tuple):
        return [_light(part) for part in value]
    return {key: _light(part) for key, part in value.items()} if isinstance(value, dict) else value
