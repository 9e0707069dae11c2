"""The Mackey-Glass equation: a chaotic series from one delay."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="mackey_glass",
    title="Mackey-Glass series",
    family="Series",
    task="regression",
    kind="series",
    help="How many blood cells there are, where new ones come with a delay. From a delay of 17 it is chaos: next to exact for a while, then unknowable.",
    origin="M. C. Mackey and L. Glass, Oscillation and chaos in physiological control systems, Science, 1977; dx/dt = 0.2 x(t-d) / (1 + x(t-d)^10) - 0.1 x.",
    licence="Made by a formula",
    parameters=(
        Parameter("samples", "int", 3000, minimum=20, maximum=20_000, help="How many pieces; each begins one time unit after the one before."),
        Parameter("context", "int", 100, minimum=2, maximum=1000, help="How many values are in a piece."),
        Parameter("delay", "int", 17, minimum=1, maximum=100, help="How late new cells come. 17 and above: chaos; small: a plain oscillation, or rest."),
        Parameter("seed", "int", 0, minimum=0, help="Where the series begins."),
    ),
)
STEPS = 10
"""Steps of the integration in one unit of time."""
SETTLING = 300
"""Units of time that go by before the first value."""


def spec(samples: int, context: int, delay: int, seed: int) -> Spec:
    return Spec((context, 1), features=("value",))


def load(samples: int, context: int, delay: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pieces (samples, context, 1) of x - 1, and the value after each (samples, 1)."""
    units = samples + context + SETTLING
    lag = delay * STEPS
    x = np.full(lag + units * STEPS, 1.2)
    x[:lag] += 0.2 * (np.random.default_rng(seed).random(lag) - 0.5)
    past = x.tolist()  # of plain numbers, for this is a loop
    for step in range(lag, len(past)):
        late = past[step - lag]
        past[step] = past[step - 1] + (0.2 * late / (1 + late**10) - 0.1 * past[step - 1]) / STEPS
    series = np.array(past[lag + SETTLING * STEPS :: STEPS]) - 1
    rows = np.lib.stride_tricks.sliding_window_view(series, context + 1).astype("float32")
    return rows[:, :-1, np.newaxis].copy(), rows[:, -1:].copy()
