"""A window that is killed takes nothing with it: the run goes on, and the next window has the whole of its history."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from ml.connection import found
from ml.events import Metrics
from ml.runs import Run
from tests.faults.promises import times

pytestmark = [pytest.mark.slow, pytest.mark.faults]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A folder for settings and runs; no engine goes on in it."""
    yield tmp_path
    for folder in (tmp_path / "runs").glob("*"):
        door = found(folder)
        if door is not None:
            psutil.Process(door.pid).kill()


def test_the_run_goes_on_with_nothing_missing(home: Path, promise: Callable[[str, str, str], None]) -> None:
    count, went_on, missing, folder = times(20), 0, 0, None
    for number in range(count):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.window_process", str(home), "find" if number else "begin"], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        told = follow(process, lambda now: now["state"] == "running" and len(now["epochs"]) > 20)
        folder = Path(told["run"])
        missing += len(set(range(1, told["epochs"][-1] + 1)) - set(told["epochs"]))
        time.sleep(random.Random(number).random())
        process.kill()
        process.communicate()
        went_on += goes_on(folder)
    assert folder is not None
    recorded = epochs(folder)
    missing += len(set(range(1, recorded[-1] + 1)) - set(recorded))
    promise(
        "window death",
        f"{count} SIGKILLs of the window while it showed a training, each time found again by the next window",
        f"the run went on {went_on} of {count} times; {missing} of {recorded[-1]:,} epochs missing in the windows' histories and on record",
    )
    assert went_on == count
    assert missing == 0


def follow(process: subprocess.Popen[str], holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What a window said when something came to hold."""
    assert process.stdout is not None
    for line in process.stdout:
        with contextlib.suppress(ValueError):  # Qt says things too
            if holds(now := json.loads(line)):
                return now
    raise AssertionError("The window ended by itself.")


def epochs(folder: Path) -> list[int]:
    """The epochs on record."""
    return [event.epoch for event in Run(folder).events("Metrics") if isinstance(event, Metrics) and event.span == "epoch"]


def goes_on(folder: Path, seconds: float = 30) -> bool:
    """Whether a run's engine lives, and its record has another epoch in this time."""
    before, end = epochs(folder)[-1], time.monotonic() + seconds
    while found(folder) is not None and time.monotonic() < end:
        if epochs(folder)[-1] > before:
            return True
        time.sleep(0.1)
    return False
