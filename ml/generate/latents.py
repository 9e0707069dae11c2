"""Places in a latent space: drawn from a Gaussian, and between two of them.

Draws of a Gaussian all lie about as far from the middle. A straight line between two passes nearer to it, where a model has
learned little, so the way between them follows the sphere: the direction turns evenly while the length goes evenly from one
to the other (T. White, Sampling Generative Networks, 2016).
"""

from __future__ import annotations

import numpy as np


def noise(n: int, size: int, seed: int) -> np.ndarray:
    """(n, size) of float32 from the standard Gaussian."""
    return np.random.default_rng(seed).standard_normal((n, size)).astype("float32")


def interpolate(first: np.ndarray, last: np.ndarray, n: int) -> np.ndarray:
    """`n` places (n, size) on the way from one (size,) to another, both included. Opposite and parallel ones are joined by a straight line."""
    part = np.linspace(0, 1, n)[:, np.newaxis]
    lengths = np.linalg.norm(first), np.linalg.norm(last)
    cosine = float(first @ last / max(lengths[0] * lengths[1], 1e-12))
    if min(lengths) == 0 or abs(cosine) > 1 - 1e-6:
        return ((1 - part) * first + part * last).astype("float32")
    angle = np.arccos(cosine)
    turned = (np.sin((1 - part) * angle) * first / lengths[0] + np.sin(part * angle) * last / lengths[1]) / np.sin(angle)
    return (turned * ((1 - part) * lengths[0] + part * lengths[1])).astype("float32")
