"""The compiled loop: many train steps in one call, over data that already lies in tensors.

One call of `fit` a step costs more in Python than a small model costs in arithmetic. Here `tf.while_loop` calls the
trainer's own `train_step` (so the updates are `fit`'s) as often as it is told to, and metrics leave it as tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import keras
import numpy as np
import tensorflow as tf
from keras import layers

Logs = dict[str, float]
NOTHING: tuple[Logs, int] = {}, 0
"""Metrics of no samples."""

EVALUATION_BATCH = 256
COMPILED = (
    layers.Activation,
    layers.Add,
    layers.Attention,
    layers.BatchNormalization,
    layers.Concatenate,
    layers.Dense,
    layers.Dropout,
    layers.EinsumDense,
    layers.Embedding,
    layers.Flatten,
    layers.GroupQueryAttention,
    layers.InputLayer,
    layers.LayerNormalization,
    layers.LeakyReLU,
    layers.MultiHeadAttention,
    layers.Multiply,
    layers.Normalization,
    layers.ReLU,
    layers.ReversibleEmbedding,
    layers.Rescaling,
    layers.Reshape,
    layers.RMSNormalization,
    layers.Softmax,
)
"""The layers that XLA makes faster on a CPU. Convolutions run at a tenth of their speed under it."""


class Loop:
    """Runs a trainer's steps over the arrays of a training part, and evaluates it on a validation part."""

    def __init__(self, trainer: keras.Model, train: tuple[np.ndarray, ...], validation: tuple[np.ndarray, ...], batch_size: int, seed: int) -> None:
        self.trainer = trainer
        self.samples = len(train[0])
        self.batch_size = min(batch_size, self.samples)
        self.steps_per_epoch = -(-self.samples // self.batch_size)
        self.seed = seed
        self.compiled = not on_accelerator() and xla_pays(trainer)
        if type(trainer).train_step is keras.Model.train_step:
            make_metrics(trainer, *(part[:1] for part in train))
        self._train = tuple(tf.constant(array) for array in train)
        self._validation = tuple(tf.constant(array) for array in validation if len(array))
        self._evaluation = self._block(self.trainer.test_step, self._validation, compiled=False)
        self.trace()

    def trace(self) -> None:
        """Forget the traced steps, so that the next ones read the trainer's attributes anew."""
        self._plain = self._block(self.trainer.train_step, self._train, compiled=False)
        self._fast = self._block(self.trainer.train_step, self._train, compiled=True) if self.compiled else self._plain

    def prepare(self) -> None:
        """Trace and compile all that will run, without making a step."""
        self._run(self._fast, self._order(np.zeros((1, self.batch_size))), 0, 0)
        if self.compiled and self.samples % self.batch_size:
            self._run(self._plain, self._order(np.zeros((1, 1))), 0, 0)
        if self._validation:
            self._run(self._evaluation, self._order(np.zeros((1, 1))), 0, 0)

    def begin(self, epoch: int) -> None:
        """Draw the order of an epoch (counted from 0) from the seed and its number."""
        order = epoch_order(self.seed, epoch, self.samples)
        full = self.samples // self.batch_size
        self._full = self._order(order[: full * self.batch_size].reshape(full, self.batch_size))
        self._rest = self._order(order[full * self.batch_size :].reshape(1, -1))
        self._full_steps = full

    def run(self, first: int, count: int) -> tuple[Logs, int]:
        """Make up to `count` steps of the epoch from step `first`. Their metrics, and how many samples they saw."""
        if first >= self._full_steps:
            return self._run(self._plain, self._rest, 0, 1), self.samples % self.batch_size
        count = min(count, self._full_steps - first)
        return self._run(self._fast, self._full, first, count), count * self.batch_size

    def steps_of(self, first: int, count: int) -> int:
        """How many steps `run(first, count)` makes."""
        return 1 if first >= self._full_steps else min(count, self._full_steps - first)

    def evaluate(self) -> Logs:
        """The metrics on the whole validation part; nothing where there is none."""
        if not self._validation:
            return {}
        samples = len(self._validation[0])
        return weighted_mean([(self._run(self._evaluation, self._order(rows), 0, len(rows)), rows.size) for rows in evaluation_rows(samples)])

    def _order(self, rows: np.ndarray) -> tf.Tensor:
        return tf.constant(rows, tf.int32)

    def _run(self, block: Callable[..., dict[str, tf.Tensor]], order: tf.Tensor, first: int, count: int) -> Logs:
        logs = block(order, tf.constant(first), tf.constant(count))
        return {name: float(value) for name, value in logs.items()}

    def _block(self, step: Callable[..., object], data: tuple[tf.Tensor, ...], compiled: bool) -> Callable[..., dict[str, tf.Tensor]]:
        scalar = tf.TensorSpec([], tf.int32)

        @tf.function(jit_compile=compiled, autograph=False, input_signature=[tf.TensorSpec([None, None], tf.int32), scalar, scalar])
        def block(order: tf.Tensor, first: tf.Tensor, count: tf.Tensor) -> dict[str, tf.Tensor]:
            self.trainer.reset_metrics()

            def body(number: tf.Tensor) -> tuple[tf.Tensor]:
                rows = order[number]
                step(tuple(tf.gather(part, rows) for part in data))
                return (number + 1,)

            tf.while_loop(lambda number: number < first + count, body, (first,), parallel_iterations=1)
            return self.trainer.get_metrics_result()

        return block


def make_metrics(trainer: keras.Model, x: np.ndarray, y: np.ndarray) -> None:
    """Make the variables of compiled metrics, for inside a compiled loop it is too late.

    `fit` traces the model once more for this; here an empty prediction of the right shape does, which halves the way to a large model's first step.
    """
    prediction = keras.tree.map_structure(lambda output: np.zeros([size or 1 for size in output.shape], "float32"), trainer.output)
    trainer.compute_metrics(x, y, prediction)
    trainer.reset_metrics()


def epoch_order(seed: int, epoch: int, samples: int) -> np.ndarray:
    """The order in which an epoch takes the samples of the training part."""
    return np.random.default_rng([seed, epoch]).permutation(samples)


def evaluation_rows(samples: int) -> Iterator[np.ndarray]:
    """The validation samples as (batches, batch size), first the full batches, then the rest."""
    batch = samples if samples <= 4 * EVALUATION_BATCH else EVALUATION_BATCH
    full = samples // batch
    yield np.arange(full * batch).reshape(full, batch)
    if samples % batch:
        yield np.arange(full * batch, samples).reshape(1, -1)


def weighted_mean(parts: list[tuple[Logs, int]]) -> Logs:
    """The mean of metrics over parts of different sizes; what is a mean over samples comes out exact."""
    total = sum(size for _, size in parts)
    return {name: sum(logs[name] * size for logs, size in parts) / total for name in parts[0][0]} if total else {}


def merged(parts: list[tuple[Logs, int]]) -> tuple[Logs, int]:
    """Metrics over parts as over one, and of how many samples they are; a part may have none."""
    sized = [part for part in parts if part[1]]
    return weighted_mean(sized), sum(size for _, size in sized)


def xla_pays(trainer: keras.Model) -> bool:
    """Whether XLA makes this model's steps faster on a CPU and leaves them the same: judged by the kinds of its layers.

    A model that draws random numbers (dropout, sampling) draws others under XLA than `fit` does: it is not compiled.
    """
    draws = any("seed_generator" in variable.path for variable in trainer.variables)
    found = [layer for layer in trainer._flatten_layers() if isinstance(layer, keras.Layer) and not isinstance(layer, keras.Model)]
    return not draws and all(isinstance(layer, COMPILED) for layer in found)


def on_accelerator() -> bool:
    """Whether there is a GPU: there, XLA is left to Keras's own judgement."""
    return bool(tf.config.list_physical_devices("GPU"))
