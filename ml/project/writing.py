"""Files are written so that a crash, a full disk or a power cut leaves the old one or the new one, whole."""

from __future__ import annotations

import filecmp
import hashlib
import os
import secrets
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PREFIX, PART = ".atelier-", ".part"
LEFT_SECONDS = 600
"""What was being written and has not grown for so long was left by a program that was killed."""
TRIES, PAUSE = 20, 0.05
"""On Windows a file that another program looks into can't be replaced: how often and after how many seconds it is tried again."""


class FileProblem(Exception):
    """A file that can't be read or written, as a sentence that names it."""


def write(path: Path, data: bytes) -> None:
    """Put `data` into a file by way of a temporary file beside it, synced and renamed; its mode stays, and so does a link to it. Raises `FileProblem`."""
    real = Path(path).resolve()
    temporary = real.with_name(f"{PREFIX}{secrets.token_hex(4)}{PART}")
    try:
        _refuse_protected(real)
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if real.exists():
            shutil.copymode(real, temporary)
        replace(temporary, real)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise FileProblem(f"{path} can't be written: {error.strerror or error}.") from error
    _clear(real.parent)


def put(source: Path, target: Path) -> None:
    """One file under another name: the same bytes on the disk where it can be, else a copy. Raises OSError.

    Neither is ever written into again: whoever changes one puts another file in its place.
    """
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=PREFIX, ignore_cleanup_errors=True) as folder:
        new = Path(folder) / target.name
        try:
            new.hardlink_to(source)
            sync(new)  # whoever made it may not have seen to that
        except OSError:  # another disk, or one that has no such links
            shutil.copyfile(source, new)
            with new.open("rb+") as file:
                os.fsync(file.fileno())
        replace(new, target)


def replace(source: Path, target: Path) -> None:
    """Give a file another's name, for good: the folder is synced too. Raises OSError."""
    for left in reversed(range(TRIES)):
        try:
            source.replace(target)
            break
        except PermissionError:
            if os.name != "nt" or not left:
                raise
            time.sleep(PAUSE)
    sync(target.parent)


def sync(path: Path) -> None:
    """Make a file, or a folder's list of files, reach the disk; Windows has no such call for what is only read, and does it by itself. Raises OSError."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, for good: the folders that they are in are synced. Raises OSError."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync(folder.parent)


def digest(path: Path) -> str:
    """SHA-256 of what is in a file, in hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_same(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes; one that is not there is no other's same. Raises OSError where one can't be read."""
    if not (one.is_file() and other.is_file()):
        return False
    return one.samefile(other) or filecmp.cmp(one, other, shallow=False)


def _refuse_protected(path: Path) -> None:
    """Raises OSError for a file that nobody may write: its name could be given to another one, but that is not what its owner meant."""
    if path.exists() and not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError(0, "it is protected against writing; save under another name")


def _clear(folder: Path) -> None:
    """Remove what a program that was killed was writing here."""
    for part in folder.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > LEFT_SECONDS:
                shutil.rmtree(part) if part.is_dir() else part.unlink()
