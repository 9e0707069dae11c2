"""Local response normalization, which Keras has no layer for, from stock operations: channels next to each other hold each other down."""

from __future__ import annotations

from ml.catalog.recorder import Input, Model, ops
from ml.project.graph import Graph

SIZE, ALPHA, BETA, K = 5, 1e-4, 0.75, 2.0
"""How many channels next to each other count, and the paper's three constants."""


def local_response_normalization() -> Graph:
    """Each value divided by (`K` + `ALPHA` × the sum of the squares of `SIZE` channels around it) to the power of `BETA`.

    Maps (batch, height, width, channels) to the same shape. A. Krizhevsky, I. Sutskever, G. Hinton, *ImageNet classification with deep
    convolutional neural networks*, 2012, section 3.3.
    """
    inputs = Input(None)
    side = SIZE // 2
    squares = ops.pad(ops.square(inputs, name="squares"), [[0, 0], [0, 0], [0, 0], [side, side]], name="zeros_around")
    around = squares[:, :, :, : -2 * side]
    for shift in range(1, SIZE):
        end = shift - 2 * side
        around = around + (squares[:, :, :, shift:end] if end else squares[:, :, :, shift:])
    return Model(inputs, inputs / (around * ALPHA + K) ** BETA)
