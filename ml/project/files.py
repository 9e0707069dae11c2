"""Projects to files and back: JSON, written so that a crash leaves the old file or the new one; first weights lie in a file beside it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import msgspec
from msgspec.structs import replace

from ml.project.project import VERSION, Project

SUFFIX = ".atelier"
WEIGHTS = ".weights.h5"
"""What the file of a project's first weights is called after the project's own name."""


class FileProblem(Exception):
    """A file that can't be read or written, as a sentence that names it."""


def save(project: Project, path: Path) -> None:
    """Write a project to a file, and its first weights beside it. Raises `FileProblem`; the file that was there stays as it was then."""
    path = Path(path)
    write(path, msgspec.json.format(msgspec.json.encode(with_weights_beside(project, path)), indent=1))
    if not project.weights:
        weights_beside(path).unlink(missing_ok=True)


def weights_beside(path: Path) -> Path:
    """Where the first weights of the project in a file lie."""
    return path.with_name(path.name + WEIGHTS)


def with_weights_beside(project: Project, path: Path) -> Project:
    """Put a project's first weights beside `path`; the project as that file holds it, which names them without their folder. Raises `FileProblem`.

    Where they are gone, those that lie there already are kept: whoever builds the project says what is missing.
    """
    if not project.weights:
        return project
    source, target = Path(project.weights), weights_beside(path)
    try:
        if source.is_file() and not (target.exists() and source.samefile(target)):
            _put(source, target)
    except OSError as error:
        raise FileProblem(f"The weights in {source} can't be put beside {path}: {error.strerror or error}.") from error
    return replace(project, weights=target.name)


def load(path: Path) -> Project:
    """Read a project from a file. Raises `FileProblem` with what is wrong and where."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise FileProblem(f"{path} can't be read: {error.strerror}.") from error
    return decode(data, str(path))


def decode(data: bytes, source: str) -> Project:
    """A project from its JSON, with the path of its first weights whole. Raises `FileProblem` with what is wrong and where, naming its file, `source`."""
    try:
        version = msgspec.json.decode(data, type=_Version).version
        if version > VERSION:
            raise FileProblem(
                f"{source} was written by a newer version of this program (format {version}, this one reads {VERSION}): update the program to open it."
            )
        project = msgspec.json.decode(data, type=Project)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FileProblem(f"{source} is not a project: {error}.") from error
    if project.weights and Path(project.weights).name != project.weights:
        raise FileProblem(f"{source} takes its first weights from {project.weights}, and a project may only take them from a file beside it.")
    return replace(project, weights=str(Path(source).absolute().with_name(project.weights))) if project.weights else project


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


def _put(source: Path, target: Path) -> None:
    """One file under another name: the same bytes on the disk where it can be, else a copy. No file of weights is ever written into again."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
        new = Path(folder) / target.name
        try:
            new.hardlink_to(source)
        except OSError:  # another disk, or one that has no such links
            shutil.copyfile(source, new)
            with new.open("rb+") as file:
                os.fsync(file.fileno())
        new.replace(target)


class _Version(msgspec.Struct):
    version: int
