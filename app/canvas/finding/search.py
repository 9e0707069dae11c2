"""Finding node types by name, by what fits and by what was used last: the best first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from app.canvas.finding import suggest
from app.canvas.finding.suggest import Source
from ml.ops.table import NODE_TYPES, NodeType

MISFIT = 2.0
"""How far a type stands back that can't take what would feed it, unless its whole name was typed."""
AGAIN = 3
"""How many types used last come before what is usual."""


def find(query: str, types: Iterable[NodeType] | None = None, limit: int = 40, source: Source | None = None, recent: Sequence[str] = ()) -> list[NodeType]:
    """The types that `query` may mean, the likeliest first; for nothing, those used last, what usually follows `source`, then the table.

    `source` is what would feed the new node, `recent` the ids of the types used last, the latest first.
    """
    kinds = list(NODE_TYPES.values() if types is None else types)
    wanted = _plain(query)
    if not wanted:
        return _offered(kinds, source, recent)[:limit]
    ranked = []
    for place, kind in enumerate(kinds):
        if (rank := _rank(wanted, kind)) is not None:
            score = _later(kind) + rank + (MISFIT if rank and source and not suggest.fits(kind, source) else 0) - _recent(kind, recent)
            ranked.append((score, _later(kind), len(kind.id), place, kind))
    return [entry[-1] for entry in sorted(ranked, key=lambda entry: entry[:-1])][:limit]


def _offered(kinds: Sequence[NodeType], source: Source | None, recent: Sequence[str]) -> list[NodeType]:
    """What to choose from before anything is typed; what can't take the source comes last."""
    known = {kind.id: kind for kind in kinds}
    again = [id for id in recent if id in known and (source is None or suggest.fits(known[id], source))][:AGAIN]
    order = [*again, *(id for id in (suggest.usual(source) if source else ()) if id in known), *known]
    found = [known[id] for id in dict.fromkeys(order)]
    return found if source is None else sorted(found, key=lambda kind: not suggest.fits(kind, source))


def _recent(kind: NodeType, recent: Sequence[str]) -> float:
    """How far a type comes forward that was used lately: at most half a step of how well its name fits."""
    return 0.5 - recent.index(kind.id) / (2 * len(recent)) if kind.id in recent else 0.0


def _later(kind: NodeType) -> int:
    """How far an operation stands behind a layer that fits as well: `max pool` is MaxPooling2D before it is ops.max_pool."""
    return 2 if kind.id.startswith("ops.") else 0


def _rank(wanted: str, kind: NodeType) -> int | None:
    """How well a type fits, 0 the best, None not at all."""
    own = kind.id.removeprefix("ops.").removeprefix("block:")
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
