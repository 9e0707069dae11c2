"""Detection: which figure a picture shows, and a box around it, learned together from one trunk."""

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
    id="detection",
    title="Detection",
    help="Learn to say what a picture shows and where: a class, and a box around it. A found figure has the right class and a box that covers half.",
    parameters=(
        Parameter(
            "box_weight", "float", 20.0, minimum=0, live=True, help="How much the squared error of the box counts beside the cross-entropy of the class."
        ),
    ),
    roles=("model",),
    tasks=("detection",),
    metrics=("loss", "accuracy", "box_overlap", "found"),
)


class Detector(keras.Model):
    """Trains a model whose outputs are the chances of the classes, (batch, classes), and a box (batch, 4): middle down and across, height, width."""

    def __init__(self, inputs, outputs, box_weight=20.0):
        super().__init__(inputs, outputs)
        self.box_weight = box_weight
        self.trackers = [keras.metrics.Mean(name=name) for name in ("accuracy", "box_overlap", "found")]

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True):
        chances, box = y_pred
        crossed = ops.mean(keras.losses.sparse_categorical_crossentropy(y[:, 0], chances))
        return crossed + self.box_weight * ops.mean(ops.square(y[:, 1:] - box)) + sum(self.losses)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        chances, box = y_pred
        right = ops.cast(ops.equal(ops.argmax(chances, axis=-1), ops.cast(y[:, 0], "int64")), "float32")
        over = overlap(y[:, 1:], box)
        measured = (right, over, right * ops.cast(over >= 0.5, "float32"))
        for tracker, value in zip(self.trackers, measured, strict=True):
            tracker.update_state(value)
        return self.get_metrics_result()


def overlap(one, other):
    """What two boxes (batch, 4) share of all that either covers, (batch,)."""
    low = ops.maximum(one[:, :2] - one[:, 2:] / 2, other[:, :2] - other[:, 2:] / 2)
    high = ops.minimum(one[:, :2] + one[:, 2:] / 2, other[:, :2] + other[:, 2:] / 2)
    shared = ops.prod(ops.maximum(high - low, 0.0), axis=1)
    areas = ops.prod(ops.maximum(one[:, 2:], 0.0), axis=1) + ops.prod(ops.maximum(other[:, 2:], 0.0), axis=1)
    return shared / ops.maximum(areas - shared, 1e-7)


def arrays(dataset: Dataset, part: str) -> tuple[np.ndarray, ...]:
    """Pictures (samples, height, width, channels), and class and box (samples, 5)."""
    x, y = dataset.part(part)
    return x, y


def trainer(models: dict[str, keras.Model], optimizer: Optimizer, dataset: Dataset, box_weight: float = 20.0) -> keras.Model:
    """A `Detector` of the model."""
    model = models["model"]
    detector = Detector(model.input, model.output, box_weight)
    detector.compile(optimizer=optimizer(detector.trainable_variables))
    return detector


def problems(ends: Ends, spec: Spec, box_weight: float = 20.0) -> Iterable[str]:
    """What does not fit between the model and the data."""
    if spec.task != "detection":
        yield "Detection needs pictures with a class and a box each, such as shapes with target box."
        return
    inputs, outputs = ends["model"]
    classes = len(spec.classes)
    if len(inputs) != 1 or tuple(inputs[0][1:]) != spec.shape:
        yield f"The model must have one Input, of the data's shape {list(spec.shape)}."
    if [tuple(output[1:]) for output in outputs] != [(classes,), (4,)]:
        yield f"The model must have two Outputs, first the chances of {classes} classes, then the 4 numbers of a box."
