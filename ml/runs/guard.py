"""What an archive may hold, looked at in its headers before anything of it is read.

HDF5 can point into other files, declare more than is there, and name filters that are loaded from libraries: an archive has no use for any of that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import h5py
import numpy as np

MOST_OBJECTS, DEEPEST = 100_000, 12
LARGEST_CHUNK = 16 * 1024 * 1024
LARGEST_ATTRIBUTE = 1024
LONGEST_TEXT = 64 * 1024 * 1024
MOST_TO_ONE = 1100
"""How many bytes one stored byte may become; deflate makes at most 1,032 of it."""
ROOM = 1024 * 1024
"""Bytes that a dataset may declare beyond that."""
FILTERS = (h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE)


class Unfit(Exception):
    """Why a file is not what an archive is, as the end of a sentence."""


def check(file: h5py.File, most: int) -> int:
    """Look at every object of a file, which may come to `most` bytes in all; to how many it does. Raises `Unfit`."""
    total = sum(_size(dataset) for dataset in _datasets(file))
    if total > most:
        raise Unfit(f"it needs {total / 1e9:,.1f} GB of disk, and {most / 1e9:,.1f} GB are free")
    return total


def attribute(thing: h5py.Group | h5py.Dataset, name: str) -> Any:
    """A short attribute: bytes or a number. Raises `Unfit` where it is not there, or something else."""
    key = name.encode()
    if not h5py.h5a.exists(thing.id, key):
        raise Unfit(f"{thing.name} does not say its {name}")
    found = h5py.h5a.open(thing.id, key)
    if found.get_storage_size() > LARGEST_ATTRIBUTE or found.dtype.kind not in "Sbiu" or found.shape != ():
        raise Unfit(f"the {name} of {thing.name} is not what it should be")
    return thing.attrs[name]


def _datasets(group: h5py.Group) -> Iterator[h5py.Dataset]:
    """Every dataset, reached by plain links alone and each once."""
    waiting, seen = [(group, 0)], set()
    while waiting:
        inside, depth = waiting.pop()
        for name in inside:
            if not isinstance(inside.get(name, getlink=True), h5py.HardLink):
                raise Unfit(f"{inside.name} has a link to elsewhere, {name!r}")
            thing = inside[name]
            address = h5py.h5o.get_info(thing.id).addr
            if address in seen or len(seen) >= MOST_OBJECTS or depth >= DEEPEST:
                raise Unfit(f"{name!r} in {inside.name} is there twice, too deep, or one of more than {MOST_OBJECTS:,} objects")
            seen.add(address)
            if isinstance(thing, h5py.Dataset):
                yield thing
            elif isinstance(thing, h5py.Group):
                waiting.append((thing, depth + 1))
            else:
                raise Unfit(f"{name!r} in {inside.name} is neither a group nor a dataset")


def _size(dataset: h5py.Dataset) -> int:
    """How many bytes it comes to. Raises `Unfit` where it is none of ours."""
    properties = dataset.id.get_create_plist()
    if dataset.is_virtual or dataset.external or not _is_plain(dataset.dtype) or dataset.shape is None:
        raise Unfit(f"{dataset.name} takes what it holds from elsewhere, or holds what is no number")
    if any(properties.get_filter(n)[0] not in FILTERS for n in range(properties.get_nfilters())):
        raise Unfit(f"{dataset.name} is compressed in a way that an archive does not use")
    if dataset.chunks and int(np.prod(dataset.chunks, dtype=object)) * dataset.dtype.itemsize > LARGEST_CHUNK:
        raise Unfit(f"{dataset.name} has chunks of more than {LARGEST_CHUNK // 1024**2} MB")
    size = int(np.prod(dataset.shape, dtype=object)) * dataset.dtype.itemsize
    if size > dataset.id.get_storage_size() * MOST_TO_ONE + ROOM:
        raise Unfit(f"{dataset.name} declares {size:,} bytes and holds {dataset.id.get_storage_size():,}")
    return size


def _is_plain(dtype: np.dtype) -> bool:
    """Whether it is a number, or a row of 64-bit numbers."""
    if dtype.names is None:
        return dtype.kind in "biuf" and h5py.check_dtype(ref=dtype) is None and dtype.subdtype is None
    return all(dtype[name] in (np.dtype("<i8"), np.dtype("<f8")) for name in dtype.names)
