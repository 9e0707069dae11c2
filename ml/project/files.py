"""Projects to files and back: JSON, written so that a crash leaves the old file or the new one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import msgspec

from ml.project.project import VERSION, Project

SUFFIX = ".atelier"


class FileProblem(Exception):
    """A file that can't be read or written, as a sentence that names it."""


def save(project: Project, path: Path) -> None:
    """Write a project to a file. Raises `FileProblem`; the file that was there stays as it was then."""
    write(path, msgspec.json.format(msgspec.json.encode(project), indent=1))


def load(path: Path) -> Project:
    """Read a project from a file. Raises `FileProblem` with what is wrong and where."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise FileProblem(f"{path} can't be read: {error.strerror}.") from error
    return decode(data, str(path))


def decode(data: bytes, source: str) -> Project:
    """A project from its JSON. Raises `FileProblem` with what is wrong and where, naming `source`."""
    try:
        version = msgspec.json.decode(data, type=_Version).version
        if version > VERSION:
            raise FileProblem(
                f"{source} was written by a newer version of this program (format {version}, this one reads {VERSION}): update the program to open it."
            )
        return msgspec.json.decode(data, type=Project)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FileProblem(f"{source} is not a project: {error}.") from error


def write(path: Path, data: bytes) -> None:
    """Put `data` into a file by way of a temporary file beside it, synced and renamed. Raises `FileProblem`."""
    path = Path(path)
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise FileProblem(f"{path} can't be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise FileProblem(f"{path} can't be written: {error.strerror}.") from error


class _Version(msgspec.Struct):
    version: int
