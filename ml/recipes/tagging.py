"""Tagging: a label for each place of a sequence."""

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
    id="tagging",
    title="Tagging",
    help="Learn to say, at every place of a sequence, which label it has. Places after the end (label 0) do not count.",
    parameters=(Parameter("from_logits", "bool", False, help="True where the model ends without softmax."),),
    roles=("model",),
    tasks=("tagging",),
    metrics=("loss", "accuracy", "whole"),
)


class Tagger(keras.Model):
    """Trains a model of tags (batch, time, tags). `accuracy` is the share of places that are right, `whole` that of sequences without a mistake."""

    def __init__(self, model, from_logits=False):
        super().__init__()
        self.model = model
        self.from_logits = from_logits
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.accuracy_tracker = keras.metrics.Mean(name="accuracy")
        self.whole_tracker = keras.metrics.Mean(name="whole")
        self.built = True

    @property
    def metrics(self):
        return [self.loss_tracker, self.accuracy_tracker, self.whole_tracker]

    def call(self, x):
        return self.model(x)

    def measure(self, data, training):
        """The mean loss of the places that count; on the way the metrics are kept."""
        x, tags, _ = keras.utils.unpack_x_y_sample_weight(data)
        said = self.model(x, training=training)
        counts = ops.cast(tags != 0, "float32")
        losses = keras.losses.sparse_categorical_crossentropy(tags, said, from_logits=self.from_logits)
        loss = ops.sum(losses * counts) / ops.sum(counts)
        found = ops.cast(ops.argmax(said[:, :, 1:], axis=-1), "int32") + 1
        right = ops.cast(found == tags, "float32")
        self.loss_tracker.update_state(loss)
        self.accuracy_tracker.update_state(right, sample_weight=counts)
        self.whole_tracker.update_state(ops.all(ops.logical_or(right == 1, tags == 0), axis=1))
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


def arrays(dataset: Dataset, part: str) -> tuple[np.ndarray, ...]:
    """Sequences (samples, time) and their tags (samples, time)."""
    return dataset.part(part)


def trainer(models: dict[str, keras.Model], optimizer: Optimizer, dataset: Dataset, from_logits: bool = False) -> keras.Model:
    """A `Tagger` of the model."""
    model = Tagger(models["model"], from_logits)
    model.compile(optimizer=optimizer(model.trainable_variables))
    return model


def problems(ends: Ends, spec: Spec, from_logits: bool = False) -> Iterable[str]:
    """What does not fit between the model and the data."""
    inputs, outputs = ends["model"]
    time, tags = spec.shape[0], len(spec.classes)
    if len(inputs) != 1 or len(outputs) != 1:
        yield f"Tagging takes a model with one Input and one Output; this one has {len(inputs)} and {len(outputs)}."
    elif len(inputs[0]) != len(spec.shape) + 1 or inputs[0][1] not in (None, time):
        yield f"The Input must have the shape {list(spec.shape)}: so long are the sequences."
    elif len(outputs[0]) != 3 or outputs[0][1] not in (None, time) or outputs[0][2] != tags:
        yield f"The Output must be {time} × {tags}: a number for each tag at every place. Let the recurrent layers return sequences."
