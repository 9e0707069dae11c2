"""Sequence to sequence: one sequence from another, with teacher forcing."""

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
    id="seq2seq",
    title="Sequence to sequence",
    help="Learn to say one sequence after having read another. In training the model is told at each place what was right before it (teacher forcing).",
    parameters=(
        Parameter("from_logits", "bool", False, help="True where the model ends without softmax."),
        Parameter("padding", "int", 0, minimum=-1, help="The token that does not count where it stands in the target; -1 where all count."),
    ),
    roles=("model",),
    tasks=("translation",),
    metrics=("loss", "accuracy", "whole"),
)


class Translator(keras.Model):
    """Trains a model of two inputs, the source (batch, time) and the target so far (batch, length), to what comes next (batch, length, tokens).

    `accuracy` is the share of tokens that are right where those before them are given, `whole` that of targets without a mistake.
    """

    def __init__(self, model, from_logits=False, padding=0):
        super().__init__()
        self.model = model
        self.from_logits = from_logits
        self.padding = padding
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.accuracy_tracker = keras.metrics.Mean(name="accuracy")
        self.whole_tracker = keras.metrics.Mean(name="whole")
        self.built = True

    @property
    def metrics(self):
        return [self.loss_tracker, self.accuracy_tracker, self.whole_tracker]

    def call(self, inputs):
        return self.model(inputs)

    def measure(self, data, training):
        """The mean loss of the tokens that count; on the way the metrics are kept."""
        source, target, _ = keras.utils.unpack_x_y_sample_weight(data)
        given, wanted = target[:, :-1], target[:, 1:]
        said = self.model([source, given], training=training)
        counts = ops.cast(wanted != self.padding, "float32")
        losses = keras.losses.sparse_categorical_crossentropy(wanted, said, from_logits=self.from_logits)
        loss = ops.sum(losses * counts) / ops.sum(counts)
        right = ops.cast(ops.cast(ops.argmax(said, axis=-1), "int32") == wanted, "float32")
        self.loss_tracker.update_state(loss)
        self.accuracy_tracker.update_state(right, sample_weight=counts)
        self.whole_tracker.update_state(ops.all(ops.logical_or(right == 1, counts == 0), axis=1))
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
    """Sources (samples, time) and targets (samples, length), each from its start to its end."""
    return dataset.part(part)


def trainer(models: dict[str, keras.Model], optimizer: Optimizer, dataset: Dataset, from_logits: bool = False, padding: int = 0) -> keras.Model:
    """A `Translator` of the model."""
    model = Translator(models["model"], from_logits, padding)
    model.compile(optimizer=optimizer(model.trainable_variables))
    return model


def problems(ends: Ends, spec: Spec, from_logits: bool = False, padding: int = 0) -> Iterable[str]:
    """What does not fit between the model and the data."""
    inputs, outputs = ends["model"]
    if not spec.target_shape:
        yield "Sequence to sequence needs data with a target sequence, such as dates."
        return
    length = spec.target_shape[0] - 1
    if len(inputs) != 2 or len(outputs) != 1:
        yield f"The model must have two Inputs, the source and the target so far, and one Output; this one has {len(inputs)} and {len(outputs)}."
    elif len(inputs[0]) != len(spec.shape) + 1 or inputs[0][1] not in (None, spec.shape[0]):
        yield f"The first Input must have the shape {list(spec.shape)}: so long are the sources."
    elif len(inputs[1]) != 2 or inputs[1][1] not in (None, length):
        yield f"The second Input must have the shape [{length}]: so long are the targets without their ends."
    elif len(outputs[0]) != 3 or outputs[0][1] not in (None, length) or outputs[0][2] < spec.target_vocabulary:
        yield f"The Output must be {length} × {spec.target_vocabulary} or more: a number for each token at every place of the target."
