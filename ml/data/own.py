"""Files and folders of one's own: whether they are there, whether they are what they should be, and whether there is room for what is in them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import psutil

from ml.data.dataset import DataProblem
from ml.project.paths import absolute
from ml.project.writing import FileProblem

FAMILY = "Your own"
ORIGIN, LICENCE = "Yours.", "Read from your disk, where it stays; nothing is copied and nothing is sent"
ROOM = 0.5
"""The part of the memory that is free now which samples may take."""
SHARES = ("\\\\", "//")
"""What the name of a file on another machine begins with. To open one is to introduce oneself there, which a stranger's project could wish for."""

ARRAYS = (".npy", ".npz", ".idx", ".gz")
"""What files of arrays are called."""

Stamp = tuple[tuple[str, int, int], ...]


def place(path: str) -> Path:
    """The path as it is meant. Raises `DataProblem` for what is on another machine, for a home folder that is not, and for what is no path."""
    if path.startswith(SHARES):
        raise DataProblem(f"{path} is on another machine: give that place a drive letter, or mount it, and choose it there.")
    if "\0" in path:
        raise DataProblem(f"{path!r} is no path: there is a NUL character in it.")
    try:
        return absolute(path)
    except FileProblem as problem:
        raise DataProblem(str(problem)) from problem


def regular_file(path: str) -> Path:
    """The path of a file that can be read. Raises `DataProblem` where there is none, and for folders, pipes and devices."""
    found = place(path)
    mode = _stat(found, "file").st_mode
    if stat.S_ISDIR(mode):
        raise DataProblem(f"{found} is a folder, and a file is needed.")
    if not stat.S_ISREG(mode):
        raise DataProblem(f"{found} is not a regular file: choose a file with samples in it.")
    if not os.access(found, os.R_OK):
        raise DataProblem(f"{found} may not be read: change its permissions, or choose another file.")
    return found


def folder(path: str) -> Path:
    """The path of a folder that is there. Raises `DataProblem`."""
    found = place(path)
    if not stat.S_ISDIR(_stat(found, "folder").st_mode):
        raise DataProblem(f"{found} is a file, and a folder is needed.")
    return found


def source_for(path: Path) -> str:
    """The source that most likely reads a file or a folder; a wrong guess is told by the source."""
    if path.is_dir():
        return "images"
    return "arrays" if path.suffix.lower() in ARRAYS or path.name.endswith("ubyte") else "csv"


def stamp(paths: list[Path]) -> Stamp:
    """What changes when one of these files or folders does."""
    found = []
    for path in paths:
        try:
            about = path.stat()
        except OSError:
            continue
        found.append((str(path), about.st_mtime_ns, about.st_size))
    return tuple(found)


def check_room(size: int, what: str) -> None:
    """Raises `DataProblem` where `size` bytes are more than this machine has room for now."""
    free = psutil.virtual_memory().available
    if size > ROOM * free:
        raise DataProblem(f"{what} needs {in_words(size)} of memory, and this machine has {in_words(free)} free: take fewer or smaller samples.")


def in_words(size: int) -> str:
    """A number of bytes, as a person says it."""
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= factor:
            return f"{size / factor:,.1f} {unit}"
    return f"{size:,} bytes"


def listed(things: list[str], most: int = 5) -> str:
    """The first few of many, and how many more there are."""
    more = len(things) - most
    return ", ".join(things[:most]) + (f" and {more:,} more" if more > 0 else "")


def _stat(path: Path, kind: str) -> os.stat_result:
    try:
        return path.stat()
    except FileNotFoundError as error:
        raise DataProblem(f"There is no {kind} {path}: choose it again if it was moved.") from error
    except OSError as error:
        raise DataProblem(f"{path} can't be read: {error.strerror or error}.") from error
