"""A run's events as HDF5 datasets: what was measured as tables, arrays of one kind in one dataset, and the rest as lines of JSON.

docs/ARCHIVE.md has the layout. Numbers and arrays are kept to the bit, so `unpacking` makes the same events again.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from math import prod
from typing import Any

import h5py
import msgspec
import numpy as np

from ml.events import Array, Metrics
from ml.runs.record import Noted

EVENTS, METRICS, ARRAYS = "events", "metrics", "arrays"
VALUES, STEP = "values", "step"
FIXED = (("id", "<i8"), ("at", "<f8"), ("step", "<i8"), ("epoch", "<i8"), ("learning_rate", "<f8"), ("steps_per_second", "<f8"))
"""The columns that every table of measurements has; after them come `train/<metric>` and `validation/<metric>`."""
SPANS = ("block", "epoch")
MOST_TABLES, MOST_COLUMNS = 50, 200
"""Measurements that would need more are lines."""
BUFFER = 256 * 1024
"""Bytes that wait in memory before they are appended to a dataset."""
CHUNK = 1024 * 1024
"""The largest chunk of a dataset, in bytes."""
COMPRESSED = {"compression": "gzip", "compression_opts": 4, "shuffle": True}


class Packer:
    """Puts events into a file that is open for writing. At the end `close` it."""

    def __init__(self, file: h5py.File) -> None:
        self._file = file
        self._lines: dict[str, _Growing] = {}
        self._tables: dict[tuple[str, tuple[str, ...]], _Growing] = {}
        self._stacks: dict[tuple[tuple[str, ...], str, tuple[int, ...]], tuple[_Growing, _Growing]] = {}

    def add(self, noted: Noted) -> None:
        """Take the next event."""
        event = noted.event
        if isinstance(event, Metrics) and self._put_in_table(noted, event):
            return
        type, step = event.__class__.__name__, getattr(event, "step", -1)
        fields = self._fields(event, (type,), step)
        line = json.dumps([noted.id, noted.at, fields]).encode() + b"\n"
        lines = self._lines.get(type)
        if lines is None:
            lines = self._lines[type] = _Growing(self._file, f"{EVENTS}/{type}", np.dtype("u1"))
        lines.add(np.frombuffer(line, "u1"))

    def close(self) -> None:
        """Write what still waits."""
        for growing in [*self._lines.values(), *self._tables.values(), *(part for pair in self._stacks.values() for part in pair)]:
            growing.flush()

    def _put_in_table(self, noted: Noted, event: Metrics) -> bool:
        """Make it a row of the table with its columns; whether it fits into one."""
        columns = (*(f"train/{name}" for name in event.train), *(f"validation/{name}" for name in event.validation))
        key = event.span, columns
        table = self._tables.get(key)
        if max(abs(event.step), abs(event.epoch)) >= 2**63:
            return False
        if table is None:
            fits = event.span in SPANS and len(columns) <= MOST_COLUMNS and all(name.isprintable() for name in columns)
            if not fits or len(self._tables) == MOST_TABLES:
                return False
            dtype = np.dtype([*FIXED, *((name, "<f8") for name in columns)])
            table = self._tables[key] = _Growing(self._file, _free(self._file, f"{METRICS}/{event.span}"), dtype)
        values = (noted.id, noted.at, event.step, event.epoch, event.learning_rate, event.steps_per_second, *event.train.values(), *event.validation.values())
        table.add(np.array([values], table.dtype))
        return True

    def _fields(self, value: msgspec.Struct, path: tuple[str, ...], step: int) -> dict[str, Any]:
        """The fields of a struct as JSON has them; its own name is part of where its arrays go."""
        path = (*path, *(part for part in (getattr(value, "role", ""), getattr(value, "name", "")) if part))
        return {field: self._plain(getattr(value, field), path, field, step) for field in value.__struct_fields__}

    def _plain(self, value: Any, path: tuple[str, ...], name: str, step: int) -> Any:
        """A field's value as JSON has it, its arrays put into datasets and named by where they are."""
        if isinstance(value, Array):
            return self._stacked(value, (*path, name), step)
        if isinstance(value, msgspec.Struct):
            fields = self._fields(value, (*path, name), step)
            return list(fields.values()) if value.__struct_config__.array_like else fields
        if isinstance(value, list | tuple):
            return [self._part(part, path, name, number, step) for number, part in enumerate(value)]
        if isinstance(value, dict):
            return {key: self._plain(part, (*path, name), str(key), step) for key, part in value.items()}
        return msgspec.to_builtins(value)

    def _part(self, value: Any, path: tuple[str, ...], name: str, number: int, step: int) -> Any:
        """One of several: found by its own name, else by its number."""
        return self._plain(value, path, name, step) if hasattr(value, "name") else self._plain(value, (*path, name), str(number), step)

    def _stacked(self, array: Array, path: tuple[str, ...], step: int) -> dict[str, Any]:
        """Put an array into the dataset of those like it; where it is. One that HDF5 has no type for, or nothing in it, stays in its line."""
        dtype = _dtype(array)
        if dtype is None or not -(2**63) <= step < 2**63:
            return {"dtype": array.dtype, "shape": array.shape, "base64": base64.b64encode(array.data).decode()}
        key = path, array.dtype, tuple(array.shape)
        if key not in self._stacks:
            group = _free(self._file, "/".join((ARRAYS, *(_link(part) for part in path))))
            self._stacks[key] = _Growing(self._file, f"{group}/{VALUES}", dtype, key[2]), _Growing(self._file, f"{group}/{STEP}", np.dtype("<i8"))
        values, steps = self._stacks[key]
        values.add(array.numpy()[None])
        steps.add(np.array([step], "<i8"))
        return {"dataset": values.name, "row": len(values) - 1}


