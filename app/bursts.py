"""What is left of the events that came at once: what a window can show of them, however many there were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from ml.events import Log, Message, Metrics, Progress, Snapshot

MOST = {"block": 32, "epoch": 256, "Log": 20}
"""So many of a kind are shown thirty times a second; of more, the latest and some before it, evenly."""


def merged(events: Sequence[Message]) -> list[Message]:
    """The events in order, without those that a later one replaces: only the last progress, and the last snapshot of each type and name.

    Of more measurements and lines than `MOST` some are left out, in the case of lines with a line that says so.
    """
    last = {_key(event, position): position for position, event in enumerate(events)}
    found = [event for position, event in enumerate(events) if last[_key(event, position)] == position]
    counts = Counter(map(_kind, found))
    return found if all(counts[kind] <= most for kind, most in MOST.items()) else _thinned(found, counts)


def _thinned(events: list[Message], counts: Counter[str]) -> list[Message]:
    seen: Counter[str] = Counter()
    kept: list[Message] = []
    for event in events:
        kind = _kind(event)
        seen[kind] += 1
        most, count = MOST.get(kind, counts[kind]), counts[kind]
        if count <= most or seen[kind] * most // count > (seen[kind] - 1) * most // count:
            kept.append(event)
            if kind == "Log" and seen[kind] == count > most:
                kept.append(Log(f"{count - most:,} other lines came at the same time and are not shown."))
    return kept


def _kind(event: Message) -> str:
    return event.span if isinstance(event, Metrics) else type(event).__name__


def _key(event: Message, position: int) -> Hashable:
    if isinstance(event, Progress | Snapshot):
        return type(event), getattr(event, "name", "")
    return position
