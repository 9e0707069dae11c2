"""What array files say they hold, read before anything is made of it, and held against the bytes that there are."""

from __future__ import annotations

import gzip
import math
import tokenize
import warnings
import zipfile
import zlib
from collections import Counter
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from ml.data.array_files import IDX_TYPES
from ml.data.dataset import DataProblem
from ml.data.own import check_room, in_words

PIECE = 1 << 20
MEMBERS = 10_000
DAMAGED = (
    ValueError,
    TypeError,
    SyntaxError,
    MemoryError,
    RecursionError,
    EOFError,
    OSError,
    KeyError,
    NotImplementedError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What NumPy, zipfile and gzip raise for damaged files of all sorts."""
NUMBERS, TEXT = "biuf", "U"
"""The kinds of NumPy's types that can be samples, and those that can be labels besides."""


class Header(NamedTuple):
    """What an array is."""

    shape: tuple[int, ...]
    dtype: np.dtype

    @property
    def size(self) -> int:
        """In bytes."""
        return math.prod(self.shape) * self.dtype.itemsize


def headers(path: Path) -> dict[str, Header]:
    """The arrays in a file by their names; "" in a file of one array. Raises `DataProblem` where there are none, or less than is said."""
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            beginning = file.read(4)
            file.seek(0)
            if beginning == b"\x93NUM":
                return {"": _npy(file, size, str(path))}
            if beginning == b"PK\x03\x04":
                return _npz(file, str(path))
            if beginning[:2] == b"\x1f\x8b":
                with gzip.open(file) as unpacked:
                    return {"": _idx(unpacked, None, str(path))}
            return {"": _idx(file, size, str(path))}
    except DAMAGED as error:
        if isinstance(error, DataProblem):
            raise
        raise DataProblem(f"{path} is damaged: {_said(error)}.") from error


def _npy(stream: IO[bytes], size: int, what: str) -> Header:
    version = np.lib.format.read_magic(stream)
    if version not in ((1, 0), (2, 0)):
        raise DataProblem(f"{what} holds records with names and no plain numbers: save its columns as an array of numbers.")
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    with warnings.catch_warnings(action="ignore"):  # of files that Python 2 wrote
        shape, _, kind = read(stream)
    if kind.hasobject:
        raise DataProblem(f"{what} holds Python objects, which are pickled and could do anything when they are read: save it as numbers (astype) first.")
    if kind.kind not in NUMBERS + TEXT:
        raise DataProblem(f"{what} holds values of the type {kind}, and only numbers can be learned from: save it as numbers first.")
    if any(length < 0 for length in shape):
        raise DataProblem(f"{what} is damaged: its header says that its shape is {shape}.")
    header = Header(tuple(map(int, shape)), kind)
    _check_bytes(header, size - stream.tell(), what)
    return header


def _npz(file: IO[bytes], what: str) -> dict[str, Header]:
    with zipfile.ZipFile(file) as archive:
        members = [member for member in archive.infolist() if member.filename.endswith(".npy")]
        if len(members) > MEMBERS:
            raise DataProblem(f"{what} has {len(members):,} arrays in it, more than the {MEMBERS:,} that are looked at.")
        twice = [name for name, count in Counter(member.filename for member in members).items() if count > 1]
        if twice:
            raise DataProblem(f"{what} has the array {twice[0].removesuffix('.npy')} twice, so it can't be known which one is meant.")
        locked = [member.filename for member in members if member.flag_bits & 1]
        if locked:
            raise DataProblem(f"{what} has a password: unpack it and save it without one.")
        found = {}
        for member in members:
            name = member.filename.removesuffix(".npy")
            try:
                with archive.open(member) as stream:
                    found[name] = _npy(stream, member.file_size, f"{what}, array {name},")
            except DAMAGED as error:
                if isinstance(error, DataProblem):
                    raise
                raise DataProblem(f"{what}: the array {name} is damaged: {_said(error)}.") from error
    if not found:
        raise DataProblem(f"{what} is a zip file with no arrays in it: choose a file that NumPy's savez made.")
    return found


def _idx(stream: IO[bytes] | gzip.GzipFile, size: int | None, what: str) -> Header:
    head = stream.read(4)
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in IDX_TYPES or not head[3]:
        begins = f"it begins with {head.hex(' ')}" if head else "it is empty"
        raise DataProblem(f"{what} is no .npy, .npz or IDX file: {begins}.")
    lengths = [stream.read(4) for _ in range(head[3])]
    if any(len(length) < 4 for length in lengths):
        raise DataProblem(f"{what} is cut short: it ends in its header.")
    header = Header(tuple(int.from_bytes(length, "big") for length in lengths), np.dtype(IDX_TYPES[head[2]]))
    start = 4 + 4 * head[3]
    _check_bytes(header, size - start if size is not None else _bytes_left(stream, header, what), what)
    return header


def _bytes_left(stream: IO[bytes] | gzip.GzipFile, header: Header, what: str) -> int:
    """How many bytes come still, of those that are needed."""
    check_room(header.size, what)
    there = 0
    while there < header.size and (piece := stream.read(min(PIECE, header.size - there))):
        there += len(piece)
    stream.read(1)  # the checksum stands behind the last byte
    return there


def _check_bytes(header: Header, there: int, what: str) -> None:
    if there < header.size:
        shape = " × ".join(map(str, header.shape)) or "one number"
        needed = f"{header.size:,} bytes ({in_words(header.size)})" if header.size >= 1000 else f"{header.size:,} bytes"
        raise DataProblem(
            f"{what} says that it holds {shape} of {header.dtype}, which is {needed}, and there are {there:,}: it is cut short, or its header is wrong."
        )


def _said(error: BaseException) -> str:
    return str(error).rstrip(".").replace("\n", " ")[:200] or type(error).__name__
