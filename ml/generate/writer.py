"""Text from a causal language model, token by token."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from ml.data.dataset import Dataset


class Writer:
    """Goes on from a text. The model sees as many tokens as its window holds: the last ones, once the text is longer.

    A model may know more tokens than the data has; those are never drawn.
    """

    def __init__(self, model: keras.Model, dataset: Dataset, from_logits: bool = True) -> None:
        self._model = model
        self._dataset = dataset
        self._from_logits = from_logits
        self._context = dataset.shape[0]
        self._continue = tf.function(self._continued, reduce_retracing=True, autograph=False)

    def write(self, prompt: str, length: int, temperature: float = 1.0, top_k: int = 0, seed: int = 0) -> str:
        """The `length` characters that follow, drawn with `seed`.

        Chances are sharpened by a `temperature` under 1, and at 0 the likeliest character is always taken. Where `top_k` is
        over 0, only so many of the likeliest are in the draw. An empty prompt counts as a new line.
        """
        tokens = self._dataset.encode(prompt or "\n")[-self._context :]
        window = np.zeros((1, self._context), "int32")
        window[0, : len(tokens)] = tokens
        kept = min(top_k, len(self._dataset.tokens)) if top_k > 0 else len(self._dataset.tokens)
        drawn = self._continue(
            tf.constant(window),
            tf.constant(len(tokens) - 1),
            tf.constant(length),
            tf.constant(max(temperature, 1e-4), tf.float32),
            tf.constant(kept),
            tf.constant(seed % 2**31),
        )
        return self._dataset.decode(drawn.numpy())

    def _continued(self, window: tf.Tensor, last: tf.Tensor, length: tf.Tensor, temperature: tf.Tensor, kept: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        """The tokens (length,) that follow the window's (1, context), of which `last` is the place of the last one."""

        def step(number: tf.Tensor, window: tf.Tensor, last: tf.Tensor, written: tf.TensorArray) -> tuple:
            output = tf.cast(self._model(window, training=False), tf.float32)[0, last, : len(self._dataset.tokens)]
            logits = (output if self._from_logits else tf.math.log(output + 1e-9)) / temperature
            least = tf.math.top_k(logits, kept).values[-1]
            logits = tf.where(logits < least, -1e9, logits)
            token = tf.random.stateless_categorical(logits[tf.newaxis], 1, tf.stack([seed, number]), tf.int32)[0, 0]
            full = last + 1 >= self._context
            window = tf.where(full, tf.roll(window, -1, axis=1), window)
            last = tf.minimum(last + 1, self._context - 1)
            window = tf.tensor_scatter_nd_update(window, [[0, last]], [token])
            return number + 1, window, last, written.write(number, token)

        written = tf.TensorArray(tf.int32, size=length)
        *_, written = tf.while_loop(lambda number, *_: number < length, step, (tf.constant(0), window, last, written))
        return written.stack()
