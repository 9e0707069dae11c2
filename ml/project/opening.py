"""Opening a file that may hold more than this version knows: what can be read is shown, and what saving would lose is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from ml.project.files import content, decode_any, version_of
from ml.project.graph import Graph, Node, Note
from ml.project.project import VERSION, Choice, Data, Project, Split, Training
from ml.project.writing import FileProblem

KNOWN = {field for struct in (Project, Data, Split, Training, Choice, Graph, Node, Note) for field in struct.__struct_fields__}
MOST = 5
"""Of what would be lost, so much is named."""


class Opened(NamedTuple):
    """A project as far as it could be read."""

    project: Project
    read_only: str
    """Why its file must not be written over, as a sentence that says what that would lose; nothing where all of it was read."""


def read(path: Path) -> Opened:
    """Read a project from a file, whatever version wrote it. Raises `FileProblem`."""
    data = content(path)
    version = version_of(data, str(path))
    newer = f"{path} was written by a newer version of this program (format {version}, this one reads {VERSION})"
    try:
        project = decode_any(data, str(path))
    except FileProblem as problem:
        if version <= VERSION:
            raise
        raise FileProblem(f"{newer}, and even in part it can't be read: update the program to open it.") from problem
    try:
        lost = unknown(msgspec.json.decode(data), msgspec.to_builtins(project))
    except RecursionError as error:
        raise FileProblem(f"{path} is not a project: it is too deeply nested.") from error
    if version <= VERSION and not lost:
        return Opened(project, "")
    project = replace(project, version=VERSION)  # as which a copy of it is written
    first = newer if version > VERSION else f"{path} holds what this program does not know"
    return Opened(project, f"{first}: it is open for reading, and can be saved under another name. {_loss(lost)}")


def unknown(found: Any, understood: Any, path: str = "") -> list[str]:
    """The paths of what is in JSON and was not understood, as `models.model.nodes.dense.colour`."""
    if isinstance(found, list) and isinstance(understood, list | tuple):
        return [each for index, pair in enumerate(zip(found, understood, strict=False)) for each in unknown(*pair, f"{path}{index}.")]
    if not isinstance(found, dict) or not isinstance(understood, dict):
        return []
    parts = (unknown(value, understood[key], f"{path}{key}.") if key in understood else [] if key in KNOWN else [path + key] for key, value in found.items())
    return [each for part in parts for each in part]


def _loss(lost: list[str]) -> str:
    if not lost:
        return "Nothing in it is unknown to this version, but it may mean something else."
    rest = f" and {len(lost) - MOST} more" if len(lost) > MOST else ""
    return f"A copy would not have: {', '.join(lost[:MOST])}{rest}."
