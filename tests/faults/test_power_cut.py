"""Where the power goes, all that was said to be on the disk is there: measurements, checkpoints, documents; and the training goes on."""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ml.runs.checkpoints import load
from ml.runs.record import read_checkpoints
from tests.faults.disk import Disk, small_disk
from tests.faults.promises import times
from tests.faults.test_documents_survive import MOST_SECONDS, found, killed, lost
from tests.faults.test_metrics_survive import KILLS_A_RUN, endless
from tests.faults.test_metrics_survive import lost as lost_rows
from tests.faults.trainers import Trainers, Training

MEGABYTES = 64
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the power of a disk is cut as Linux does it")


def trained(trainers: Trainers, disk: Disk, run: Path, chance: random.Random) -> tuple[Training, float]:
    """Begin a run, or go on with it, until the power goes, mostly while it trains; and when that was."""
    new = not run.is_dir() or not read_checkpoints(run / "run.sqlite")
    training = trainers.start(run, endless() if new else None, 0.3, beside=disk.place.parent)
    if chance.random() < 0.9:
        training.until(lambda: training.said("written"))
    time.sleep(chance.uniform(0, 1.5))
    assert training.lives, training.complaint
    at = time.time()
    disk.cut()
    training.kill()
    disk.start_again()
    return training, at


def usable(training: Training, at: float) -> bool:
    """Whether the last checkpoint that was said to be saved by then, or a later one, can be read, and the one before it is there.

    What is said later does not count: an fsync that the cut meets half way returns as if all were well, and no process lives to hear that.
    """
    saved = [said.number for said in training.said("saved") if said.at < at]
    if not saved:
        return True
    kept = load(training.folder, training.folder / "run.sqlite")
    entered = [each for each in read_checkpoints(training.folder / "run.sqlite") if not each.best]
    return kept is not None and kept[0].step >= saved[-1] and all((training.folder / "checkpoints" / each.file).is_file() for each in entered)


def runs_survived(trainers: Trainers, disk: Disk, cuts: int) -> tuple[int, int, float]:
    """Cut it so often: how many checkpoints were unusable, how many committed measurements lost, how old the oldest uncommitted one."""
    chance, unusable, gone, oldest = random.Random(8), 0, 0, 0.0
    for number in range(cuts):
        training, at = trained(trainers, disk, disk.place / str(number // KILLS_A_RUN), chance)
        rows, age = lost_rows(training, at)
        unusable, gone, oldest = unusable + (not usable(training, at)), gone + rows, max(oldest, age)
    return unusable, gone, oldest


def documents_survived(disk: Disk, cuts: int) -> tuple[int, int, float]:
    """Cut it so often while a window edits and saves: how many edits there were, how many files unreadable, how many seconds of edits lost."""
    chance, edits, unreadable, most = random.Random(9), 0, 0, 0.0
    for name in ("witness", "complaints"):  # what is told of it lies on another disk
        (disk.place / name).symlink_to(disk.place.parent / name)
    os.sync()
    for _ in range(cuts):
        told, at = killed(disk.place, chance, disk.cut)
        disk.start_again()
        states, problems = found(disk.place)
        edits, unreadable, most = edits + len(told), unreadable + len(problems), max(most, lost(told, at, states))
    return edits, unreadable, most


@LINUX
def test_a_run_and_a_document_survive_a_cut_of_power(trainers: Trainers, tmp_path: Path) -> None:
    with small_disk(tmp_path, MEGABYTES) as disk:
        assert runs_survived(trainers, disk, 1)[:2] == (0, 0)
        _, unreadable, most = documents_survived(disk, 1)
    assert unreadable == 0
    assert most <= MOST_SECONDS


@pytest.mark.slow
@pytest.mark.faults
@LINUX
def test_200_cuts_of_power(trainers: Trainers, tmp_path: Path, promise: Callable[[str, str, str], None]) -> None:
    cuts = times(100)
    with small_disk(tmp_path, MEGABYTES) as disk:
        unusable, gone, oldest = runs_survived(trainers, disk, cuts)
    with small_disk(tmp_path / "documents", MEGABYTES) as disk:
        edits, unreadable, most = documents_survived(disk, cuts)
    promise(
        "power cut",
        f"the ext4 that is written to halted without a flush, its log played back: {cuts} times while a model trains, "
        f"{cuts} times during {edits:,} edits and saves in the window",
        f"0 databases and {unusable} checkpoints unusable, {gone} committed rows lost, at most {oldest:.2f} s uncommitted; "
        f"{unreadable} documents unreadable, at most {most:.2f} s of edits lost",
    )
    assert (unusable, gone, unreadable) == (0, 0, 0)
    assert oldest <= 1
    assert most <= MOST_SECONDS
