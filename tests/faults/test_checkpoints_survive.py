"""A process that is killed while it writes a checkpoint leaves the one before as it was, and nothing on the disk that the next one does not clear away."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ml.runs.checkpoints import FOLDER, Checkpoints, load
from ml.runs.record import Record, read_checkpoints
from tests.faults.promises import times
from tests.faults.trainers import ROOT

MEGABYTES = 20


class Writer:
    """A process that writes one checkpoint after another, by the same class as a training, and tells when each is entered."""

    def __init__(self, run: Path) -> None:
        command = [sys.executable, "-m", "tests.faults.checkpoint_writer", str(run), str(MEGABYTES)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.entered = 0

    def after(self, checkpoints: int, seconds: float) -> str:
        """Kill it so many seconds after it has begun the next checkpoint; the last thing that it said."""
        assert self._process.stdout
        said = ""
        while self.entered < checkpoints or not said.startswith("begins"):
            said = self._process.stdout.readline()
            assert said, "it ended by itself"
            self.entered += said.startswith("entered")
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.kill(self._process.pid, signal.SIGKILL)
        said = ([said, *self._process.stdout.read().splitlines()])[-1]
        self._process.wait()
        self._process.stdout.close()
        return said


def usable(run: Path, last: int) -> tuple[bool, bool]:
    """Whether the last checkpoint that was entered can be read, and whether the previous one is there too."""
    found = load(run, run / "run.sqlite")
    if found is None:
        return False, False
    checkpoint, state = found
    whole = all(hashlib.sha256(array.tobytes()).hexdigest() == state.meta[name] for name, array in state.arrays.items())
    files = {path.name for path in (run / FOLDER).iterdir()}
    kept = [each for each in read_checkpoints(run / "run.sqlite") if not each.best]
    return whole and checkpoint.step >= last, len(kept) >= 2 and all(each.file in files for each in kept)


def survived(run: Path, kills: int) -> tuple[int, int, int, int]:
    """Kill so often in the midst of a checkpoint.

    How many kills found one half written, how many left an unusable one, how many took the previous one, and the bytes that lie about when the next has begun.
    """
    chance = random.Random(5)
    midst = unusable = missing = 0
    run.mkdir()
    for _ in range(kills):
        said = Writer(run).after(2, chance.uniform(0, 0.25))
        midst += said.startswith("begins")
        good, previous = usable(run, int(said.split()[1]) - 1 if said.startswith("begins") else int(said.split()[1]))
        unusable, missing = unusable + (not good), missing + (not previous)
    record = Record(run / "run.sqlite")
    Checkpoints(run, record)
    record.close()
    known = {each.file for each in read_checkpoints(run / "run.sqlite")}
    left = sum(path.stat().st_size for path in (run / FOLDER).iterdir() if path.name not in known)
    return midst, unusable, missing, left


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows ends processes by another call")
def test_a_checkpoint_survives_a_kill_while_the_next_is_written(tmp_path: Path) -> None:
    _, *harm = survived(tmp_path / "run", 2)
    assert harm == [0, 0, 0]


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows ends processes by another call")
def test_checkpoints_survive_200_kills(tmp_path: Path, promise: Callable[[str, str, str], None]) -> None:
    kills = times(200)
    midst, unusable, missing, left = survived(tmp_path / "run", kills)
    promise(
        "checkpoints survive",
        f"{kills} SIGKILLs at random times of a process that writes checkpoints of {MEGABYTES} MB into one run, {midst} of them in the midst of one",
        f"{unusable} unusable, {missing} times the previous was gone; {left / 1024**2:.0f} MB left lying when the next process has begun",
    )
    assert (unusable, missing, left) == (0, 0, 0)
