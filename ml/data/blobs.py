"""Blobs: round clouds of points, a class each."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="blobs",
    title="Blobs",
    family="Points in the plane",
    task="classification",
    kind="points",
    help="Round clouds of points around the corners of a regular figure. Small clouds can be parted by straight lines, large ones reach into each other.",
    origin="scikit-learn's make_blobs.",
    licence="Made by a formula",
    parameters=(
        Parameter("samples", "int", 400, minimum=20, maximum=100_000, help="How many points, in all clouds together."),
        Parameter("centers", "int", 2, minimum=2, maximum=10, help="How many clouds, each a class, evenly spaced around a circle of radius 2."),
        Parameter("cluster_std", "float", 0.6, minimum=0, maximum=10, help="Deviation of the points from the centre of their cloud."),
        Parameter("seed", "int", 0, minimum=0, help="Which points are drawn, and how the circle is turned."),
    ),
)


def spec(samples: int, centers: int, cluster_std: float, seed: int) -> Spec:
    return Spec((2,), classes=tuple(f"cloud {cloud + 1}" for cloud in range(centers)), features=("x", "y"))


def load(samples: int, centers: int, cluster_std: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points (samples, 2), and which cloud each belongs to."""
    from sklearn.datasets import make_blobs

    angle = 2 * np.pi * (np.random.default_rng(seed).random() + np.arange(centers) / centers)
    middles = 2 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x, y, *_ = make_blobs(samples, centers=middles, cluster_std=cluster_std, random_state=seed)
    return np.asarray(x, "float32"), np.asarray(y, "int32")
