"""Checkpoints keep what a run needs to go on, and nothing lies about that no run knows of."""

import hashlib
import time
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest

from ml.project.files import FileProblem
from ml.runs.checkpoints import Checkpoints, State, whole
from ml.runs.record import Checkpoint, Record


def state(step: int) -> State:
    return State({"w": np.full(3, step)}, {"epoch": step})


@pytest.fixture
def record(tmp_path):
    made = Record(tmp_path / "run.sqlite")
    yield made
    made.close()


def test_a_step_saved_again_never_writes_over_the_file_that_is_entered(tmp_path, record):
    checkpoints = Checkpoints(tmp_path, record)
    names = [checkpoints.save(state(step), 7, 1).file for step in (1, 2, 3)]
    assert len(set(names[:2])) == 2
    assert next(whole(tmp_path, record.path))[1].arrays["w"][0] == 3


def test_the_older_best_stays_until_a_state_knows_of_the_newer_one(tmp_path, record):
    checkpoints = Checkpoints(tmp_path, record)
    checkpoints.save(state(1), 1, 1, best=True)
    checkpoints.save(state(1), 1, 1)
    checkpoints.save(state(2), 2, 2, best=True)
    assert [found.meta["epoch"] for _, found in whole(tmp_path, record.path, best=True)] == [2, 1]
    checkpoints.save(state(2), 2, 2)
    assert [found.meta["epoch"] for _, found in whole(tmp_path, record.path, best=True)] == [2]


def test_what_a_killed_process_left_is_cleared_away_and_files_of_others_stay(tmp_path, record):
    Checkpoints(tmp_path, record).save(state(1), 1, 1)
    folder = tmp_path / "checkpoints"
    for name in (".000000002.npz.ab_c1", "000000002.npz", "notes.txt"):
        (folder / name).write_text("half")
    Checkpoints(tmp_path, record)
    assert sorted(path.name for path in folder.iterdir()) == ["000000001.npz", "notes.txt"]


def test_a_run_that_goes_on_from_an_older_state_forgets_the_later_ones(tmp_path, record):
    checkpoints = Checkpoints(tmp_path, record)
    older, later = checkpoints.save(state(1), 1, 1), checkpoints.save(state(2), 2, 2)
    (tmp_path / "checkpoints" / later.file).write_bytes(b"damaged")
    checkpoints.rewind(older.file)
    assert sorted(path.name for path in (tmp_path / "checkpoints").iterdir()) == [older.file]
    assert next(whole(tmp_path, record.path))[0] == older


def test_a_run_that_goes_on_from_an_older_state_forgets_the_best_that_came_after_it(tmp_path, record):
    checkpoints = Checkpoints(tmp_path, record)
    for step in (10, 20):
        checkpoints.save(state(step), step, 1, best=True)
        last = checkpoints.save(state(step), step, 1).file if step == 10 else ""
    again = Checkpoints(tmp_path, record)  # it was killed before it could write the state that knows of the second one
    again.rewind(last or next(whole(tmp_path, record.path))[0].file)
    again.save(state(15), 15, 1)
    assert [found.meta["epoch"] for _, found in whole(tmp_path, record.path, best=True)] == [10]


def test_a_clock_that_is_set_back_changes_nothing_of_which_came_last(tmp_path, record, monkeypatch):
    checkpoints = Checkpoints(tmp_path, record)
    for number, now in ((1, 2e9), (2, 1e9)):
        monkeypatch.setattr("ml.runs.record.time", SimpleNamespace(time=lambda now=now: now, monotonic=time.monotonic))
        checkpoints.save(state(number), 7, 1)
    assert next(whole(tmp_path, record.path))[1].meta["epoch"] == 2


@pytest.mark.parametrize(
    "header",
    ["{'descr':'<f8','fortran_order':False,'shape':(1000000000000000,)}", "{'descr':'<f8',(((((", "(" * 250],
)
def test_a_strangers_checkpoint_that_is_none_is_named(tmp_path, record, header):
    (tmp_path / "checkpoints").mkdir()
    path = tmp_path / "checkpoints" / "000000001.npz"
    text = header.encode().ljust(502)
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("w.npy", b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text)
    record.enter_checkpoint(Checkpoint(path.name, 1, 1, hashlib.sha256(path.read_bytes()).hexdigest()))
    record.commit()
    with pytest.raises(FileProblem, match=r"000000001\.npz can't be read"):
        next(whole(tmp_path, record.path))
