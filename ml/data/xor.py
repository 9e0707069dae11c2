"""Exclusive or: four clouds at the corners of a square, those across from each other of one class."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="xor",
    title="Exclusive or",
    family="Points in the plane",
    task="classification",
    kind="points",
    help="Four clouds at the corners of a square; a point is of the second class where its coordinates differ in sign. No straight line divides them.",
    origin="The problem by which M. Minsky and S. Papert, Perceptrons, 1969, showed what one layer can't do.",
    licence="Made by a formula",
    parameters=(
        Parameter("samples", "int", 400, minimum=20, maximum=100_000, help="How many points, in all four clouds together."),
        Parameter("noise", "float", 0.25, minimum=0, maximum=2, help="Deviation of the points from their corner; the corners lie at 1 and -1."),
        Parameter("seed", "int", 0, minimum=0, help="Which points are drawn."),
    ),
)


def spec(samples: int, noise: float, seed: int) -> Spec:
    return Spec((2,), classes=("same", "different"), features=("x", "y"))


def load(samples: int, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points (samples, 2), as many at each corner, and whether the signs of their corner differ."""
    random = np.random.default_rng(seed)
    corner = np.arange(samples) % 4
    signs = 2 * np.stack([corner // 2, corner % 2], axis=1) - 1
    x = signs + random.normal(0, noise, (samples, 2))
    return x.astype("float32"), (signs[:, 0] != signs[:, 1]).astype("int32")
