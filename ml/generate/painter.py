"""Latents to pictures and back, by the models of a project."""

from __future__ import annotations

from math import prod

import keras
import numpy as np
import tensorflow as tf

BATCH = 256
PROBES = 64
ROW = 8
"""Pictures side by side, where there are rows in pairs."""


class Painter:
    """A decoder or generator of pictures and, where there is one, the encoder before it; each is compiled once."""

    def __init__(self, decoder: keras.Model, encoder: keras.Model | None = None) -> None:
        self._latent: tuple[int, ...] = decoder.input_shape[1:]
        self._decode = tf.function(lambda latents: decoder(latents, training=False), reduce_retracing=True, autograph=False)
        self._encode = tf.function(lambda x: encoder(x, training=False)[0], reduce_retracing=True, autograph=False) if encoder is not None else None

    @property
    def size(self) -> int:
        """How many numbers stand for a picture."""
        return prod(self._latent)

    @property
    def encodes(self) -> bool:
        """Whether there is an encoder."""
        return self._encode is not None

    def paint(self, latents: np.ndarray) -> np.ndarray:
        """Latents (n, size) to pixels (n, h, w, c) of uint8."""
        return to_pixels(self._made(latents))

    def code(self, x: np.ndarray) -> np.ndarray:
        """Pictures (n, h, w, c), 0 to 1, to the means of their codes (n, size)."""
        if self._encode is None:
            raise ValueError("There is no encoder.")
        return np.concatenate([self._encode(tf.constant(x[start : start + BATCH])).numpy() for start in range(0, len(x), BATCH)])

    def effect(self, codes: np.ndarray) -> np.ndarray:
        """How much each dimension moves the picture, (size,).

        It is the mean change of a pixel (0 to 1) when that number of a code goes from a deviation under its mean to one over it, measured on codes (n, size).
        """
        mean, deviation = codes.mean(axis=0), codes.std(axis=0)
        some = codes[: max(4, min(PROBES, 16 * BATCH // self.size))]
        effect = np.zeros(self.size, "float32")
        for dimension in range(self.size):
            low, high = some.copy(), some.copy()
            low[:, dimension] = mean[dimension] - deviation[dimension]
            high[:, dimension] = mean[dimension] + deviation[dimension]
            effect[dimension] = np.abs(self._made(high) - self._made(low)).mean()
        return effect

    def _made(self, latents: np.ndarray) -> np.ndarray:
        shaped = latents.reshape(-1, *self._latent)
        return np.concatenate([self._decode(tf.constant(shaped[start : start + BATCH])).numpy() for start in range(0, len(shaped), BATCH)])


def paints(model: keras.Model) -> bool:
    """Whether a model makes pictures out of latents of a fixed size: one input, one output (batch, h, w, 1 or 3)."""
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        return False
    return None not in model.input_shape[1:] and len(model.output_shape) == 4 and model.output_shape[-1] in (1, 3)


def to_pixels(x: np.ndarray) -> np.ndarray:
    """Pictures of 0 to 1 as uint8; what lies outside is cut off."""
    return np.rint(np.clip(np.nan_to_num(x), 0, 1) * 255).astype(np.uint8)


def in_pairs(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Pictures (n, h, w, c) of two kinds in rows of `ROW`, one kind above the other: (2 n, h, w, c)."""
    return np.concatenate([pixels[start : start + ROW] for start in range(0, len(above), ROW) for pixels in (above, below)])
