"""Side by side: two models, `deep` and `wide`, that learn the same from the same batches, and what is measured of both."""

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
    id="side_by_side",
    title="Side by side",
    help="Two models learn the same task from the same batches, each with an optimizer of its own, and are compared while they do.",
    roles=("deep", "wide"),
    tasks=("classification", "regression"),
    metrics=("deep_loss", "wide_loss", "deep_accuracy", "wide_accuracy", "deep_mean_absolute_error", "wide_mean_absolute_error"),
)


class SideBySide(keras.Model):
    """Trains several models on the same batches: by cross-entropy where there are classes, by the squared error where there are none."""

    def __init__(self, models, classes):
        super().__init__()
        self.deep, self.wide = models["deep"], models["wide"]
        self.classes = classes
        score = "accuracy" if classes else "mean_absolute_error"
        self.losses_by_role = {role: keras.metrics.Mean(name=f"{role}_loss") for role in ("deep", "wide")}
        self.scores_by_role = {role: keras.metrics.Mean(name=f"{role}_{score}") for role in ("deep", "wide")}
        self.built = True

    def compile(self, deep_optimizer, wide_optimizer, **arguments):
        super().compile(**arguments)
        self.deep_optimizer = deep_optimizer
        self.wide_optimizer = wide_optimizer

    @property
    def metrics(self):
        return [*self.losses_by_role.values(), *self.scores_by_role.values()]

    def call(self, x):
        return self.deep(x), self.wide(x)

    def judge(self, role, x, y, training):
        """The loss of one model on a batch; it and the score go into the metrics."""
        model = getattr(self, role)
        said = model(x, training=training)
        if not self.classes:
            loss, score = ops.mean(ops.square(said - y)), ops.abs(said - y)
        elif said.shape[-1] == 1:
            loss = ops.mean(ops.binary_crossentropy(ops.cast(y, said.dtype), said[:, 0]))
            score = ops.equal(ops.cast(said[:, 0] > 0.5, "int32"), ops.cast(y, "int32"))
        else:
            loss = ops.mean(ops.sparse_categorical_crossentropy(y, said))
            score = ops.equal(ops.cast(ops.argmax(said, axis=-1), "int32"), ops.cast(y, "int32"))
        loss = loss + sum(model.losses)
        self.losses_by_role[role].update_state(loss)
        self.scores_by_role[role].update_state(score)
        return loss

    def train_step(self, data):
        x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
        for role, model, optimizer in (("deep", self.deep, self.deep_optimizer), ("wide", self.wide, self.wide_optimizer)):
            with tf.GradientTape() as tape:
                loss = self.judge(role, x, y, training=True)
            gradients = tape.gradient(loss, model.trainable_variables)
            optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return self.get_metrics_result()

    def test_step(self, data):
        x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
        self.judge("deep", x, y, training=False)
        self.judge("wide", x, y, training=False)
        return self.get_metrics_result()


def arrays(dataset: Dataset, part: str) -> tuple[np.ndarray, ...]:
    """Inputs (samples, …) and labels (samples,) or targets (samples, 1)."""
    x, y = dataset.part(part)
    return x, y


def trainer(models: dict[str, keras.Model], optimizer: Optimizer, dataset: Dataset) -> keras.Model:
    """A `SideBySide` of the two models."""
    made = SideBySide(models, len(dataset.classes))
    made.compile(optimizer(models["deep"].trainable_variables), optimizer(models["wide"].trainable_variables))
    return made


def problems(ends: Ends, spec: Spec) -> Iterable[str]:
    """What does not fit between one of the models and the data."""
    wanted = len(spec.classes)
    for role, (inputs, outputs) in ends.items():
        if len(inputs) != 1 or len(outputs) != 1:
            yield f"The {role} model must have one Input and one Output; it has {len(inputs)} and {len(outputs)}."
        elif inputs[0][1:] != spec.shape:
            yield f"The {role} model's Input must have the shape {list(spec.shape)}, as the data has."
        elif outputs[0][1:] not in ((wanted or 1,), (1,) if wanted == 2 else (wanted or 1,)):
            yield f"The {role} model must end with {wanted or 1} units."
