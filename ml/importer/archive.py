"""A `.keras` file as data: its configuration, read without trusting it and without Keras."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
import zlib
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
MOST_CONFIG = 64 * 2**20
"""In bytes. A thousand layers take about one MiB."""
MOST_RATIO = 200
"""A member that unpacks to more times its size is a trap, not a model: Keras does not compress at all."""


class ImportProblem(Exception):
    """A file that can't be opened as a model, as a sentence that names it."""


def read(path: Path, unpacked: Path) -> tuple[dict[str, Any], list[str]]:
    """The configuration of the model in a `.keras` file, and what is odd about the file, in sentences.

    The weights are unpacked into a file of that path, where there are some. Raises `ImportProblem`.
    """
    _check_kind(path)
    try:
        with zipfile.ZipFile(path) as file:
            _check_members(path, file)
            config = _config(path, file)
            return config, _unpack_weights(path, file, unpacked)
    except zipfile.BadZipFile as error:
        raise ImportProblem(f"{path} is cut short or damaged: the list of what it holds, at its end, is missing.") from error
    except (RuntimeError, NotImplementedError) as error:  # what zipfile raises for a password, and for a way of packing that it does not know
        raise ImportProblem(f"{path} is packed in a way that Keras never uses: {error}.") from error
    except OSError as error:
        raise ImportProblem(f"{path} can't be read: {error.strerror or error}.") from error


def _check_kind(path: Path) -> None:
    """Raises `ImportProblem` for what is not the beginning of a zip file."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise ImportProblem(f"{path} is not a regular file.")
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise ImportProblem(f"{path} can't be read: {error.strerror}.") from error
    if not start:
        raise ImportProblem(f"{path} is empty.")
    if start == b"\x89HDF\r\n\x1a\n":
        raise ImportProblem(f"{path} is an HDF5 file, the older format: open it with Keras and save it again as .keras.")
    if not start.startswith(b"PK"):
        raise ImportProblem(f"{path} is not a .keras file: those are zip files, and this is not one.")


def _check_members(path: Path, file: zipfile.ZipFile) -> None:
    names = Counter(member.filename for member in file.infolist())
    for name, times in names.items():
        if times > 1:
            raise ImportProblem(f"{path} holds {name} more than once, so nobody can tell which one is meant.")
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\\" in name:
            raise ImportProblem(f"{path} holds {name!r}, which points outside of it.")
    for member in file.infolist():
        if member.file_size > MOST_RATIO * max(member.compress_size, 1) or (member.filename == CONFIG and member.file_size > MOST_CONFIG):
            raise ImportProblem(f"{path} holds {member.filename}, which unpacks to {member.file_size / 2**20:,.0f} MiB: no model needs that.")
    if CONFIG not in names:
        raise ImportProblem(f"{path} holds no {CONFIG}, so it is not a Keras model.")


def _config(path: Path, file: zipfile.ZipFile) -> dict[str, Any]:
    try:
        with file.open(CONFIG) as member:
            config = json.loads(member.read(MOST_CONFIG), object_pairs_hook=_without_duplicates)
    except (zipfile.BadZipFile, zlib.error) as error:
        raise ImportProblem(f"{path}: {CONFIG} is damaged.") from error
    except RecursionError as error:
        raise ImportProblem(f"{path}: {CONFIG} is too deeply nested.") from error
    except (ValueError, UnicodeDecodeError) as error:
        raise ImportProblem(f"{path}: {CONFIG} is not as Keras writes it: {error}.") from error
    if not isinstance(config, dict):
        raise ImportProblem(f"{path}: {CONFIG} is not as Keras writes it: it should be an object.")
    return config


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} stands twice in one object")
        found[key] = value
    return found


def _unpack_weights(path: Path, file: zipfile.ZipFile, target: Path) -> list[str]:
    """Write the weights to `target` and look whether they are there and whole. Raises `ImportProblem` where they are damaged."""
    if WEIGHTS not in file.namelist():
        return [f"{path.name} holds no {WEIGHTS}: only the architecture is there."]
    try:
        with file.open(WEIGHTS) as member, target.open("wb") as out:
            shutil.copyfileobj(member, out, 2**20)  # the end checks the sum
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ImportProblem(f"{path}: {WEIGHTS} is damaged.") from error
    return []
