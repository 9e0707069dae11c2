"""Ways out of a node's error that are worth a try, the likeliest first; whether one works is for the check to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ml.fixes import arguments, connecting, merging, reshaping
from ml.project.fixes import Fix
from ml.situation import Situation

_FINDERS: tuple[Callable[[Situation], Iterator[Fix]], ...] = (
    connecting.circles,
    connecting.sharing,
    arguments.values,
    connecting.missing,
    merging.concatenations,
    merging.merges,
    merging.products,
    reshaping.windows,
    reshaping.ranks,
    reshaping.targets,
    reshaping.orders,
    reshaping.openings,
    arguments.heads,
    arguments.spellings,
    connecting.keys,
    connecting.blocks,
)


def candidates(s: Situation) -> Iterator[Fix]:
    """Fixes to try, none of them twice."""
    seen: list[Fix] = []
    for find in _FINDERS:
        for fix in find(s):
            if fix not in seen:
                seen.append(fix)
                yield fix
