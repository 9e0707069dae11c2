"""Where each word of an answer comes from, in a model that can generate it or copy it from what it has read."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from ml.data.dataset import Dataset
from ml.events import Array, AttentionLayer

JOINED = ("Concatenate", "ops.concatenate", "ops.stack")
"""What such weights are put together by: that of generating a word, then those of copying each word of the source. Together they are 1."""
GENERATE = "generate"
"""What the first weight is called."""


def found(results: dict[str, list[Any]], dataset: Dataset) -> dict[str, tf.Tensor]:
    """Of the outputs by path those that have the shape of such weights: (1, what is written, what is read + 1)."""
    size = (1, dataset.y.shape[1] - 1, dataset.shape[0] + 1)
    return {path: tf.cast(outputs[-1], tf.float32) for path, outputs in results.items() if outputs[-1].shape == size}


def layer(path: str, weights: np.ndarray, source: np.ndarray, target: np.ndarray, dataset: Dataset) -> AttentionLayer | None:
    """The weights (1, written, read + 1) of a sample without its padding, or None where they don't add up to 1 and so are something else."""
    if not np.allclose(weights.sum(axis=-1), 1, atol=1e-3):
        return None
    written, read = np.count_nonzero(target) - 1, np.count_nonzero(source)
    keys = (GENERATE, *(dataset.tokens[token] for token in source[:read]))
    return AttentionLayer(path, Array.of(weights[:, :written, : read + 1]), keys)
