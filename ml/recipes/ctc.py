"""Connectionist temporal classification: the labels of a sequence in their order, without being told where each of them is."""

from __future__ import annotations

from collections.abc import Iterable

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from ml.data.dataset import Dataset, Spec
from ml.project.parameters import Parameter
from ml.recipes import Ends, Optimizer
from ml.tables import Entry

RECIPE = Entry(
    id="ctc",
    title="Connectionist temporal classification",
    help="Learn to say which labels come in a sequence, and in which order; where each one is, is not told. Label 0 is the blank: nothing is said here.",
    parameters=(Parameter("from_logits", "bool", False, help="True where the model ends without softmax."),),
    roles=("model",),
    tasks=("transcription",),
    metrics=("loss", "whole"),
)
LEAST = 1e-30
"""Of a probability, before its logarithm is taken."""


class Transcriber(keras.Model):
    """Trains a model of labels (batch, time, classes), of which 0 is the blank. `whole` is the share of sequences that are read without a mistake.

    A. Graves and others, *Connectionist temporal classification*, ICML, 2006: a way through time has at each step a label or the blank; it is read by
    taking repeated labels for one, and leaving the blanks out. The loss is the negative logarithm of the sum over all ways that read as what is right.
    """

    def __init__(self, model, from_logits=False):
        super().__init__()
        self.model = model
        self.from_logits = from_logits
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.whole_tracker = keras.metrics.Mean(name="whole")
        self.built = True

    @property
    def metrics(self):
        return [self.loss_tracker, self.whole_tracker]

    def call(self, x):
        return self.model(x)

    def measure(self, data, training):
        """The mean loss of the sequences; on the way the metrics are kept."""
        x, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        said = self.model(x, training=training)
        logits = said if self.from_logits else ops.log(ops.maximum(said, LEAST))
        counts = ops.sum(ops.cast(labels != 0, "int32"), axis=1)
        loss = ops.mean(ops.ctc_loss(labels, logits, counts, ops.full_like(counts, said.shape[1]), mask_index=0))
        found, many = read(said, labels.shape[1])
        self.loss_tracker.update_state(loss)
        self.whole_tracker.update_state(ops.logical_and(ops.all(found == labels, axis=1), many == counts))
        return loss

    def train_step(self, data):
        with tf.GradientTape() as tape:
            loss = self.measure(data, training=True) + sum(self.losses)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        return self.get_metrics_result()

    def test_step(self, data):
        self.measure(data, training=False)
        return self.get_metrics_result()


def read(said, longest):
    """What the likeliest way says: the first `longest` labels (batch, longest), 0 after the last, and how many (batch,) there are.

    `said` (batch, time, classes) is probabilities or logits. At each step the likeliest label counts, where it is not the one of the step before.
    """
    best = ops.cast(ops.argmax(said, axis=-1), "int32")
    before = ops.pad(best[:, :-1], [[0, 0], [1, 0]])
    is_new = ops.cast(ops.logical_and(best != 0, best != before), "int32")
    place = ops.cumsum(is_new, axis=1)
    labels = ops.one_hot(place * is_new - 1, longest, dtype="int32") * ops.expand_dims(best, -1)
    return ops.sum(labels, axis=1), place[:, -1]


def arrays(dataset: Dataset, part: str) -> tuple[np.ndarray, ...]:
    """Samples (samples, …) and their labels (samples, longest), 0 after the last."""
    return dataset.part(part)


def trainer(models: dict[str, keras.Model], optimizer: Optimizer, dataset: Dataset, from_logits: bool = False) -> keras.Model:
    """A `Transcriber` of the model."""
    model = Transcriber(models["model"], from_logits)
    model.compile(optimizer=optimizer(model.trainable_variables))
    return model


def problems(ends: Ends, spec: Spec, from_logits: bool = False) -> Iterable[str]:
    """What does not fit between the model and the data."""
    if not spec.classes or not spec.target_shape:
        yield "Transcription needs data whose labels are lines of some length, such as digit_lines."
        return
    inputs, outputs = ends["model"]
    classes, steps = len(spec.classes), 2 * spec.target_shape[0] - 1
    if len(inputs) != 1 or len(outputs) != 1:
        yield f"The model must have one Input and one Output; this one has {len(inputs)} and {len(outputs)}."
    elif len(inputs[0]) != len(spec.shape) + 1:
        yield f"The Input must have the shape {list(spec.shape)}, which is that of a sample."
    elif len(outputs[0]) != 3 or outputs[0][2] is None or outputs[0][2] < classes:
        yield f"The Output must be (time, {classes}): at each step a number for the blank and for each label."
    elif outputs[0][1] is None or outputs[0][1] < steps:
        yield f"The Output must have at least {steps} steps in time, for {spec.target_shape[0]} labels with a blank between each two; it has {outputs[0][1]}."
