"""Finding node types by name: the best first."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ml.ops.table import NODE_TYPES, NodeType


def find(query: str, types: Iterable[NodeType] | None = None, limit: int = 40) -> list[NodeType]:
    """The types that `query` may mean, the likeliest first; for nothing, the first of the table."""
    kinds = list(NODE_TYPES.values() if types is None else types)
    wanted = _plain(query)
    if not wanted:
        return kinds[:limit]
    ranked = [(rank, place, kind) for place, kind in enumerate(kinds) if (rank := _rank(wanted, kind)) is not None]
    return [kind for *_, kind in sorted(ranked, key=lambda entry: (_later(entry[2]) + entry[0], _later(entry[2]), len(entry[2].id), entry[1]))][:limit]


def _later(kind: NodeType) -> int:
    """How far an operation stands behind a layer that fits as well: `max pool` is MaxPooling2D before it is ops.max_pool."""
    return 2 if kind.id.startswith("ops.") else 0


def _rank(wanted: str, kind: NodeType) -> int | None:
    """How well a type fits, 0 the best, None not at all."""
    own = kind.id.removeprefix("ops.")
    name = _plain(own)
    if name == wanted:
        return 0
    aliases = [_plain(alias) for alias in kind.aliases]
    if wanted in aliases:
        return 1
    if name.startswith(wanted):
        return 2
    if any(_plain("".join(words)).startswith(wanted) for words in _tails(own)):
        return 3
    if any(alias.startswith(wanted) for alias in aliases):
        return 4
    if wanted in name:
        return 5
    if any(wanted in alias for alias in aliases):
        return 6
    return 7 if len(wanted) > 2 and _in_order(wanted, name) else None


def _tails(name: str) -> list[list[str]]:
    """`MaxPooling2D` from each of its words on: `Pooling2D`, `2D`."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|\d+D?|[a-z]+", name)
    return [words[index:] for index in range(1, len(words))]


def _plain(text: str) -> str:
    """Without case, spaces and dashes; signs like + stay."""
    return re.sub(r"[\s_.-]", "", text.lower()) or text.strip()


def _in_order(wanted: str, name: str) -> bool:
    letters = iter(name)
    return name[0] == wanted[0] and all(letter in letters for letter in wanted)
