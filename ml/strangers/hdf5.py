"""The HDF5 file of a model's weights as data: arrays of numbers that are really in it, and nothing that leads elsewhere."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import h5py

from ml.strangers import ImportProblem

MOST_OBJECTS = 20_000
MOST_DEPTH = 60
MOST_RATIO, FREE = 200, 2**16
"""How many times its bytes an array may declare, beside this many bytes that are always allowed: Keras does not compress at all."""
MOST_WHOLE, WHOLE_FREE = 20, 64 * 2**20
"""The same of all arrays together, measured against the file."""
MOST_ATTRIBUTES, MOST_ATTRIBUTE_BYTES = 1_000, 2**24
FILTERS = {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32, h5py.h5z.FILTER_LZF}
"""The ways of packing that are built in; others would have a library of somebody's loaded."""


def check(path: Path, name: str) -> int:
    """How many bytes the arrays of a file declare. Raises `ImportProblem`, which calls the file `name`."""
    try:
        with h5py.File(path, "r", locking=False) as file:
            return _Walk(name, MOST_WHOLE * path.stat().st_size + WHOLE_FREE).group(file, "", 0)
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, OverflowError, UnicodeError) as error:  # whatever h5py makes of a broken file
        raise ImportProblem(f"{name} is damaged: {error}.") from error


class _Walk:
    """One way through a file. Each object may be met once: a group that holds itself would never end."""

    def __init__(self, name: str, most: int) -> None:
        self.name = name
        self.most = most
        """How many bytes all arrays together may declare."""
        self.seen: set[Any] = set()
        self.listed = 0

    def group(self, group: Any, path: str, depth: int) -> int:
        """How many bytes the arrays in a group declare."""
        self._meet(group, path)
        if depth > MOST_DEPTH:
            raise ImportProblem(f"{self.name} is too deeply nested.")
        declared, self.listed = 0, self.listed + len(group)
        if self.listed > MOST_OBJECTS:
            raise ImportProblem(f"{self.name} holds more than {MOST_OBJECTS:,} groups and arrays: no model needs that.")
        for key in group:
            place = f"{path}/{key}".lstrip("/")
            link = group.get(key, getlink=True)
            if not isinstance(link, h5py.HardLink):
                kind = "another file" if isinstance(link, h5py.ExternalLink) else "another place"
                raise ImportProblem(f"{self.name} holds {place}, which is a link to {kind}: weights lie in the file itself.")
            thing = group[key]
            if isinstance(thing, h5py.Group):
                declared += self.group(thing, place, depth + 1)
            elif isinstance(thing, h5py.Dataset):
                declared += self._array(thing, place)
            else:
                raise ImportProblem(f"{self.name} holds {place}, which is no array of numbers.")
        return declared

    def _meet(self, thing: Any, path: str) -> None:
        place = h5py.h5o.get_info(thing.id).addr
        if place in self.seen:
            raise ImportProblem(f"{self.name} holds {path or 'its own beginning'} in two places, so that it never ends or is read twice.")
        self.seen.add(place)
        number = h5py.h5a.get_num_attrs(thing.id)
        sizes = (h5py.h5a.open(thing.id, index=index) for index in range(min(number, MOST_ATTRIBUTES)))
        if number > MOST_ATTRIBUTES or any(math.prod(each.shape) * each.get_type().get_size() > MOST_ATTRIBUTE_BYTES for each in sizes):
            raise ImportProblem(f"{self.name} notes more at {path or 'its beginning'} than any model needs.")

    def _array(self, data: Any, path: str) -> int:
        self._meet(data, path)
        plan = data.id.get_create_plist()
        if plan.get_external_count():
            raise ImportProblem(
                f"{self.name} takes {path} from another file ({plan.get_external(0)[0].decode(errors='replace')!r}): weights lie in the file itself."
            )
        if data.is_virtual:
            raise ImportProblem(f"{self.name} puts {path} together from other places: weights lie in the file itself.")
        if any(plan.get_filter(index)[0] not in FILTERS for index in range(plan.get_nfilters())):
            raise ImportProblem(f"{self.name} has {path} packed in a way that Keras never uses.")
        kind = data.id.get_type()
        if kind.get_class() not in (h5py.h5t.INTEGER, h5py.h5t.FLOAT, h5py.h5t.ENUM) and not (kind.get_class() == h5py.h5t.OPAQUE and kind.get_size() == 2):
            raise ImportProblem(f"{self.name} holds {path}, which is no array of numbers.")
        stored = data.id.get_storage_size()
        declared = max(math.prod(shape) * kind.get_size() for shape in (data.shape or (0,), data.chunks or (0,)))
        if declared > MOST_RATIO * stored + FREE:
            raise ImportProblem(f"{self.name}: {path} declares {_size(declared)} and has {_size(stored)}, so it is not what it says.")
        self.most -= declared
        if self.most < 0:
            raise ImportProblem(f"{self.name} declares far more weights than it has room for.")
        return declared


def _size(count: float) -> str:
    """So many bytes in words, with one digit behind the point."""
    for unit in ("bytes", "KiB", "MiB", "GiB", "TiB"):
        if count < 1024 or unit == "TiB":
            return f"{count:,.0f} {unit}" if unit == "bytes" else f"{count:,.1f} {unit}"
        count /= 1024
    raise AssertionError
