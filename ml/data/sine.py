"""Sine waves: what comes next in a sum of two of them."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="sine",
    title="Sine waves",
    family="Series",
    task="regression",
    kind="series",
    help="A piece of a sum of two sine waves with a little noise: say the next value. One value does not tell it; what came before has to be remembered.",
    origin="Made here",
    licence="Made by a formula",
    parameters=(
        Parameter("samples", "int", 2000, minimum=20, maximum=100_000, help="How many pieces; each begins one step after the one before."),
        Parameter("context", "int", 32, minimum=2, maximum=1000, help="How many values are in a piece."),
        Parameter("period", "float", 16.0, minimum=2, help="Steps that the faster wave takes to come back; the slower one takes 2.7 times as many."),
        Parameter("noise", "float", 0.05, minimum=0, maximum=1, help="Deviation of the Gaussian noise on each value; the waves reach from -1 to 1."),
        Parameter("seed", "int", 0, minimum=0, help="Which noise is drawn."),
    ),
)


def spec(samples: int, context: int, period: float, noise: float, seed: int) -> Spec:
    return Spec((context, 1), features=("value",))


def load(samples: int, context: int, period: float, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pieces (samples, context, 1), and the value after each (samples, 1)."""
    time = np.arange(samples + context)
    waves = (np.sin(2 * np.pi * time / period) + np.sin(2 * np.pi * time / (2.7 * period))) / 2
    series = waves + np.random.default_rng(seed).normal(0, noise, len(time))
    rows = np.lib.stride_tricks.sliding_window_view(series, context + 1).astype("float32")
    return rows[:, :-1, np.newaxis].copy(), rows[:, -1:].copy()
