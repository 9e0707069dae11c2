"""When it is time to look at a model that trains."""

from __future__ import annotations

import time

LOOKING_SHARE = 0.05
"""At most this part of the time goes into each kind of looking."""


class Clock:
    """Says when it is time to look again, so seldom that looking stays a small part of the time.

    A look costs what the cheaper of the last two took: the first one traces what it calls, and now and then the machine is busy with something else.
    """

    def __init__(self, seconds: float, part: float = 1.0) -> None:
        """At most every so many `seconds`, and for at most this `part` of `LOOKING_SHARE`."""
        self._seconds = seconds
        self._part = part
        self._next = 0.0
        self._began = 0.0
        self._took = 0.0

    def due(self) -> bool:
        return time.perf_counter() >= self._next

    def reset(self) -> None:
        """Make it due now."""
        self._next = 0.0

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        now = time.perf_counter()
        before, self._took = self._took, now - self._began
        self._next = now + max(self._seconds, min(before, self._took) / (LOOKING_SHARE * self._part))
