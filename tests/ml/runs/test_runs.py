"""A run's folder: its name, and what goes on record of a run that trains in it."""

import os
import tempfile
import time
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from ml import catalog, events
from ml.runs import Run, new_folder, waiting
from ml.runs.listing import Listing
from ml.runs.recording import Recording
from ml.runs.summary import summaries

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


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has other rights")
def test_a_folder_that_nobody_may_look_into_hides_no_other_run() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, user = Path(name), os.geteuid()
        waiting.wait(folder / "a", replace(catalog.new("mlp"), name="A"), 1)
        (folder / "loop").symlink_to("loop")
        locked = make(folder / "locked")
        folder.chmod(0o755)
        locked.chmod(0)
        try:
            if user == 0:
                os.seteuid(65534)  # whom rights hold for
            assert waiting.queue(folder) == [folder / "a"]
            assert [run.name for run in summaries(folder)] == ["A"]
            assert [run.name for run in Listing(folder).refresh()[0]] == ["A"]
        finally:
            os.seteuid(user)
            locked.chmod(0o755)
