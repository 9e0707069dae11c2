"""Sequences of bits: a yes or a no for each bit of each step, judged by cross-entropy, the share of right bits, and of sequences without a mistake."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import keras
import numpy as np
from keras import ops

from ml.data.dataset import Dataset, Spec
from ml.project.parameters import Parameter
from ml.recipes import Ends, Optimizer
from ml.tables import Entry

RECIPE = Entry(
    id="bits",
    title="Sequences of bits",
    help="Learn to say several bits at each step. Where the model answers at more steps than are asked for, the last of them count.",
    parameters=(Parameter("from_logits", "bool", False, help="True where the model ends without sigmoid."),),
    roles=("model",),
    tasks=("bits",),
    metrics=("loss", "accuracy", "whole"),
)


class BitWriter(keras.Model):
    """A model whose answer is cut to the steps that are asked for: what it says while it still reads does not count."""

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True):
        return super().compute_loss(x, y, last(y_pred, y), sample_weight, training)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        return super().compute_metrics(x, y, last(y_pred, y), sample_weight)


class Whole(keras.metrics.Mean):
    """The share of sequences without a wrong bit. `middle` is what a yes is above."""

    def __init__(self, middle: float) -> None:
        super().__init__(name="whole")
        self.middle = middle

    def update_state(self, y_true, y_pred, sample_weight=None):
        right = ops.equal(y_pred > self.middle, y_true > 0.5)
        return super().update_state(ops.all(right, axis=(1, 2)), sample_weight)


def last(said, y):
    """The last steps of what is said (batch, time, bits), as many as `y` (batch, length, bits) has."""
    return said[:, said.shape[1] - y.shape[1] :]


def arrays(dataset: Dataset, part: str) -> tuple[np.ndarray, ...]:
    """Series (samples, time, features) and bits (samples, length, bits)."""
    x, y = dataset.part(part)
    return x, y


def trainer(models: dict[str, keras.Model], optimizer: Optimizer, dataset: Dataset, from_logits: bool = False) -> keras.Model:
    """The model's layers in a `BitWriter`."""
    model = models["model"]
    trainer = BitWriter(model.input, model.output)
    middle = 0.0 if from_logits else 0.5
    trainer.compile(
        optimizer=optimizer(trainer.trainable_variables),
        loss=keras.losses.BinaryCrossentropy(from_logits=from_logits),
        metrics=[keras.metrics.BinaryAccuracy(name="accuracy", threshold=middle), Whole(middle)],
    )
    return trainer


def problems(ends: Ends, spec: Spec, from_logits: bool = False) -> Iterable[str]:
    """What does not fit between the model and the data."""
    if spec.task != "bits":
        yield "This recipe needs data with bits to say at each step, such as copy."
        return
    inputs, outputs = ends["model"]
    if len(inputs) != 1 or len(outputs) != 1:
        yield f"Sequences of bits are learned by a model with one Input and one Output; this one has {len(inputs)} and {len(outputs)}."
        return
    taken, given = tuple(inputs[0][1:]), tuple(outputs[0][1:])
    length, bits = spec.target_shape
    if len(taken) != 2 or any(size not in (None, wanted) for size, wanted in zip(taken, spec.shape, strict=True)):
        yield f"The model takes {list(taken)} and the data gives {list(spec.shape)}: make the Input's shape the data's."
    if len(given) != 2 or given[1] != bits or given[0] is None or given[0] < length:
        yield f"The Output must be at least {length} steps of {bits} bits; it is {list(given)}. Return sequences, and end with {bits} units."
