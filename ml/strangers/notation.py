"""JSON from strangers: read only where it is not too long, too deep or too full, and where no key stands twice."""

from __future__ import annotations

import json
import re
from typing import Any

from ml.strangers import ImportProblem

MOST_BYTES = 32 * 2**20
"""A thousand layers take about one MiB."""
MOST_DEPTH = 200
"""Of lists and objects in each other. A block in a block takes five."""
MOST_VALUES = 4_000_000
"""So many numbers take about 250 MB once they are read."""
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\Z)|[\[{]+|[\]}]+', re.DOTALL)
"""A text, opening brackets, or closing ones. A text that never ends goes to the end, so that none is searched twice."""


def decode(data: bytes, name: str) -> dict[str, Any]:
    """The object that stands in `data`. Raises `ImportProblem` with a sentence about `name`."""
    if len(data) > MOST_BYTES:
        raise ImportProblem(f"{name} has {len(data) / 2**20:,.0f} MiB: no model needs that.")
    if sum(data.count(mark) for mark in (b",", b"[", b"{")) > MOST_VALUES:
        raise ImportProblem(f"{name} holds more than {MOST_VALUES:,} values: no model needs that.")
    _check_depth(data, name)
    try:
        value = json.loads(data, object_pairs_hook=_without_duplicates)
    except RecursionError as error:
        raise ImportProblem(f"{name} is too deeply nested.") from error
    except ValueError as error:
        raise ImportProblem(f"{name} is not as Keras writes it: {error}.") from error
    if not isinstance(value, dict):
        raise ImportProblem(f"{name} is not as Keras writes it: it should be an object.")
    return value


def _check_depth(data: bytes, name: str) -> None:
    depth = 0
    for found in _BRACKETS.finditer(data):
        first, length = data[found.start()], found.end() - found.start()
        depth += length if first in b"[{" else -length if first in b"]}" else 0
        if depth > MOST_DEPTH:
            raise ImportProblem(f"{name} is too deeply nested.")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found
