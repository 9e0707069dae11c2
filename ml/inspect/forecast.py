"""How a model goes on with a series by itself: what it said is given back to it as if it had been seen, again and again (a free-running forecast)."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from ml.build import Built
from ml.data.dataset import Dataset
from ml.events import Array, Forecast
from ml.inspect.said import answers
from ml.project.project import Project

STEPS = 1000
"""How many values are foretold at the most."""
FEWEST = 20
"""With fewer to compare with there is nothing to see."""


class ForecastLens:
    """Begins where the longest stretch of the validation part begins; of a model that says anything else than the next value it sees nothing."""

    def __init__(self, project: Project, built: dict[str, Built], dataset: Dataset) -> None:
        x, y = dataset.part(dataset.watched) if dataset.kind == "series" else (np.empty(0), np.empty(0))
        stretch = longest_stretch(x, y)
        self._right = y[stretch][:STEPS].reshape(-1).astype("float32")
        self._makes_sense = len(self._right) >= FEWEST and [*answers(project, built, dataset)] == ["model"]
        if not self._makes_sense:
            return
        self._begin = x[stretch][:1]
        model = built["model"].model
        steps = tf.range(len(self._right))

        def further(series: tf.Tensor, _: tf.Tensor) -> tf.Tensor:
            return tf.concat([series[:, 1:], tf.cast(model(series, training=False), series.dtype)[:, tf.newaxis]], axis=1)

        self._go_on = tf.function(lambda series: tf.scan(further, steps, series)[:, 0, -1, 0], autograph=False)

    def read(self, step: int) -> Forecast | None:
        """What the model says comes next, and next, and next."""
        if not self._makes_sense:
            return None
        said = self._go_on(tf.constant(self._begin)).numpy()
        return Forecast(step, Array.of(self._begin[0, :, 0]), Array.of(said), Array.of(self._right))


def longest_stretch(x: np.ndarray, y: np.ndarray) -> slice:
    """Where pieces (n, time, 1) and the value (n, 1) after each are of one series, each a step after the one before; of others nowhere."""
    if x.ndim != 3 or not x.shape[2:] == y.shape[1:] == (1,):
        return slice(0)
    ends = [*(np.flatnonzero((x[1:, -1] != y[:-1])[:, 0]) + 1), len(x)]
    first, last = max(zip([0, *ends], ends, strict=False), key=lambda pair: pair[1] - pair[0])
    return slice(first, last)
