"""With every panel open and a model that trains the window does not grow: memory, handles and threads stay as they are; the engine's memory is measured too."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import psutil
import pytest
from PySide6.QtTest import QTest

from ml import catalog, connection
from tests.e2e.studio import Studio, panels_below
from tests.faults.promises import SCALE

MINUTES, WARM_UP = 20, 0.4
"""How long it trains, and the part of it that counts as warming up."""
SLOPE = 1.0
"""Megabytes an hour."""
FEWEST = 12
"""How often to measure, however long it takes on a machine that is busy."""


class Sample(NamedTuple):
    """What the window's process holds at a time, and the memory of the engine that trains."""

    seconds: float
    megabytes: float
    engine: float
    handles: int
    threads: int


def sample(process: psutil.Process, engine: psutil.Process, began: float) -> Sample:
    """What there is now: memory of the process's own alone, open files and sockets, threads."""
    gc.collect()
    handles = process.num_handles() if psutil.WINDOWS else process.num_fds()  # pyright: ignore[reportAttributeAccessIssue] -- only Windows has it
    return Sample(time.monotonic() - began, own(process), own(engine), handles, process.num_threads())


def own(process: psutil.Process) -> float:
    """Megabytes that a process has written itself. What it only reads of a library counts as its own, or not, as other processes come and go."""
    if psutil.LINUX:
        return sum(part.private_dirty for part in process.memory_maps()) / 1024**2
    return process.memory_full_info().uss / 1024**2


def training_engine(studio: Studio) -> psutil.Process:
    """The engine that trains the run that is shown, as its folder names it."""
    assert studio.window.runs.shown is not None
    return psutil.Process(json.loads((Path(studio.window.runs.shown) / connection.FILE).read_text())["pid"])


def soak(studio: Studio, seconds: float, every: float) -> list[Sample]:
    """Train so long, each panel below the graph shown in its turn, and measure."""
    made = catalog.new("mlp")
    made = msgspec.structs.replace(made, training=msgspec.structs.replace(made.training, epochs=10_000_000, patience=None))
    studio.window.document.open(made)
    studio.until_checked()
    studio.window.runs.begin(made)
    studio.until(lambda: studio.window.engines.is_training and studio.window.training._progress is not None, 120)
    studio.until(lambda: "ready" in studio.window.status.engine.text(), 120)  # the next engine has its handles by then
    panels = panels_below(studio.window)
    process, began, found = psutil.Process(), time.monotonic(), []
    engine = training_engine(studio)
    while time.monotonic() - began < seconds or len(found) < FEWEST:
        next(panels)
        QTest.qWait(int(every * 1000))
        found.append(sample(process, engine, began))
    studio.press("Stop")
    studio.until(lambda: not studio.window.engines.is_training, 120)
    return found


def slope(found: list[tuple[float, float]]) -> float:
    """Megabytes an hour of (seconds, megabytes) after the warm-up: the median of all slopes between its halves (Theil and Sen), which a jump does not move."""
    warm = found[int(len(found) * WARM_UP) :]
    half = len(warm) // 2
    slopes = [(b - a) / (then - now) for now, a in warm[:half] for then, b in warm[half:]]
    return float(np.median(slopes)) * 3600


def growth(values: list[int]) -> int:
    """How much larger the least of the last third is than that of the third before it: what is opened for a moment is no growth."""
    third = len(values) // 3
    return min(values[-third:]) - min(values[-2 * third : -third])


@pytest.fixture
def studio(qapp: object, tmp_path: Path):
    opened = Studio(tmp_path)
    yield opened
    opened.close()


def test_a_short_training_leaves_no_handles_and_threads(studio: Studio) -> None:
    found = soak(studio, 6, 0.3)
    assert growth([each.handles for each in found]) <= 0
    assert growth([each.threads for each in found]) <= 0


@pytest.mark.slow
@pytest.mark.faults
def test_nothing_grows_in_twenty_minutes(studio: Studio, promise: Callable[[str, str, str], None]) -> None:
    minutes = MINUTES * SCALE
    found = soak(studio, minutes * 60, 2.0)
    grows = slope([(each.seconds, each.megabytes) for each in found])
    engine = slope([(each.seconds, each.engine) for each in found])
    handles, threads = growth([each.handles for each in found]), growth([each.threads for each in found])
    for each in found[:: max(1, len(found) // 20)]:
        print(f"{each.seconds:6.0f} s {each.megabytes:8.2f} MB, engine {each.engine:8.2f} MB, {each.handles} handles {each.threads} threads")
    promise(
        "soak",
        f"{minutes:g} min of training, every tab of the drawer shown in turn, the last {1 - WARM_UP:.0%} measured",
        f"memory slope of the window {grows:+.2f} MB an hour, of the engine {engine:+.2f}; handles {handles:+d}, threads {threads:+d}",
    )
    assert handles <= 0
    assert threads <= 0
    assert grows < SLOPE
