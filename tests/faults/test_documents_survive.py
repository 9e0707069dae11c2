"""A window that is killed at any time leaves every file readable, and at most two seconds of edits are lost."""

from __future__ import annotations

import multiprocessing
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from app.journal import left_in
from ml.project import files
from ml.project.files import FileProblem
from tests.faults.editor import Seen, digest, edit
from tests.faults.promises import times

CONTEXT = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
FIRST_SECONDS, LONGEST_SECONDS = 120, 5.0
MOST_SECONDS = 2.0


def killed(folder: Path, chance: random.Random, end: Callable[[], object] = lambda: None) -> tuple[list[Seen], float]:
    """A window that is killed in the middle of its work, just after `end`: what a person saw of it, and when it ended."""
    before = len(seen(folder))
    process = CONTEXT.Process(target=edit, args=(folder, chance.randrange(10**9)))
    process.start()
    began = time.monotonic()
    while len(seen(folder)) <= before + 2:
        assert process.is_alive() and time.monotonic() - began < FIRST_SECONDS, (folder / "complaints").read_text()
        time.sleep(0.01)
    time.sleep(chance.uniform(0, LONGEST_SECONDS))
    assert process.is_alive(), (folder / "complaints").read_text()
    at = time.time()
    end()
    process.kill()
    process.join()
    return seen(folder)[before:], at


def seen(folder: Path) -> list[Seen]:
    """All that the witness heard."""
    path = folder / "witness"
    lines = path.read_bytes().splitlines() if path.exists() else []
    return [msgspec.json.decode(line, type=Seen) for line in lines]


def found(folder: Path) -> tuple[set[str], list[str]]:
    """The states that can be had back, from journals and files, and what can't be read."""
    states, problems = set(), []
    for left in left_in(folder / "unsaved"):
        problems += [left.problem] if left.problem else []
        states |= {digest(left.project(folder / "imports"))} if left.unsaved else set()
        left.let_go()
    for path in (*folder.glob("*.atelier"), *folder.glob("*.atelier~")):
        try:
            states.add(digest(files.load(path)))
        except FileProblem as problem:
            problems.append(str(problem))
    return states, problems


def lost(told: list[Seen], at: float, states: set[str]) -> float:
    """How long before the end the first edit was seen that can't be had back, in seconds."""
    kept = max((number for number, each in enumerate(told) if each.digest in states), default=-1)
    missing = [each for each in told[kept + 1 :] if each.did != "begin"]
    return at - missing[0].at if missing else 0.0


def survived(folder: Path, kills: int) -> tuple[int, int, float]:
    """Kill so often: how many edits were made, how many files could not be read, how many seconds of edits were lost at most."""
    chance, edits, unreadable, most = random.Random(4), 0, 0, 0.0
    CONTEXT.set_forkserver_preload(["tests.faults.editor"])
    for _ in range(kills):
        told, at = killed(folder, chance)
        states, problems = found(folder)
        edits, unreadable, most = edits + len(told), unreadable + len(problems), max(most, lost(told, at, states))
    assert not left_over(folder), left_over(folder)
    return edits, unreadable, most


def left_over(folder: Path) -> list[Path]:
    """Journals that pile up: each window goes on with what the last one left."""
    journals = list((folder / "unsaved").glob("*.journal"))
    return journals if len(journals) > 1 else []


def test_documents_survive_a_killed_window(tmp_path: Path) -> None:
    _, unreadable, most = survived(tmp_path, 2)
    assert unreadable == 0
    assert most <= MOST_SECONDS


@pytest.mark.slow
@pytest.mark.faults
def test_documents_survive_200_killed_windows(tmp_path: Path, promise: Callable[[str, str, str], None]) -> None:
    kills = times(200)
    edits, unreadable, most = survived(tmp_path, kills)
    promise(
        "documents survive",
        f"{kills} SIGKILLs of the window during {edits:,} random edits and saves, each opening what the last one left",
        f"{unreadable} files unreadable, at most {most:.2f} s of edits lost",
    )
    assert unreadable == 0
    assert most <= MOST_SECONDS
