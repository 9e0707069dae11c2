"""Where the disk fills while a model trains, the training holds and says so, nothing that was written is damaged, and with room it goes on."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ml.project.project import Project
from ml.runs.checkpoints import FOLDER, load
from ml.runs.record import read_checkpoints, read_events
from tests.faults.disk import small_disk
from tests.faults.promises import times
from tests.faults.test_exact_resume import project, straight
from tests.faults.trainers import Trainers, Training

MEGABYTES = 12
KEPT_FREE = 4096
"""Bytes: less than any write needs."""
SECONDS = 2.0


def fill(disk: Path, free: int) -> Path:
    """Take all room but so many bytes; the file that takes it."""
    ballast = disk / "ballast"
    room = max(0, shutil.disk_usage(disk).free - free)
    with ballast.open("wb") as file, contextlib.suppress(OSError):
        for _ in range(room // 4096):
            file.write(bytes(4096))
            file.flush()
        os.fsync(file.fileno())
    return ballast


def good_files(run: Path) -> dict[str, str]:
    """The checkpoints that were entered, by their names, with the digests of what lies there."""
    return {each.file: hashlib.sha256((run / FOLDER / each.file).read_bytes()).hexdigest() for each in read_checkpoints(run / "run.sqlite")}


def held(training: Training, since: float) -> float:
    """Wait until it says that it holds; how many seconds after `since`."""
    training.until(lambda: any(said.what == "Log" and "holds" in said.text for said in training.said("Log")), 60)
    at = next((said.at for said in training.said("Log") if "holds" in said.text), None)
    assert at is not None, f"it ended without holding: {training.said('Log', 'Progress')[-2:]}"
    return at - since


def survived(trainers: Trainers, disk: Path, number: int, made: Project, digest: str, chance: random.Random) -> tuple[float, int, bool]:
    """Fill the disk at a random time of a training, and make room; seconds until it held, damaged old files, and whether it came to the same end."""
    run = disk / str(number)
    training = trainers.start(run, made, checkpoint_seconds=0.0, beside=disk.parent)
    training.until(lambda: training.said("saved"))
    time.sleep(chance.uniform(0, 0.5))
    ballast = fill(disk, chance.choice([0, KEPT_FREE, 65536]))
    full = time.time()
    seconds = held(training, full)
    before = {each.file: each.sha256 for each in read_checkpoints(run / "run.sqlite")}
    damaged = sum(good_files(run).get(name) != sha for name, sha in before.items())
    damaged += load(run, run / "run.sqlite") is None
    list(read_events(run / "run.sqlite"))
    ballast.unlink()
    same = training.ended() == digest
    shutil.rmtree(run)
    return seconds, damaged, same


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.skipif(sys.platform != "linux", reason="a small disk is mounted as Linux does it")
def test_a_full_disk_holds_the_training_and_damages_nothing(trainers: Trainers, tmp_path: Path, promise: Callable[[str, str, str], None]) -> None:
    points, chance, made = times(20), random.Random(7), project("logistic_regression", 20)
    digest, _ = straight(trainers, tmp_path / "straight", made)
    with small_disk(tmp_path, MEGABYTES) as disk:
        found = [survived(trainers, disk.place, number, made, digest, chance) for number in range(points)]
    damaged, on = sum(damaged for _, damaged, _ in found), sum(same for _, _, same in found)
    slowest = max(seconds for seconds, _, _ in found)
    promise(
        "full disk",
        f"an ext4 disk of {MEGABYTES} MB filled to the last bytes at {points} random points of a training",
        f"{damaged} old files damaged; it held after at most {slowest:.1f} s, and {on} of {points} went on to the same weights once there was room",
    )
    assert damaged == 0
    assert on == points
    assert slowest <= SECONDS
