"""A training that is killed at any time leaves a record that can be read, with all that was committed and nothing older than a second missing."""

from __future__ import annotations

import contextlib
import hashlib
import random
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from ml import catalog
from ml.project.project import Project
from ml.runs.record import read_checkpoints, read_events
from tests.faults.promises import times
from tests.faults.trainers import Trainers, Training

KILLS_A_RUN, LANES = 5, 2


def endless(template: str = "logistic_regression") -> Project:
    """A small project that trains until it is killed."""
    made = catalog.new(template)
    return msgspec.structs.replace(made, training=msgspec.structs.replace(made.training, epochs=100_000, patience=None))


def killed(trainers: Trainers, folder: Path, new: bool, chance: random.Random) -> tuple[Training, float]:
    """Begin a run, or go on with it, and kill it: mostly while it trains, sometimes while it begins."""
    training = trainers.start(folder, endless() if new else None, 0.3)
    if chance.random() < 0.9:
        training.until(lambda: training.said("written"))
    time.sleep(chance.uniform(0, 1.5))
    assert training.lives, training.complaint
    return training, training.kill()


def lost(training: Training, at: float) -> tuple[int, float]:
    """How many measurements that were committed before it was killed are not in the record, and the age of the oldest that was not committed then."""
    record = training.folder / "run.sqlite"
    if not training.said("written"):
        return 0, 0.0
    with contextlib.closing(sqlite3.connect(record)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found = {hashlib.sha256(msgspec.msgpack.encode(event)).hexdigest() for event in read_events(record)}
    missing = [said for said in training.said("written") if said.text not in found]
    committed = max((said.number for said in training.said("committed") if said.at < at), default=0)
    return sum(said.number <= committed for said in missing), max((at - said.at for said in missing), default=0.0)


def survived(trainers: Trainers, folder: Path, kills: int) -> tuple[int, float]:
    """Kill so often, two trainings at a time; how many committed measurements were lost, and the age in seconds of the oldest uncommitted one."""
    with ThreadPoolExecutor(LANES) as pool:
        found = list(pool.map(lambda lane: _in_turn(trainers, folder / str(lane), kills // LANES, random.Random(lane)), range(LANES)))
    return sum(gone for gone, _ in found), max(oldest for _, oldest in found)


def _in_turn(trainers: Trainers, folder: Path, kills: int, chance: random.Random) -> tuple[int, float]:
    folder.mkdir()
    gone, oldest, run, left = 0, 0.0, folder / "0", 0
    for number in range(kills):
        new = not left or not read_checkpoints(run / "run.sqlite")
        run, left = (folder / str(number), KILLS_A_RUN) if new else (run, left)
        training, at = killed(trainers, run, new, chance)
        committed, age = lost(training, at)
        gone, oldest, left = gone + committed, max(oldest, age), left - 1
    return gone, oldest


def test_what_was_measured_survives_a_kill(trainers: Trainers, tmp_path: Path) -> None:
    gone, oldest = survived(trainers, tmp_path, 2)
    assert gone == 0
    assert oldest < 1


@pytest.mark.slow
@pytest.mark.faults
def test_what_was_measured_survives_200_kills(trainers: Trainers, tmp_path: Path, promise: Callable[[str, str, str], None]) -> None:
    kills = LANES * times(200 // LANES)
    gone, oldest = survived(trainers, tmp_path, kills)
    promise(
        "metrics survive",
        f"{kills} SIGKILLs of a training at random times, each run killed and resumed up to {KILLS_A_RUN} times",
        f"0 databases unreadable, {gone} committed rows lost, at most {oldest:.2f} s uncommitted",
    )
    assert gone == 0
    assert oldest <= 1
