"""Projects to files and back: JSON; first weights lie in a file beside it, and what was there before is kept as a backup."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from ml.project.names import NAME
from ml.project.project import VERSION, Project
from ml.project.writing import FileProblem, digest, is_same, put, write

SUFFIX = ".atelier"
MOST_BYTES = 64 * 2**20
"""Of a project's file. A thousand nodes take about half a MiB."""
WEIGHTS = ".weights.h5"
"""What the file of a project's first weights is called after the project's own name."""
OTHER_WEIGHTS = ".2" + WEIGHTS
"""The same, where the first name is taken by the weights of the file that is about to be replaced."""
BACKUP = "~"
_Kind = TypeVar("_Kind")


def save(project: Project, path: Path) -> None:
    """Write a project to a file, its first weights beside it, and keep what the file held as its backup. Raises `FileProblem`.

    Whenever it ends, the file and its backup are whole and each has its weights: new weights take the name that the file there does not use.
    """
    path = Path(path).resolve()
    try:
        name = _name_for(project.weights, path)
        data = _encoded(replace(project, weights=name))
        if path.is_file() and path.read_bytes() != data:
            put(path, backup_of(path))
        if project.weights and Path(project.weights).is_file() and not is_same(Path(project.weights), path.with_name(name)):
            put(Path(project.weights), path.with_name(name))
    except OSError as error:
        raise FileProblem(f"{path} can't be written: {error.strerror or error}.") from error
    write(path, data)
    _drop_weights(path)


def backup_of(path: Path) -> Path:
    """Where the project lies that a file held before it was last saved."""
    return path.with_name(path.name + BACKUP)


def stamp(path: Path) -> str:
    """What tells whether a file is still the same: the SHA-256 of what is in it, nothing where it can't be read."""
    if not Path(path).is_file():  # a pipe would never end
        return ""
    try:
        return digest(Path(path))
    except OSError:
        return ""


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
            put(source, target)
    except OSError as error:
        raise FileProblem(f"The weights in {source} can't be put beside {path}: {error.strerror or error}.") from error
    return replace(project, weights=target.name)


def load(path: Path) -> Project:
    """Read a project from a file. Raises `FileProblem` with what is wrong and where."""
    return decode(content(path), str(path))


def content(path: Path) -> bytes:
    """What is in a project's file. Raises `FileProblem` where it can't be read, or can't be a project for what it is or how large."""
    path = Path(path)
    try:
        if path.exists() and not path.is_file():  # a pipe would never end
            raise FileProblem(f"{path} is not a regular file.")
        if path.stat().st_size > MOST_BYTES:
            raise FileProblem(f"{path} has {path.stat().st_size / 2**20:,.0f} MiB: no project needs that.")
        return path.read_bytes()
    except OSError as error:
        raise FileProblem(f"{path} can't be read: {error.strerror}.") from error


def decode(data: bytes, source: str) -> Project:
    """A project from its JSON, with the path of its first weights whole. Raises `FileProblem` with what is wrong and where, naming its file, `source`."""
    if (version := version_of(data, source)) > VERSION:
        raise FileProblem(
            f"{source} was written by a newer version of this program (format {version}, this one reads {VERSION}): update the program to open it."
        )
    return decode_any(data, source)


def version_of(data: bytes, source: str) -> int:
    """The version of the format that a project's JSON says it has. Raises `FileProblem` where it says none."""
    return _decoded(data, source, _Version).version


def decode_any(data: bytes, source: str) -> Project:
    """As `decode`, of a newer version too: what this one does not know is left out. Raises `FileProblem`, also where too little is left."""
    project = _decoded(data, source, Project)
    if project.weights and Path(project.weights).name != project.weights:
        raise FileProblem(f"{source} takes its first weights from {project.weights}, and a project may only take them from a file beside it.")
    if odd := [role for role in project.models if not NAME.fullmatch(role)]:  # a run's models are files of these names
        raise FileProblem(f"{source} has a model called {odd[0]!r}: a model's name has letters, digits, _, - and . and begins with a letter or digit.")
    return replace(project, weights=str(Path(source).resolve().with_name(project.weights))) if project.weights else project


def _decoded(data: bytes, source: str, kind: type[_Kind]) -> _Kind:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FileProblem(f"{source} is not a project: {error}.") from error


def _encoded(project: Project) -> bytes:
    return msgspec.json.format(msgspec.json.encode(project), indent=1)


def _name_for(weights: str, path: Path) -> str:
    """What a project's first weights are called beside its file: as those that are the same, else as none that the file there needs. Raises OSError.

    Where they are gone, those that lie there already are kept: whoever builds the project says what is missing.
    """
    if not weights:
        return ""
    now, names = _weights_in(path), _names(path)
    if not Path(weights).is_file():
        return now or names[0]
    same = (name for name in names if is_same(Path(weights), path.with_name(name)))
    return next(same, None) or next(name for name in names if name != now)


def _drop_weights(path: Path) -> None:
    """Remove weights beside a project's file that neither it nor its backup names."""
    with suppress(OSError, FileProblem):
        named = {_weights_in(path), _weights_in(backup_of(path))}
        for name in _names(path):
            if name not in named:
                path.with_name(name).unlink(missing_ok=True)


def _names(path: Path) -> tuple[str, str]:
    return path.name + WEIGHTS, path.name + OTHER_WEIGHTS


def _weights_in(path: Path) -> str:
    """What the weights of the project in a file are called; nothing where there are none, or no such file."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Weights).weights if path.is_file() else ""
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


class _Version(msgspec.Struct):
    version: int


class _Weights(msgspec.Struct):
    weights: str = ""
