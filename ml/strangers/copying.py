"""A stranger's file copied, so that the bytes that were checked are the ones that are loaded, whatever happens to the file meanwhile."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

from ml.strangers import ImportProblem

HDF5 = b"\x89HDF\r\n\x1a\n"
PIECE = 2**22
LEFT = 256 * 2**20
"""How much room of a disk stays free, in bytes."""


def copy(path: Path, target: Path, cancelled: Callable[[], bool] = lambda: False) -> int:
    """Copy a regular file, which no link leads to, and say how many bytes it has. Raises `ImportProblem`."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):  # before it is opened: opening a pipe waits for a writer
            raise ImportProblem(f"{path} is not a regular file: {_kind(path)}.")
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as source:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise ImportProblem(f"{path} is not a regular file.")
            size = os.fstat(handle).st_size
            _check_room(path, size, target.parent)
            return _copied(source, target, size, cancelled)
    except OSError as error:
        raise ImportProblem(f"{path} can't be read: {error.strerror or error}.") from error


def is_hdf5(path: Path) -> bool:
    """Whether a file is Keras's older format, by how it begins."""
    with path.open("rb") as file:
        return file.read(len(HDF5)) == HDF5


def _copied(source: object, target: Path, size: int, cancelled: Callable[[], bool]) -> int:
    """As many bytes as the file had when it was opened: one that grows meanwhile fills no disk."""
    left = size
    with target.open("xb") as out:
        while left and (piece := source.read(min(PIECE, left))):  # type: ignore[attr-defined]  # an open binary file
            if cancelled():
                raise ImportProblem("It was cancelled.")
            out.write(piece)
            left -= len(piece)
    return size - left


def _check_room(path: Path, size: int, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if 2 * size + LEFT > free:
        raise ImportProblem(f"{path} has {size / 2**20:,.0f} MiB, and there is not enough room to look at it in {folder} ({free / 2**20:,.0f} MiB are free).")


def _kind(path: Path) -> str:
    mode = path.lstat().st_mode
    kinds = {stat.S_ISLNK: "it is a link to another file", stat.S_ISDIR: "it is a folder", stat.S_ISFIFO: "it is a pipe", stat.S_ISSOCK: "it is a socket"}
    return next((words for test, words in kinds.items() if test(mode)), "it is a device")
