"""HDF5 datasets as `packing` makes them, back to a run's events."""

from __future__ import annotations

import base64
import heapq
import json
from collections.abc import Iterator
from typing import Any

import h5py
import msgspec
import numpy as np

from ml.events import Event, Metrics
from ml.runs.guard import Unfit
from ml.runs.packing import ARRAYS, EVENTS, FIXED, METRICS, SPANS, VALUES, columns
from ml.runs.record import Noted

BLOCK = 1024 * 1024
"""Bytes of lines that are read at once."""
ROWS = 4096
LONGEST_LINE = 64 * 1024 * 1024


def unpack(file: h5py.File) -> Iterator[Noted]:
    """All events of a file in their order. Raises `Unfit`, and what h5py raises of a file that is damaged."""
    arrays = _Arrays(file)
    lines = [_lines(dataset, type, arrays) for type, dataset in file.get(EVENTS, {}).items()]
    tables = [_rows(name, dataset) for name, dataset in file.get(METRICS, {}).items()]
    yield from heapq.merge(*lines, *tables, key=lambda noted: noted.id)


class _Arrays:
    """Takes arrays out of the file, by what a line says of where they are."""

    def __init__(self, file: h5py.File) -> None:
        self._file = file
        self._datasets: dict[str, h5py.Dataset] = {}

    def whole(self, value: Any) -> Any:
        """A line's value with its arrays in their places."""
        if isinstance(value, dict):
            if value.keys() == {"dataset", "row"}:
                return self._row(str(value["dataset"]), value["row"])
            if value.keys() == {"dtype", "shape", "base64"}:
                return [value["dtype"], value["shape"], base64.b64decode(value["base64"])]
            return {key: self.whole(part) for key, part in value.items()}
        return [self.whole(part) for part in value] if isinstance(value, list) else value

    def _row(self, name: str, row: Any) -> list[Any]:
        dataset = self._dataset(name)
        if not isinstance(row, int) or not 0 <= row < len(dataset):
            raise Unfit(f"an event names row {row} of {name}, which has {len(dataset):,}")
        array = np.ascontiguousarray(dataset[row])
        return [dataset.dtype.str, list(dataset.shape[1:]), array.tobytes()]

    def _dataset(self, name: str) -> h5py.Dataset:
        if name not in self._datasets:
            found = self._file.get(name) if name.startswith(f"/{ARRAYS}/") and name.endswith(f"/{VALUES}") else None
            if not isinstance(found, h5py.Dataset):
                raise Unfit(f"an event names {name!r}, and no arrays are there")
            self._datasets[name] = found
        return self._datasets[name]


def _lines(dataset: h5py.Dataset, type: str, arrays: _Arrays) -> Iterator[Noted]:
    for line in _split(dataset):
        id, at, fields = json.loads(line)
        event = msgspec.convert({"type": type, **arrays.whole(fields)}, Event, builtin_types=(bytes,))
        yield _noted(id, at, event)


def _split(dataset: h5py.Dataset) -> Iterator[bytes]:
    """The lines of a text, of which a part is in memory at a time."""
    rest = b""
    for start in range(0, len(dataset), BLOCK):
        *whole, rest = (rest + dataset[start : start + BLOCK].tobytes()).split(b"\n")
        if len(rest) > LONGEST_LINE:
            raise Unfit(f"{dataset.name} has a line of more than {LONGEST_LINE // 1024**2} MB")
        yield from whole
    if rest:
        raise Unfit(f"{dataset.name} ends in the middle of a line")


def _rows(name: str, dataset: h5py.Dataset) -> Iterator[Noted]:
    span = name.partition("-")[0]
    names = dataset.dtype.names or ()
    train, validation = columns(names, "train"), columns(names, "validation")
    if span not in SPANS or names[: len(FIXED)] != tuple(column for column, _ in FIXED):
        raise Unfit(f"{dataset.name} is no table of measurements")
    for start in range(0, len(dataset), ROWS):
        rows = dataset[start : start + ROWS]
        lists = {column: rows[column].tolist() for column in names}
        for n in range(len(rows)):
            measured, held_out = ({column.partition("/")[2]: lists[column][n] for column in part} for part in (train, validation))
            id, at, step, epoch, rate, speed = (lists[column][n] for column, _ in FIXED)
            yield _noted(id, at, Metrics(span, step, epoch, measured, held_out, rate, speed))


def _noted(id: Any, at: Any, event: Any) -> Noted:
    if not isinstance(id, int) or not isinstance(at, int | float):
        raise Unfit("an event has no number or no time")
    return Noted(id, float(at), event)
