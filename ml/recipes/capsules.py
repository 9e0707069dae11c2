"""Capsules: margin loss on how long each class's capsule is, and a decoder that must paint the picture from the right one.

S. Sabour, N. Frosst, G. Hinton, Dynamic routing between capsules, 2017, equation 4 and section 4.1.
"""

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
    id="capsules",
    title="Capsules with reconstruction",
    help="Learn to make one vector for each class: long where the class is there, and telling enough that a decoder can paint the picture from it.",
    parameters=(
        Parameter(
            "reconstruction",
            "float",
            0.0005,
            minimum=0,
            live=True,
            help="Weight of the decoder's squared error, summed over a picture, beside the margin loss. 0: the capsules learn from the labels alone.",
        ),
        Parameter("present", "float", 0.9, minimum=0, maximum=1, help="The right class's capsule is to be at least so long: m+ in the paper."),
        Parameter("absent", "float", 0.1, minimum=0, maximum=1, help="The other classes' capsules are to be at most so long: m- in the paper."),
        Parameter(
            "down_weight", "float", 0.5, minimum=0, help="How much the other classes count, so that not all capsules shrink at first: lambda in the paper."
        ),
    ),
    roles=("model", "decoder"),
    tasks=("classification",),
    metrics=("loss", "accuracy", "margin", "reconstruction"),
)


class CapsuleNetwork(keras.Model):
    """Trains a model, whose outputs are the lengths (batch, classes) and the capsules (batch, classes, size), and a decoder of capsules.

    The decoder sees one capsule alone, the others are zeros: while it learns the right one, otherwise the longest.
    """

    def __init__(self, model, decoder, reconstruction=0.0005, present=0.9, absent=0.1, down_weight=0.5):
        super().__init__()
        self.model = model
        self.decoder = decoder
        self.reconstruction = reconstruction
        self.present = present
        self.absent = absent
        self.down_weight = down_weight
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.accuracy = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
        self.margin_tracker = keras.metrics.Mean(name="margin")
        self.reconstruction_tracker = keras.metrics.Mean(name="reconstruction")
        self.built = True

    @property
    def metrics(self):
        return [self.loss_tracker, self.accuracy, self.margin_tracker, self.reconstruction_tracker]

    def call(self, x):
        return self.model(x)[0]

    def margin(self, labels, lengths):
        """What each sample adds to the margin loss, (batch,)."""
        is_there = ops.one_hot(labels, ops.shape(lengths)[1])
        too_short = ops.square(ops.relu(self.present - lengths))
        too_long = ops.square(ops.relu(lengths - self.absent))
        return ops.sum(is_there * too_short + self.down_weight * (1 - is_there) * too_long, axis=1)

    def losses_of(self, x, y, training):
        """The loss, and what each sample adds to it: margin, and squared error of what is painted."""
        lengths, capsules = self.model(x, training=training)
        labels = ops.cast(ops.reshape(y, (-1,)), "int32")
        kept = labels if training else ops.argmax(lengths, axis=1)
        made = self.decoder(capsules * ops.expand_dims(ops.one_hot(kept, ops.shape(lengths)[1]), -1), training=training)
        margin = self.margin(labels, lengths)
        error = ops.sum(ops.square(ops.reshape(x - made, (ops.shape(x)[0], -1))), axis=1)
        self.accuracy.update_state(labels, lengths)
        return ops.mean(margin + self.reconstruction * error) + sum(self.losses), margin, error

    def train_step(self, data):
        x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            loss, margin, error = self.losses_of(x, y, training=True)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        return self.measured(loss, margin, error)

    def test_step(self, data):
        x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
        return self.measured(*self.losses_of(x, y, training=False))

    def measured(self, loss, margin, error):
        self.loss_tracker.update_state(loss)
        self.margin_tracker.update_state(margin)
        self.reconstruction_tracker.update_state(error)
        return self.get_metrics_result()


def arrays(dataset: Dataset, part: str) -> tuple[np.ndarray, ...]:
    """Pictures (samples, height, width, channels) and labels (samples,)."""
    x, y = dataset.part(part)
    return x, y


def trainer(
    models: dict[str, keras.Model],
    optimizer: Optimizer,
    dataset: Dataset,
    reconstruction: float = 0.0005,
    present: float = 0.9,
    absent: float = 0.1,
    down_weight: float = 0.5,
) -> keras.Model:
    """A `CapsuleNetwork` of the two models."""
    model = CapsuleNetwork(models["model"], models["decoder"], reconstruction, present, absent, down_weight)
    model.compile(optimizer=optimizer(model.trainable_variables))
    return model


def problems(ends: Ends, spec: Spec, **arguments: object) -> Iterable[str]:
    """What does not fit between the capsules, the decoder and the data."""
    (taken, made), (wanted, painted) = ends["model"], ends["decoder"]
    if len(taken) != 1 or taken[0][1:] != spec.shape:
        yield f"The model must have one Input, of the data's shape {list(spec.shape)}."
    if len(made) != 2 or len(made[0]) != 2 or len(made[1]) != 3 or made[0][1] != made[1][1]:
        yield "The model must have two Outputs: how long each class's capsule is, and the capsules, a row for each class."
    elif len(spec.classes) > made[0][1]:
        yield f"The data has {len(spec.classes)} classes and the model has {made[0][1]} capsules: it needs one for each class."
    elif len(wanted) != 1 or wanted[0][1:] != made[1][1:]:
        yield f"The decoder must have one Input, of the capsules' shape {list(made[1][1:])}."
    if len(painted) != 1 or painted[0][1:] != spec.shape:
        yield f"The decoder must have one Output, of the data's shape {list(spec.shape)}."
