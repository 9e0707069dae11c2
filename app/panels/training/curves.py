"""What the plots draw: every measurement of a run, kept as points of curves."""

from __future__ import annotations

import numpy as np

from ml import events
from ml.runs.points import MOST, Points

STEP, EPOCH = "step", "epoch"
TRAIN, VALIDATION = "train", "validation"
RATE, SPEED = "learning rate", "steps/s"


class Curve:
    """Values over steps or epochs, in the order in which they came."""

    def __init__(self) -> None:
        self._points = Points(2, room=MOST)
        self._calm = np.full(MOST, np.nan)
        self._weight = 0.0
        self._smooth = 0
        """How many of the points are smoothed."""
        self._mean = 0.0
        self._total = 0.0

    def __len__(self) -> int:
        return len(self._points)

    @property
    def x(self) -> np.ndarray:
        """(points,)"""
        return self._points.table[0]

    @property
    def y(self) -> np.ndarray:
        """(points,)"""
        return self._points.table[1]

    def append(self, x: float, y: float) -> None:
        """Add a point; a second one at the same x takes its place."""
        if len(self) and self.x[-1] == x:
            self._points.pop()
            self._smooth = min(self._smooth, len(self)) if not self._weight else 0
        if self._points.append(x, y):
            self._smooth = 0

    def smoothed(self, weight: float) -> np.ndarray:
        """(points,): the moving mean to which each new value adds 1 - `weight` of itself, corrected for its start at 0 as in Adam (arXiv 1412.6980)."""
        if weight != self._weight or not self._smooth:
            self._weight, self._smooth, self._mean, self._total = weight, 0, 0.0, 0.0
        for index, value in enumerate(self.y[self._smooth :].tolist(), self._smooth):
            if value == value:
                self._mean = weight * self._mean + (1 - weight) * value
                self._total = weight * self._total + (1 - weight)
            self._calm[index] = self._mean / self._total if self._total else value
        self._smooth = len(self)
        return self._calm[: len(self)]

    def index_at(self, x: float) -> int | None:
        """Which point is the last one at or before `x`."""
        index = int(np.searchsorted(self.x, x, side="right")) - 1
        return index if index >= 0 else None


class History:
    """All curves of a run by (`STEP` or `EPOCH`, metric, `TRAIN` or `VALIDATION`)."""

    def __init__(self) -> None:
        self.curves: dict[tuple[str, str, str], Curve] = {}
        self._epochs = Curve()
        self._epoch_end = 0

    def add(self, metrics: events.Metrics) -> None:
        """Take in what was measured. An epoch so fast that no block of it was reported stands in for its blocks."""
        train = metrics.train | {name: x for name, x in ((RATE, metrics.learning_rate), (SPEED, metrics.steps_per_second)) if x > 0}
        for name, value in train.items():
            by_step = self._curve(STEP, name, TRAIN)
            if metrics.span == EPOCH:
                self._curve(EPOCH, name, TRAIN).append(metrics.epoch, value)
            if metrics.span != EPOCH or not len(by_step) or by_step.x[-1] <= self._epoch_end:
                by_step.append(metrics.step, value)
        for name, value in metrics.validation.items():
            self._curve(EPOCH, name, VALIDATION).append(metrics.epoch, value)
            self._curve(STEP, name, VALIDATION).append(metrics.step, value)
        if metrics.span == EPOCH:
            self._epoch_end = metrics.step
            self._epochs.append(metrics.step, metrics.epoch)

    def place(self, axis: str, step: int) -> float:
        """Where a step lies on an axis: at itself, or at the last epoch that was complete then."""
        if axis == STEP:
            return float(step)
        index = self._epochs.index_at(step)
        return 0.0 if index is None else float(self._epochs.y[index])

    def charts(self, axis: str) -> dict[str, list[tuple[str, str]]]:
        """The (metric, part) pairs of each chart: metrics with the same last word, as all losses, share one; learning rate and speed come last."""
        pairs = [(name, part) for curve_axis, name, part in self.curves if curve_axis == axis and name not in (RATE, SPEED)]
        groups: dict[str, list[tuple[str, str]]] = {}
        for name, part in sorted(pairs, key=lambda pair: not pair[0].endswith("loss")):
            groups.setdefault(name.rpartition("_")[2], []).append((name, part))
        charts = {(word if len({name for name, _ in group}) > 1 else group[0][0]): sorted(group) for word, group in groups.items()}
        return charts | {name: [(name, TRAIN)] for name in (RATE, SPEED) if (axis, name, TRAIN) in self.curves}

    def _curve(self, axis: str, name: str, part: str) -> Curve:
        return self.curves.setdefault((axis, name, part), Curve())
