"""Denoising: a picture in, the same picture without its noise out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import keras
import numpy as np

from ml.data.dataset import Dataset, Spec
from ml.project.parameters import Parameter
from ml.recipes import Ends, Optimizer
from ml.tables import Entry

RECIPE = Entry(
    id="denoising",
    title="Denoising",
    help="Learn to give a picture back without its noise. The signal-to-noise ratio is in decibels: 10 more is a tenth of the squared error.",
    parameters=(
        Parameter(
            "loss",
            "choice",
            "mean_squared_error",
            ("mean_squared_error", "mean_absolute_error"),
            help="What is made small. Squared errors give the mean of all pictures that could be meant, absolute ones their median, with sharper edges.",
        ),
    ),
    roles=("model",),
    tasks=("denoising",),
    metrics=("loss", "peak_signal_to_noise"),
)


class Restorer(keras.Model):
    """A model whose targets are cut to the size of what it gives: without padding a convolution has no answer at the border."""

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True):
        return super().compute_loss(x, middle(y, y_pred.shape), y_pred, sample_weight, training)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        return super().compute_metrics(x, middle(y, y_pred.shape), y_pred, sample_weight)


def middle(y, shape):
    """The middle of pictures (batch, height, width, channels), as large as `shape`."""
    down, across = (y.shape[1] - shape[1]) // 2, (y.shape[2] - shape[2]) // 2
    return y[:, down : down + shape[1], across : across + shape[2]]


def peak_signal_to_noise(y, made):
    """For each picture of values from 0 to 1: 10 · log10 of 1 over its mean squared error, (batch,), in decibels."""
    return -10 * keras.ops.log10(keras.ops.mean(keras.ops.square(y - made), axis=(1, 2, 3)) + 1e-10)


def arrays(dataset: Dataset, part: str) -> tuple[np.ndarray, ...]:
    """Noisy and clean pictures, (samples, height, width, channels) each."""
    x, y = dataset.part(part)
    return x, y


def trainer(models: dict[str, keras.Model], optimizer: Optimizer, dataset: Dataset, loss: str = "mean_squared_error") -> keras.Model:
    """The model's layers in a `Restorer`."""
    model = models["model"]
    trainer = Restorer(model.input, model.output)
    trainer.compile(optimizer=optimizer(trainer.trainable_variables), loss=loss, metrics=[peak_signal_to_noise])
    return trainer


def problems(ends: Ends, spec: Spec, loss: str = "mean_squared_error") -> Iterable[str]:
    """What does not fit between the model and the data."""
    if spec.task != "denoising":
        yield "Denoising needs noisy pictures with their clean ones, such as shapes with target clean."
        return
    inputs, outputs = ends["model"]
    if len(inputs) != 1 or len(outputs) != 1:
        yield f"Denoising takes a model with one Input and one Output; this one has {len(inputs)} and {len(outputs)}."
        return
    taken, given = tuple(inputs[0][1:]), tuple(outputs[0][1:])
    if taken != spec.shape:
        yield f"The model takes {list(taken)} and the data gives {list(spec.shape)}: make the Input's shape the data's."
    if len(given) != 3 or None in given or given[0] > spec.shape[0] or given[1] > spec.shape[1] or given[2] != spec.shape[2]:
        yield f"The model must give a picture as it takes, {list(spec.shape)}, or its middle; it gives {list(given)}."
