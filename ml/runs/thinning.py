"""Which of a run's events go on record: all that tells, and so few that a week stays below a gigabyte and its film covers all of it.

Measurements come at most once a second, and after half a day with gaps that grow with the run. Snapshots (pictures, attention, texts, layers) come as often as
they are made while a run is young; later a hundredth and a half of its steps lies between two of them, and of those that are there the ones go that leave
the evenest film, the beginning twenty times as dense as the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

import msgspec
import numpy as np

from ml.events import Done, Failed, Log, Message, Metrics, Progress, Snapshot

SNAPSHOTS: tuple[str, ...] = tuple(type.__name__ for type in get_args(Snapshot))
"""The types of events of which a run's film is made."""
SECONDS = 1.0
HALF_A_DAY = 50_000.0
"""Seconds after which the gaps between measurements grow."""
FREE = {"epoch": 20_000, "Log": 10_000}
"""So many of these are recorded however fast they come."""
MOST, FEWEST = 240, 12
"""Snapshots of one type."""
ROOM = 64 * 1024**2
"""Bytes for the snapshots of one type, where they are not so large that `FEWEST` need more."""
BEGINNING = 20
"""How many times as dense as at its end a film is at its beginning."""


class Thinning:
    """Takes every event of a run, in their order. `steps` are those of the snapshots that are on record already, by type."""

    def __init__(self, steps: Mapping[str, Sequence[int]] | None = None) -> None:
        self._steps: dict[str, list[int]] = {type: sorted(set((steps or {}).get(type, ()))) for type in SNAPSHOTS}
        self._most: dict[str, int] = dict.fromkeys(SNAPSHOTS, MOST)
        self._last: dict[str, float] = {}
        self._count: dict[str, int] = {}
        self._state = ""
        self._held: dict[tuple[str, str], Message] = {}

    def take(self, event: Message, seconds: float) -> list[Message]:
        """What to write now that this event came after `seconds` of training: it alone, nothing, or at the run's end also what was held back.

        That a job prepares itself tells nothing of the run, which may be far ahead of it, and over where it can't go on.
        """
        type = event.__class__.__name__
        if isinstance(event, Done | Failed):
            return [*self.rest(), event]
        if isinstance(event, Snapshot):
            return self._keep(event, (type, getattr(event, "name", "")), self._tells(type, event))
        if isinstance(event, Progress) and event.state == "preparing":
            return []
        if isinstance(event, Progress) and event.state != self._state:
            self._state = event.state
            self._last[type] = seconds
            return self._keep(event, (type, ""), True)
        if isinstance(event, Metrics | Progress | Log):
            kind = event.span if isinstance(event, Metrics) else type
            return self._keep(event, (kind, ""), self._is_time(kind, seconds))
        return [event]

    def surplus(self) -> dict[str, list[int]]:
        """The steps of snapshots, by type, that are to be forgotten: there are too many."""
        gone = {}
        for type, steps in self._steps.items():
            if len(steps) > self._most[type]:
                self._steps[type] = even(steps, max(2, self._most[type] * 2 // 3))
                gone[type] = sorted(set(steps) - set(self._steps[type]))
        return gone

    def rest(self) -> list[Message]:
        """The latest of each kind that was held back, in the order of their steps; it is no longer held then."""
        held, self._held = self._held, {}
        return sorted(held.values(), key=lambda event: getattr(event, "step", 0))

    def rewind(self, step: int) -> None:
        """The run goes on from a step: what came after it never was."""
        self._steps = {type: [each for each in steps if each <= step] for type, steps in self._steps.items()}
        self._held = {}

    def _keep(self, event: Message, kind: tuple[str, str], now: bool) -> list[Message]:
        if now:
            self._held.pop(kind, None)
            return [event]
        if kind[0] not in ("block", "Log"):  # of the others the latest counts
            self._held[kind] = event
        return []

    def _is_time(self, kind: str, seconds: float) -> bool:
        free = self._count.get(kind, 0) < FREE.get(kind, 0)
        if not free and seconds - self._last.get(kind, -SECONDS) < max(SECONDS, seconds / HALF_A_DAY):
            return False
        self._count[kind] = self._count.get(kind, 0) + 1
        self._last[kind] = seconds
        return True

    def _tells(self, type: str, event: Snapshot) -> bool:
        """Whether a snapshot is far enough from the last one; of one step all count."""
        steps = self._steps[type]
        last = steps[-1] if steps else -1
        if steps and last < event.step < last + end_gap(last, self._most[type]):
            return False
        if event.step != last:
            self._most[type] = int(min(MOST, max(FEWEST, ROOM // len(msgspec.msgpack.encode(event)))))
            steps.append(event.step)
        return True


def end_gap(step: int, count: int) -> float:
    """How many steps lie between the last two of `count` snapshots that `even` would choose of a run up to `step`."""
    return step * (1 + 1 / BEGINNING) * float(np.log1p(BEGINNING)) / count


def even(steps: Sequence[int], count: int) -> list[int]:
    """About `count` of these increasing steps, the first and the last among them, at the beginning `BEGINNING` times as dense as at the end."""
    offset = max(1.0, (steps[-1] - steps[0]) / BEGINNING)
    places = np.log1p((np.asarray(steps, float) - steps[0]) / offset)
    wanted = np.linspace(0, places[-1], count)
    right = np.clip(np.searchsorted(places, wanted), 1, len(steps) - 1)
    nearest = np.where(wanted - places[right - 1] < places[right] - wanted, right - 1, right)
    return [steps[index] for index in sorted(set(nearest.tolist()))]
