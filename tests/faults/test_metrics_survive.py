"""A training that is killed at any time leaves a record that can be read, with all that was committed and nothing older than a second missing."""

from __future__ import annotations

import contextlib
import hashlib
import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from ml import catalog
from ml.project.project import Project
from ml.runs.record import read_checkpoints, read_events
from tests.faults.promises import times
from tests.faults.trainers import Trainers, Training

KILLS_A_RUN = 5


def endless(template: str = "mlp") -> Project:
    """A small project that trains until it is killed."""
    made = catalog.new(template)
    return msgspec.structs.replace(made, training=msgspec.structs.replace(made.training, epochs=100_000, patience=None))


def killed(trainers: Trainers, folder: Path, chance: random.Random) -> tuple[Training, float]:
    """Begin the run, or go on with it where it can, and kill it: mostly while it trains, sometimes while it begins."""
    goes_on = folder.exists() and bool(read_checkpoints(folder / "run.sqlite"))
    training = trainers.start(folder if goes_on or not folder.exists() else folder.with_name(f"{folder.name}-anew"), None if goes_on else endless(), 0.3)
    if chance.random() < 0.9:
        training.until(lambda: training.said("written"))
    time.sleep(chance.uniform(0, 1.5))
    assert training.lives, Path(f"{training.folder}.complaints").read_text()
    return training, training.kill()


def lost(training: Training, at: float) -> tuple[int, float]:
    """How many committed measurements are not in the record, and the age of the oldest that was not committed when it was killed."""
    record = training.folder / "run.sqlite"
    if not training.said("written"):
        return 0, 0.0
    with contextlib.closing(sqlite3.connect(record)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found = {hashlib.sha256(msgspec.msgpack.encode(event)).hexdigest() for event in read_events(record)}
    missing = [said for said in training.said("written") if said.text not in found]
    committed = max((said.number for said in training.said("committed")), default=0)
    return sum(said.number <= committed for said in missing), max((at - said.at for said in missing), default=0.0)


def survived(trainers: Trainers, folder: Path, kills: int) -> tuple[int, float]:
    """Kill so often; how many committed measurements were lost, and the age in seconds of the oldest uncommitted one."""
    chance = random.Random(4)
    gone, oldest = 0, 0.0
    for number in range(kills):
        training, at = killed(trainers, folder / f"run-{number // KILLS_A_RUN}", chance)
        committed, age = lost(training, at)
        gone, oldest = gone + committed, max(oldest, age)
    return gone, oldest


def test_what_was_measured_survives_a_kill(trainers: Trainers, tmp_path: Path) -> None:
    gone, oldest = survived(trainers, tmp_path, 2)
    assert gone == 0
    assert oldest < 1


@pytest.mark.slow
@pytest.mark.faults
def test_what_was_measured_survives_200_kills(trainers: Trainers, tmp_path: Path, promise: Callable[[str, str, str], None]) -> None:
    kills = times(200)
    gone, oldest = survived(trainers, tmp_path, kills)
    promise(
        "metrics survive",
        f"{kills} SIGKILLs of a training at random times, each run killed and resumed up to {KILLS_A_RUN} times",
        f"0 databases unreadable, {gone} committed rows lost, at most {oldest:.2f} s uncommitted",
    )
    assert gone == 0
    assert oldest <= 1