class _Growing:
    """A dataset to which rows of a shape are appended, many at a time."""

    def __init__(self, file: h5py.File, name: str, dtype: np.dtype, shape: tuple[int, ...] = ()) -> None:
        self.name, self.dtype = f"/{name}", dtype
        size = dtype.itemsize * prod(shape)
        chunks = (max(1, CHUNK // 4 // size), *shape) if size <= CHUNK else True
        self._dataset = file.create_dataset(name, (0, *shape), dtype, maxshape=(None, *shape), chunks=chunks, **COMPRESSED)
        self._waiting: list[np.ndarray] = []
        self._bytes = self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def add(self, rows: np.ndarray) -> None:
        """Append these rows."""
        self._waiting.append(rows)
        self._rows += len(rows)
        self._bytes += rows.nbytes
        if self._bytes >= BUFFER:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if self._waiting:
            rows, written = np.concatenate(self._waiting), len(self._dataset)
            self._dataset.resize(self._rows, axis=0)
            self._dataset[written:] = rows
            self._waiting, self._bytes = [], 0


def _dtype(array: Array) -> np.dtype | None:
    """What HDF5 has for an array's type; None where it has none, nothing is in the array, or it is not whole."""
    try:
        dtype = np.dtype(array.dtype)
    except TypeError:
        return None
    whole = array.data and min(array.shape, default=1) > 0 and len(array.data) == dtype.itemsize * prod(array.shape)
    return dtype if whole and dtype.kind in "biuf" and dtype.str == array.dtype else None


def _free(file: h5py.File, name: str) -> str:
    """A name that is not taken: this one, or it with a number."""
    number = 1
    while (wish := name if number == 1 else f"{name}-{number}") in file:
        number += 1
    return wish


def _link(part: str) -> str:
    """A name as HDF5 and a person can have it in a path."""
    return re.sub(r"[^\w.+-]+", "_", part)[:80].strip(".") or "_"


def columns(names: Sequence[str], part: str) -> list[str]:
    """The metrics of `train` or `validation` among a table's columns."""
    return [name for name in names if name.startswith(f"{part}/")]
