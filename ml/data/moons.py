"""Two moons: points on two half circles that reach into each other."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="moons",
    title="Two moons",
    family="Points in the plane",
    task="classification",
    kind="points",
    help="Two half circles that reach into each other: the smallest data that no straight line divides.",
    origin="scikit-learn's make_moons.",
    licence="Made by a formula",
    parameters=(
        Parameter("samples", "int", 1000, minimum=20, maximum=100_000, help="How many points."),
        Parameter("noise", "float", 0.15, minimum=0, maximum=2, help="Deviation of the Gaussian noise on each coordinate."),
        Parameter("seed", "int", 0, minimum=0, help="Which points are drawn."),
    ),
)


def spec(samples: int, noise: float, seed: int) -> Spec:
    return Spec((2,), classes=("upper", "lower"), features=("x", "y"))


def load(samples: int, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points (samples, 2), and which moon each is on."""
    from sklearn.datasets import make_moons

    x, y = make_moons(samples, noise=noise, random_state=seed)
    return np.asarray(x, "float32"), np.asarray(y, "int32")
