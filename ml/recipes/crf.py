"""Conditional random field: the best sequence of tags as a whole, not the best tag of each place."""

from __future__ import annotations

from collections.abc import Iterable

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from ml.data.dataset import Dataset, Spec
from ml.recipes import Ends, Optimizer
from ml.tables import Entry

RECIPE = Entry(
    id="crf",
    title="Conditional random field",
    help="Learn the tags of a sequence as one whole: scores for each tag at each place, and for each tag after each other one. Label 0 is padding.",
    roles=("model",),
    tasks=("tagging",),
    metrics=("loss", "accuracy", "whole"),
)


class ConditionalRandomField(keras.Model):
    """Trains a model of two outputs: emissions (batch, time, tags), and transitions (batch, tags, tags), from a tag to the next, alike for all samples.

    Tag 0, the padding, stands for what is outside: from it a sequence begins, to it it ends. A tagging's score is the sum of all its emissions and
    transitions; its probability is that of a softmax over all taggings (J. Lafferty and others, 2001).
    """

    def __init__(self, model):
        super().__init__()
        self.model = model
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
        """The mean of the negative log-probabilities of what is right, for each place; on the way the metrics are kept."""
        x, tags, _ = keras.utils.unpack_x_y_sample_weight(data)
        emissions, transitions = self.model(x, training=training)
        counts = ops.cast(tags != 0, "float32")
        losses = log_partition(emissions, transitions[0], counts) - score(emissions, transitions[0], tags, counts)
        loss = ops.sum(losses) / ops.sum(counts)
        right = ops.cast(viterbi(ops.stop_gradient(emissions), ops.stop_gradient(transitions[0]), counts) == tags, "float32")
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


def score(emissions, transitions, tags, counts):
    """The score (batch,) of taggings (batch, time): emissions (batch, time, tags) and transitions (tags, tags) added up, from the start to the end.

    `counts` (batch, time) is 1 up to the end of each sequence and 0 from there on.
    """
    outside = ops.zeros_like(tags[:, :1])
    path = ops.concatenate([outside, tags * ops.cast(counts, tags.dtype), outside], axis=1)
    steps = ops.concatenate([ops.ones_like(counts[:, :1]), counts], axis=1)
    kinds = ops.shape(transitions)[0]
    moves = ops.take(ops.reshape(transitions, (-1,)), path[:, :-1] * kinds + path[:, 1:])
    said = ops.take_along_axis(emissions, ops.expand_dims(path[:, 1:-1], -1), axis=-1)[..., 0]
    return ops.sum(said * counts, axis=1) + ops.sum(moves * steps, axis=1)


def log_partition(emissions, transitions, counts):
    """The logarithm (batch,) of the sum over all taggings of the exponential of their scores: the forward algorithm."""
    sums = transitions[None, 0, 1:] + emissions[:, 0, 1:]
    for place in range(1, emissions.shape[1]):
        after = ops.logsumexp(sums[:, :, None] + transitions[None, 1:, 1:], axis=1) + emissions[:, place, 1:]
        sums = ops.where(counts[:, place, None] > 0, after, sums)
    return ops.logsumexp(sums + transitions[None, 1:, 0], axis=1)


def viterbi(emissions, transitions, counts):
    """The taggings (batch, time) of the highest score, 0 after the end: the best way to each tag, then back from the best end."""
    best = transitions[None, 0, 1:] + emissions[:, 0, 1:]
    stay = ops.cumsum(ops.ones_like(best, dtype="int32"), axis=1) - 1
    origins = []
    for place in range(1, emissions.shape[1]):
        ways, is_there = best[:, :, None] + transitions[None, 1:, 1:], counts[:, place, None] > 0
        origins.append(ops.where(is_there, ops.cast(ops.argmax(ways, axis=1), "int32"), stay))
        best = ops.where(is_there, ops.max(ways, axis=1) + emissions[:, place, 1:], best)
    tags = [ops.cast(ops.argmax(best + transitions[None, 1:, 0], axis=1), "int32")]
    for origin in reversed(origins):
        tags.append(ops.take_along_axis(origin, tags[-1][:, None], axis=1)[:, 0])
    return (ops.stack(tags[::-1], axis=1) + 1) * ops.cast(counts, "int32")


def arrays(dataset: Dataset, part: str) -> tuple[np.ndarray, ...]:
    """Sequences (samples, time) and their tags (samples, time)."""
    return dataset.part(part)


def trainer(models: dict[str, keras.Model], optimizer: Optimizer, dataset: Dataset) -> keras.Model:
    """A `ConditionalRandomField` of the model."""
    model = ConditionalRandomField(models["model"])
    model.compile(optimizer=optimizer(model.trainable_variables))
    return model


def problems(ends: Ends, spec: Spec) -> Iterable[str]:
    """What does not fit between the model and the data."""
    inputs, outputs = ends["model"]
    time, tags = spec.shape[0], len(spec.classes)
    if len(inputs) != 1 or len(inputs[0]) != len(spec.shape) + 1 or inputs[0][1] not in (None, time):
        yield f"The model must have one Input, of the shape {list(spec.shape)}: so long are the sequences."
    elif len(outputs) != 2:
        yield f"The model must have two Outputs, the emissions and the transitions; this one has {len(outputs)}."
    elif tuple(outputs[0][1:]) != (time, tags):
        yield f"The first Output must be {time} × {tags}: a score for each tag at every place."
    elif tuple(outputs[1][1:]) != (tags, tags):
        yield f"The second Output must be {tags} × {tags}: a score for each tag after each other one."
