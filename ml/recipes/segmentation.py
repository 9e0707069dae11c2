"""Segmentation: a label for every pixel, judged by cross-entropy, the share of right pixels, and how well areas cover each other."""

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
    id="segmentation",
    title="Segmentation",
    help="Learn to say of every pixel what it belongs to. Where the model's answer is smaller than the picture, it is about the picture's middle.",
    parameters=(Parameter("from_logits", "bool", False, help="True where the model ends without softmax."),),
    roles=("model",),
    tasks=("segmentation",),
    metrics=("loss", "accuracy", "mean_iou"),
)


class Segmenter(keras.Model):
    """A model whose labels are cut to the size of what it gives: without padding a convolution has no answer at the border."""

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True):
        return super().compute_loss(x, middle(y, y_pred.shape), y_pred, sample_weight, training)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        return super().compute_metrics(x, middle(y, y_pred.shape), y_pred, sample_weight)


def middle(y, shape):
    """The middle of labels (batch, height, width), as large as predictions of `shape` (batch, height, width, classes)."""
    down, across = (y.shape[1] - shape[1]) // 2, (y.shape[2] - shape[2]) // 2
    return y[:, down : down + shape[1], across : across + shape[2]]


def mean_iou(y, chances):
    """Of each picture how well areas cover each other, (batch,): what answer and truth share of all that either has, as a mean over the classes of either."""
    said, right = (ops.one_hot(labels, chances.shape[-1]) for labels in (ops.argmax(chances, axis=-1), y))
    shared, either = (ops.sum(area, axis=(1, 2)) for area in (said * right, ops.maximum(said, right)))
    occurs = ops.cast(either > 0, "float32")
    return ops.sum(shared / ops.maximum(either, 1.0), axis=1) / ops.sum(occurs, axis=1)


def arrays(dataset: Dataset, part: str) -> tuple[np.ndarray, ...]:
    """Pictures (samples, height, width, channels) and labels (samples, height, width)."""
    x, y = dataset.part(part)
    return x, y


def trainer(models: dict[str, keras.Model], optimizer: Optimizer, dataset: Dataset, from_logits: bool = False) -> keras.Model:
    """The model's layers in a `Segmenter`."""
    model = models["model"]
    trainer = Segmenter(model.input, model.output)
    trainer.compile(
        optimizer=optimizer(trainer.trainable_variables),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits),
        metrics=["accuracy", mean_iou],
    )
    return trainer


def problems(ends: Ends, spec: Spec, from_logits: bool = False) -> Iterable[str]:
    """What does not fit between the model and the data."""
    if spec.task != "segmentation":
        yield "Segmentation needs data with a label for every pixel, such as shapes with target mask."
        return
    inputs, outputs = ends["model"]
    if len(inputs) != 1 or len(outputs) != 1:
        yield f"Segmentation takes a model with one Input and one Output; this one has {len(inputs)} and {len(outputs)}."
        return
    taken, given, classes = inputs[0][1:], outputs[0][1:], len(spec.classes)
    if tuple(taken) != spec.shape:
        yield f"The model takes {_text(taken)} and the data gives {_text(spec.shape)}: make the Input's shape {list(spec.shape)}."
    if len(given) != 3 or None in given or given[-1] < classes:
        yield f"The data has {classes} classes of pixels, so the model must end in height × width × {classes}; it ends in {_text(given)}."
    elif given[0] > spec.shape[0] or given[1] > spec.shape[1]:
        yield f"The model's answer, {given[0]} × {given[1]}, is larger than the picture, {spec.shape[0]} × {spec.shape[1]}."


def _text(shape: tuple[int | None, ...]) -> str:
    return " × ".join("any" if size is None else str(size) for size in shape) or "one number"
