"""Measurements in the order in which they came, in room that doesn't grow with the run."""

from __future__ import annotations

import numpy as np

MOST = 1 << 12
"""How many are kept. When there are more, of each four the least and the greatest stay, so that a week takes no more memory than an hour."""
FIRST = 1 << 6
"""For how many there is room at first, where nobody says how many there will be."""


class Points:
    """Columns of numbers; the last row of them are the values, the rows before it say where each was measured."""

    def __init__(self, rows: int, room: int = FIRST) -> None:
        """`room` is for how many there is room at once: with `MOST` memory never grows, and of many short ones it is wasted."""
        self._table = np.full((rows, room), np.nan)
        self._size = 0
        self.taken = 0
        """How often there was something new."""

    def __len__(self) -> int:
        return self._size

    @property
    def table(self) -> np.ndarray:
        """(rows, points). It changes with the next `append`."""
        return self._table[:, : self._size]

    def append(self, *column: float) -> bool:
        """Add a column; whether others went for it."""
        if thin := self._size == MOST:
            self._thin()
        elif self._size == self._table.shape[1]:
            self._table = np.concatenate([self._table, np.full_like(self._table, np.nan)], axis=1)
        self._table[:, self._size] = column
        self._size += 1
        self.taken += 1
        return thin

    def pop(self) -> None:
        """Take the last column away."""
        self._size -= 1

    def _thin(self) -> None:
        fours = self._table[-1].reshape(-1, 4)
        least = np.where(np.isnan(fours), np.inf, fours).argmin(axis=1)
        greatest = 3 - np.where(np.isnan(fours), -np.inf, fours)[:, ::-1].argmax(axis=1)  # both ends of four that are equal
        alone = least == greatest  # a number among three that are none
        kept = np.sort(np.stack([np.where(alone & (least == 3), 0, least), np.where(alone, 3, greatest)]), axis=0)
        index = (kept + 4 * np.arange(len(fours))).T.reshape(-1)
        self._table[:, : len(index)] = self._table[:, index]
        self._size = len(index)
