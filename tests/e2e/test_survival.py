"""What a person has when the engine dies: its cause in words, and the run, which goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from ml.events import Metrics
from ml.runs import Run
from ml.runs.record import read_checkpoints
from tests.e2e.studio import Studio
from tests.e2e.test_whole_path import open_template, train


@pytest.fixture
def studio(qtbot, tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path)
    yield studio
    studio.close()


def test_a_killed_engine_is_named_and_its_run_goes_on_with_one_click(studio: Studio) -> None:
    window = studio.window
    open_template(studio, "Multi-layer perceptron", epochs=100_000)
    train(studio)
    studio.until(lambda: window.runs.shown is not None and _checkpoints(window.runs.shown))
    os.kill(window.engines.under_way[0].training.engine.pid, signal.SIGKILL)
    studio.until(lambda: window.training.state == "ended", 5)
    assert "SIGKILL" in window.training._words and "memory" in window.training._words
    folder = Path(window.runs.shown or "")
    kept = _checkpoints(str(folder))
    studio.press("Resume")
    studio.until(lambda: window.training.state == "running")
    studio.until(lambda: studio.progress.step > kept and len(_epochs(folder)) > 2)
    studio.press("Stop")
    studio.until(lambda: window.training.state == "ended")
    steps = _epochs(folder)
    assert steps == sorted(set(steps)) and len({one - other for one, other in zip(steps[1:], steps, strict=False)}) == 1


def _epochs(folder: Path) -> list[int]:
    """The steps at which an epoch ended, as the record has them."""
    return [event.step for event in Run(folder).events("Metrics") if isinstance(event, Metrics) and event.span == "epoch"]


def _checkpoints(folder: str) -> int:
    """The step of the latest checkpoint, 0 where there is none."""
    record = Run(Path(folder)).record
    return max((checkpoint.step for checkpoint in read_checkpoints(record)), default=0) if record.is_file() else 0
