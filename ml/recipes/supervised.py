"""Supervised learning: inputs with labels or targets, and a loss between them and what the model says."""

from __future__ import annotations

from collections.abc import Iterable

import keras
import numpy as np
from keras import ops

from ml.data.dataset import Dataset, Spec
from ml.project.parameters import Parameter
from ml.recipes import Ends, Optimizer
from ml.tables import Entry

LOSSES = ("auto", "sparse_categorical_crossentropy", "binary_crossentropy", "mean_squared_error", "mean_absolute_error", "perceptron")

RECIPE = Entry(
    id="supervised",
    title="Supervised learning",
    help="Learn to say the label or the number that belongs to each input.",
    parameters=(
        Parameter(
            "loss",
            "choice",
            "auto",
            LOSSES,
            help="What is made small. `auto` is cross-entropy for classes and mean squared error for numbers; `perceptron` is Rosenblatt's rule.",
        ),
        Parameter("from_logits", "bool", False, help="True where the model ends without softmax or sigmoid."),
    ),
    roles=("model",),
    tasks=("classification", "regression"),
    metrics=("loss", "accuracy", "mean_absolute_error"),
)

AUXILIARY = 0.3
"""How much the loss of each auxiliary output counts beside that of the first."""


class WithAuxiliaryOutputs(keras.Model):
    """A model of several outputs for one label: the first is its answer and is measured, the others only help it to learn.

    C. Szegedy and others, *Going deeper with convolutions*, 2014, section 5.
    """

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        assert y_pred is not None  # the signature is that of Keras, which always gives it
        loss = super().compute_loss(x, y, y_pred[0], sample_weight, training)
        if not training:
            return loss
        measure = keras.losses.get(self.loss)
        return loss + AUXILIARY * sum(ops.mean(measure(y, said)) for said in y_pred[1:])

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        return super().compute_metrics(x, y, y_pred[0], sample_weight)


class PerceptronLoss(keras.losses.Loss):
    """max(0, -t a), summed over the units: `a` (batch, units) is what a linear unit says, t is 1 for its class and -1 for any other.

    Its gradient is Rosenblatt's rule: a unit that is wrong, or undecided at 0, moves by the input times t, and one that is right stays. With one unit
    that is the second of two classes. F. Rosenblatt, The perceptron, 1958.
    """

    def call(self, y_true, y_pred):
        labels = ops.reshape(y_true, (-1, 1))
        units = y_pred.shape[-1]
        ones = ops.equal(labels, ops.arange(units, dtype=labels.dtype)) if units > 1 else ops.equal(labels, 1)
        ones = ops.cast(ones, y_pred.dtype)
        return ops.sum(ops.maximum((1.0 - 2.0 * ones) * y_pred, 0.0), axis=-1)


def arrays(dataset: Dataset, part: str) -> tuple[np.ndarray, ...]:
    """Inputs (samples, …) and labels (samples,) or targets (samples, 1)."""
    x, y = dataset.part(part)
    return x, y


def trainer(models: dict[str, keras.Model], optimizer: Optimizer, dataset: Dataset, loss: str = "auto", from_logits: bool = False) -> keras.Model:
    """The model's layers in a compiled model of their own: Keras's step is the one that is wanted, and what is exported stays bare."""
    model = models["model"]
    units = model.outputs[0].shape[-1]
    trainer = (WithAuxiliaryOutputs if len(model.outputs) > 1 else keras.Model)(model.input, model.output)
    trainer.compile(
        optimizer=optimizer(trainer.trainable_variables),
        loss=_loss(loss, from_logits, dataset.task, units),
        metrics=[_accuracy(loss, from_logits, units)] if dataset.task == "classification" else ["mean_absolute_error"],
    )
    return trainer


def problems(ends: Ends, spec: Spec, loss: str = "auto", from_logits: bool = False) -> Iterable[str]:
    """What does not fit between the model and the data."""
    if spec.task == "none":
        yield "The data has no labels, and supervised learning needs them: choose where the labels are, or a recipe that needs none (vae, gan)."
        return
    if spec.task not in (*RECIPE.tasks, "language"):
        yield f"The data is for {spec.task}, and supervised learning says one thing of each sample: choose the recipe {spec.task}, or other data."
        return
    inputs, outputs = ends["model"]
    if len(inputs) != 1 or not outputs:
        yield f"Supervised learning takes a model with one Input and at least one Output; this one has {len(inputs)} and {len(outputs)}."
        return
    if any(output[1:] != outputs[0][1:] for output in outputs):
        yield f"All Outputs learn the same label, and these differ: {', '.join(_text(output[1:]) for output in outputs)}. Leave one, or make them alike."
        return
    if not _fits(inputs[0][1:], spec.shape):
        yield f"The model takes {_text(inputs[0][1:])} and the data gives {_text(spec.shape)}: make the Input's shape {list(spec.shape)}."
    wanted = len(spec.classes)
    units = outputs[0][-1]
    if len(outputs[0]) != 2:
        yield f"The model's output is {_text(outputs[0][1:])}; a label needs one row of numbers: flatten or pool before the last Dense."
    elif wanted and units is not None and units < wanted and not (wanted == 2 and units == 1):
        yield f"The data has {wanted} classes and the model gives {units} numbers: the last layer needs {wanted} units."
    elif loss == "perceptron" and not wanted:
        yield "Rosenblatt's loss is for classes, and this data has a number to predict: choose mean_squared_error."
    elif not wanted and units != 1:
        yield f"The data has one number to predict and the model gives {units}: the last layer needs 1 unit."


def _loss(loss: str, from_logits: bool, task: str, units: int) -> str | keras.losses.Loss:
    if loss == "auto":
        loss = "mean_squared_error" if task == "regression" else "binary_crossentropy" if units == 1 else "sparse_categorical_crossentropy"
    match loss:
        case "sparse_categorical_crossentropy":
            return keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits)
        case "binary_crossentropy":
            return keras.losses.BinaryCrossentropy(from_logits=from_logits)
        case "perceptron":
            return PerceptronLoss()
    return loss


def _accuracy(loss: str, from_logits: bool, units: int) -> str | keras.metrics.Metric:
    """How often the label is right: a single unit that is no probability says the second class above 0, not above a half."""
    return keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0) if units == 1 and (from_logits or loss == "perceptron") else "accuracy"


def _fits(wanted: tuple[int | None, ...], shape: tuple[int, ...]) -> bool:
    return len(wanted) == len(shape) and all(size is None or size == given for size, given in zip(wanted, shape, strict=True))


def _text(shape: tuple[int | None, ...]) -> str:
    return " × ".join("any" if size is None else str(size) for size in shape) or "one number"
