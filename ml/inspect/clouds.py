"""The Gaussian clouds that a closed form fitted to the classes of the data: their means, and the covariance that all of them share."""

from __future__ import annotations

import keras
import numpy as np

from ml.recipes.closed_form import ClosedForm

Clouds = tuple[np.ndarray, np.ndarray]
"""Means (classes, columns) and covariance (columns, columns)."""


def is_of_data(model: keras.Model) -> bool:
    """Whether what the last Dense layer of a model gets are the columns of the data themselves."""
    *before, last = model.layers
    return isinstance(last, keras.layers.Dense) and all(isinstance(layer, keras.layers.InputLayer | keras.layers.Flatten) for layer in before)


def of_sums(trainer: ClosedForm) -> Clouds | None:
    """What a trainer has fitted to all samples that it has seen so far; None where it has seen none of some class."""
    seen, t, ht, hh = (keras.ops.convert_to_numpy(each) for each in (trainer.seen, trainer.sum_t, trainer.sum_ht, trainer.sum_hh))
    if not t.all():
        return None
    means = ht / t
    return means.T, hh / seen - (means * t / seen) @ means.T


def of_samples(x: np.ndarray, y: np.ndarray, classes: int) -> Clouds:
    """What would be fitted to samples (n, columns) with labels (n,)."""
    means = np.stack([x[y == label].mean(axis=0) for label in range(classes)])
    apart = x - means[y]
    return means, apart.T @ apart / len(x)
