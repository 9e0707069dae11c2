"""A `.keras` file as data: what it holds is listed, measured and unpacked without trusting it and without Keras."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any

from ml.strangers import ImportProblem, notation

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
KNOWN = {CONFIG, WEIGHTS, "metadata.json"}
MOST_RATIO = 200
"""A member that unpacks to more times its size is a trap, not a model: Keras does not compress at all."""
MOST_WHOLE, FREE = 20, 64 * 2**20
"""The same of the whole file, beside this many bytes that are always allowed."""
MOST_LIST = 2**20
"""Of the list of members at the file's end, in bytes: some ten thousand of them."""
_LIST_SIZE = 5
"""Where `zipfile` has the size of that list."""


def read(path: Path, unpacked: Path, shown: Path) -> tuple[dict[str, Any], list[str]]:
    """The configuration of the model in a `.keras` file, and what is odd about the file, in sentences.

    The weights are unpacked into a file of that path, where there are some; `shown` is what sentences call the file. Raises `ImportProblem`.
    """
    try:
        _check_kind(path, shown)
        with zipfile.ZipFile(path) as file:
            _check_members(path, shown, file)
            config = notation.decode(_member(shown, file, CONFIG), f"{shown}: {CONFIG}")
            return config, [*_others(file), *_unpack_weights(shown, file, unpacked)]
    except zipfile.BadZipFile as error:
        raise ImportProblem(f"{shown} is cut short or damaged: the list of what it holds, at its end, is missing.") from error
    except (RuntimeError, NotImplementedError) as error:  # what zipfile raises for a password, and for a way of packing that it does not know
        raise ImportProblem(f"{shown} is packed in a way that Keras never uses: {error}.") from error
    except (OSError, ValueError, EOFError) as error:  # ValueError is zipfile's for places in the file that can't be
        raise ImportProblem(f"{shown} can't be read: {getattr(error, 'strerror', None) or error}.") from error


def _check_kind(path: Path, shown: Path) -> None:
    """Raises `ImportProblem` for what is not the beginning of a zip file, and for a list of members that would fill the memory."""
    with path.open("rb") as file:
        start = file.read(8)
        if not start:
            raise ImportProblem(f"{shown} is empty.")
        if not start.startswith(b"PK"):
            raise ImportProblem(f"{shown} is not a .keras file: those are zip files, and this is not one.")
        end = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # the only way to the list's size before the list is read
    if end and end[_LIST_SIZE] > MOST_LIST:
        raise ImportProblem(f"{shown} lists far more members than a model has.")


def _check_members(path: Path, shown: Path, file: zipfile.ZipFile) -> None:
    names = Counter(member.filename for member in file.infolist())
    for name, times in names.items():
        if times > 1:
            raise ImportProblem(f"{shown} holds {name} more than once, so nobody can tell which one is meant.")
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\\" in name or name[1:2] == ":":
            raise ImportProblem(f"{shown} holds {name!r}, which points outside of it.")
    for member in file.infolist():
        if stat.S_ISLNK(member.external_attr >> 16):
            raise ImportProblem(f"{shown} holds {member.filename}, which is a link to another file.")
        if member.file_size > MOST_RATIO * max(member.compress_size, 1) or (member.filename == CONFIG and member.file_size > notation.MOST_BYTES):
            raise ImportProblem(f"{shown} holds {member.filename}, which unpacks to {member.file_size / 2**20:,.0f} MiB: no model needs that.")
    whole = sum(member.file_size for member in file.infolist())
    if whole > MOST_WHOLE * path.stat().st_size + FREE:
        raise ImportProblem(f"{shown} unpacks to {whole / 2**20:,.0f} MiB: no model needs that.")
    if CONFIG not in names:
        raise ImportProblem(f"{shown} holds no {CONFIG}, so it is not a Keras model.")


def _member(shown: Path, file: zipfile.ZipFile, name: str) -> bytes:
    """The whole of a member, and never more of it than the list says. Raises `ImportProblem` where it is damaged."""
    try:
        with file.open(name) as member:
            return member.read()
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ImportProblem(f"{shown}: {name} is damaged.") from error


def _others(file: zipfile.ZipFile) -> list[str]:
    """What is said of members that are none of a model's; Keras keeps the words of lookups in `assets`."""
    others = [name for name in file.namelist() if name not in KNOWN and not name.startswith("assets/") and not name.endswith("/")]
    if not others:
        return []
    shown = ", ".join(others[:3]) + (f" and {len(others) - 3:,} more" if len(others) > 3 else "")
    return [f"It holds files that are none of a model's, and they were left alone: {shown}."]


def _unpack_weights(shown: Path, file: zipfile.ZipFile, target: Path) -> list[str]:
    """Write the weights to `target` and look whether they are there and whole. Raises `ImportProblem` where they are damaged."""
    if WEIGHTS not in file.namelist():
        return [f"{shown.name} holds no {WEIGHTS}: only the architecture is there."]
    try:
        with file.open(WEIGHTS) as member, target.open("wb") as out:
            shutil.copyfileobj(member, out, 2**20)  # the end checks the sum
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ImportProblem(f"{shown}: {WEIGHTS} is damaged.") from error
    return []
