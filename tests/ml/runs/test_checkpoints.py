"""Checkpoints keep what a run needs to go on, and nothing lies about that no run knows of."""

import numpy as np
import pytest

from ml.runs.checkpoints import Checkpoints, State, whole
from ml.runs.record import Record


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
