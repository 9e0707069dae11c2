"""Spirals: points on arms that wind around each other."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="spirals",
    title="Spirals",
    family="Points in the plane",
    task="classification",
    kind="points",
    help="Arms that wind around each other. Hard for shallow networks: the border has to wind as well.",
    origin="After K. J. Lang and M. J. Witbrock, Learning to tell two spirals apart, 1988.",
    licence="Made by a formula",
    parameters=(
        Parameter("samples", "int", 1000, minimum=20, maximum=100_000, help="How many points, on all arms together."),
        Parameter("arms", "int", 2, minimum=2, maximum=10, help="How many arms, each a class."),
        Parameter("turns", "float", 1.5, minimum=0.1, maximum=10, help="How often an arm goes around."),
        Parameter("noise", "float", 0.02, minimum=0, maximum=1, help="Deviation of the Gaussian noise on each coordinate; the arms reach from 0 to 1."),
        Parameter("seed", "int", 0, minimum=0, help="Which points are drawn."),
    ),
)


def spec(samples: int, arms: int, turns: float, noise: float, seed: int) -> Spec:
    return Spec((2,), classes=tuple(f"arm {arm + 1}" for arm in range(arms)), features=("x", "y"))


def load(samples: int, arms: int, turns: float, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points (samples, 2), evenly spread along arms that reach from 0 to 1, and which arm each is on."""
    random = np.random.default_rng(seed)
    y = np.arange(samples) % arms
    radius = np.sqrt(random.uniform(0.01, 1, samples))
    angle = 2 * np.pi * (turns * radius + y / arms)
    x = radius[:, np.newaxis] * np.stack([np.cos(angle), np.sin(angle)], axis=1) + random.normal(0, noise, (samples, 2))
    return x.astype("float32"), y.astype("int32")
