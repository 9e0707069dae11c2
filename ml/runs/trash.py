"""Runs that were deleted: they lie in a folder of their own for a while, from which they can be taken back."""

from __future__ import annotations

import itertools
import re
import shutil
import time
from pathlib import Path

from ml.project.files import FileProblem

TRASH = ".trash"
DAYS = 30
"""So long a deleted run is kept."""
NAME = re.compile(r"(\d{9,11})-(.+)")
"""A deleted run's folder is called by when that was, in seconds since 1970, and by its name."""


def discard(run: Path) -> Path:
    """Move a run into the trash beside it; where it lies now. Raises `FileProblem`."""
    trash = run.parent / TRASH
    try:
        trash.mkdir(exist_ok=True)
        return run.rename(_free(trash, f"{int(time.time())}-{run.name}"))
    except OSError as error:
        raise FileProblem(f"{run} can't be deleted: {error.strerror or error}. Is it open in another program?") from error


def take_back(lies: Path) -> Path:
    """Move a run out of the trash to where it was, under another name where that is taken by now; its folder. Raises `FileProblem`."""
    named = NAME.fullmatch(lies.name)
    try:
        return lies.rename(_free(lies.parent.parent, named[2] if named else lies.name))
    except OSError as error:
        raise FileProblem(f"{lies} can't be taken back: {error.strerror or error}.") from error


def lying(runs: Path) -> list[Path]:
    """Where the deleted runs of a folder lie, the last deleted first."""
    trash = runs / TRASH
    there = trash.iterdir() if trash.is_dir() and not trash.is_symlink() else ()
    return sorted((lies for lies in there if NAME.fullmatch(lies.name)), key=when, reverse=True)


def when(lies: Path) -> int:
    """When a run that lies in the trash was deleted, in seconds since 1970."""
    named = NAME.fullmatch(lies.name)
    return int(named[1]) if named else 0


def empty(runs: Path, days: float = DAYS) -> int:
    """Delete for good what was deleted longer ago; how many runs. What can't be deleted now is left for the next time."""
    old = [lies for lies in lying(runs) if time.time() - when(lies) > days * 86_400]
    for lies in old:
        shutil.rmtree(lies, ignore_errors=True)
    return sum(not lies.exists() for lies in old)


def _free(folder: Path, name: str) -> Path:
    """A path in a folder that is not taken."""
    return next(path for n in itertools.count() if not (path := folder / (f"{name}-{n}" if n else name)).exists())
