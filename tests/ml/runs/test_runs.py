"""A run's folder: its name, and what goes on record of a run that trains in it."""

import time
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from ml import events
from ml.runs import Run, new_folder
from ml.runs.recording import Recording

from .some_runs import make


@pytest.mark.parametrize("name", ["x" * 300, "Ä" * 300, "深" * 100])
def test_a_project_with_a_long_name_can_be_trained(tmp_path: Path, name: str) -> None:
    assert make(new_folder(tmp_path, name)).is_dir()


def test_a_run_that_goes_on_after_a_month_is_measured_as_often_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(make(tmp_path / "run"))
    clock = count(0.0, 1.5)
    monkeypatch.setattr("ml.runs.recording.time", SimpleNamespace(time=lambda: time.time() + 30 * 86_400, monotonic=lambda: next(clock)))
    with Recording(run, lambda event: None) as recording:
        for step in range(20):
            recording.emit(events.Metrics("block", step, 0, {"loss": 1.0}))
    assert len(list(run.events("Metrics"))) == 20
