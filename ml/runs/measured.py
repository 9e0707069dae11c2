"""What a run measured, read from its record bit by bit and kept as columns; and what is drawn of a column."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ml.events import Metrics
from ml.project.files import FileProblem
from ml.runs import Run
from ml.runs.points import Points
from ml.runs.record import read_measurements
from ml.runs.summary import RISING

STEP, EPOCH, TIME = "step", "epoch", "time"
TRAIN, VALIDATION = "train", "validation"
LOG_RANGE = 200.0
"""How far powers of a weight may go, as a natural logarithm."""
LONGEST_GAP = 60.0
"""Seconds between two measurements, at the most, that count as training; the rest of a longer gap is a pause, or an interruption."""

Key = tuple[str, str]
"""A metric, and `TRAIN` or `VALIDATION`."""


class Column:
    """The values of one metric, and where each was measured."""

    def __init__(self) -> None:
        self._by_step, self._by_epoch = Points(3), Points(2)

    def append(self, step: int, epoch: int, seconds: float, value: float, by_step: bool, by_epoch: bool) -> None:
        """Add a value that belongs to the curve over steps and time, to that over epochs, or to both."""
        if by_step:
            self._by_step.append(step, seconds, value)
        if by_epoch:
            self._by_epoch.append(epoch, value)

    def taken(self, axis: str) -> int:
        """How many values came for a curve; of very many not all are kept."""
        return self._over(axis).taken

    def over(self, axis: str) -> tuple[np.ndarray, np.ndarray]:
        """(points,) each: where, and the values."""
        table = self._over(axis).table
        return table[1 if axis == TIME else 0].copy(), table[-1].copy()

    def _over(self, axis: str) -> Points:
        return self._by_epoch if axis == EPOCH else self._by_step


class Measured:
    """One run's columns. `read` goes on where it ended the last time."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.problem = ""
        """Why it can't be read, as a sentence, or nothing."""
        self._begin()

    def _begin(self) -> None:
        self.columns: dict[Key, Column] = {}
        self._last, self._at, self._seconds = 0, 0.0, 0.0
        self._block = False
        """Whether a block of the present epoch was measured."""

    def read(self, most: int) -> int:
        """Take in so many further events at most; how many there were. Of a run that can't be read there are none, and `problem` says why."""
        try:
            found = read_measurements(Run(Path(self.folder)).record, max(0, self._last - 1), most + 1)
        except FileProblem as problem:
            self.problem = str(problem)
            return 0
        self.problem = ""
        if self._last:
            if not found or found[0][:2] != (self._last, self._at):  # it went on from a checkpoint, and what came after that never was
                self._begin()
                return self.read(most)
            found = found[1:]
        for number, at, metrics in found[:most]:
            if self._last:
                self._seconds += min(max(at - self._at, 0.0), LONGEST_GAP)
            self._last, self._at = number, at
            self._take(metrics)
        return min(len(found), most)

    def _take(self, metrics: Metrics) -> None:
        """An epoch's mean would lie among its blocks: over steps it stands only where there are none."""
        whole = metrics.span == "epoch"
        for name, value in metrics.train.items():
            self._column(name, TRAIN).append(metrics.step, metrics.epoch, self._seconds, value, not whole or not self._block, whole)
        for name, value in metrics.validation.items():
            self._column(name, VALIDATION).append(metrics.step, metrics.epoch, self._seconds, value, True, True)
        self._block = not whole

    def _column(self, name: str, part: str) -> Column:
        return self.columns.setdefault((name, part), Column())


class Point(NamedTuple):
    """A place on a curve."""

    at: int
    """Which of its points."""
    distance: float
    """From where it was looked for, in pixels."""


def smoothed(values: np.ndarray, weight: float) -> np.ndarray:
    """(points,): the moving mean to which each new value adds 1 - `weight` of itself, corrected for its start at 0 as in Adam (arXiv 1412.6980)."""
    if not weight or not len(values):
        return values
    finite = np.isfinite(values)
    mean, total = _moving(np.where(finite, values, 0.0), weight), _moving(finite.astype(float), weight)
    return np.divide(mean, total, out=np.full(len(values), np.nan), where=total > 0)


def _moving(values: np.ndarray, weight: float) -> np.ndarray:
    """m[t] = weight m[t-1] + (1 - weight) v[t], in stretches so short that no power of the weight leaves the range of numbers."""
    size = max(1, int(-LOG_RANGE / np.log(weight)))
    powers = weight ** np.arange(1, min(size, len(values)) + 1)
    found, mean = np.empty(len(values)), 0.0
    for start in range(0, len(values), size):
        part = values[start : start + size]
        scale = powers[: len(part)]
        found[start : start + size] = scale * (mean + (1 - weight) * np.cumsum(part / scale))
        mean = found[start + len(part) - 1]
    return found


def thinned(x: np.ndarray, y: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """At most about so many points that look the same: of each bucket the least and the greatest, in their order."""
    size = -(-2 * len(x) // most)
    if size <= 2:
        return x, y
    whole = len(x) // size * size
    buckets = np.where(np.isfinite(y[:whole]), y[:whole], np.inf).reshape(-1, size)
    low = buckets.argmin(axis=1)
    high = np.where(np.isinf(buckets), -np.inf, buckets).argmax(axis=1)
    kept = np.sort(np.stack([low, high]), axis=0) + size * np.arange(len(buckets))
    index = np.concatenate([kept.T.reshape(-1), np.arange(whole, len(x))])
    return x[index], y[index]


def within(x: np.ndarray, y: np.ndarray, left: float, right: float) -> tuple[np.ndarray, np.ndarray]:
    """The points of an increasing `x` from `left` to `right`, and one more on each side."""
    first, last = max(0, int(np.searchsorted(x, left)) - 1), int(np.searchsorted(x, right, side="right")) + 1
    return x[first:last], y[first:last]


def nearest(x: np.ndarray, y: np.ndarray, place: tuple[float, float], scale: tuple[float, float]) -> Point | None:
    """The point of a curve at the end of the line that is nearest to a place, where `scale` is how many pixels one unit has
    across and down; None of no curve.
    """
    across, down = (x - place[0]) * scale[0], (y - place[1]) * scale[1]
    distances = np.hypot(across, down)
    if not np.isfinite(distances).any():
        return None
    index = int(np.nanargmin(distances))
    point = Point(index, float(distances[index]))
    if len(x) == 1:
        return point
    step_across, step_down = np.diff(across), np.diff(down)
    length = step_across**2 + step_down**2
    along = np.divide(-(across[:-1] * step_across + down[:-1] * step_down), length, out=np.zeros(len(length)), where=length > 0).clip(0, 1)
    lines = np.hypot(across[:-1] + along * step_across, down[:-1] + along * step_down)
    if not np.isfinite(lines).any():
        return point
    line = int(np.nanargmin(lines))
    return Point(line + int(along[line] > 0.5), float(lines[line])) if lines[line] < point.distance else point


def best(name: str, values: np.ndarray) -> int | None:
    """Where a metric is best: at its greatest where it is an accuracy or the like, else at its least. None where nothing is finite."""
    if not np.isfinite(values).any():
        return None
    rising = any(word in name for word in RISING)
    return int(np.nanargmax(np.where(np.isfinite(values), values, np.nan)) if rising else np.nanargmin(values))
