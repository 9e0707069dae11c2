"""Closed form: the weights of the last layer worked out from the data, instead of found step by step.

Two problems have a formula for their answer. Where there are classes: each a Gaussian cloud of the features, all of one covariance, whose probabilities
are a softmax of linear functions (C. M. Bishop, Pattern Recognition and Machine Learning, 2006, 4.2). Where there are numbers: the least squares, with
the layer's own L2 penalty if it has one (A. E. Hoerl and R. W. Kennard, Ridge Regression, 1970). Both need no more of the data than their sums.
"""

from __future__ import annotations

from collections.abc import Iterable

import keras
import numpy as np
from keras import ops

from ml.data.dataset import Dataset, Spec
from ml.project.parameters import Parameter
from ml.recipes import Ends, Optimizer
from ml.tables import Entry

RECIPE = Entry(
    id="closed_form",
    title="Closed form",
    help="Work out the last Dense layer by a formula: a Gaussian for each class, or the least squares for a number. The layers before it stay.",
    parameters=(
        Parameter("washout", "int", 0, minimum=0, help="Of series: how many first steps in time are left out, while the state still depends on its start."),
        Parameter(
            "connectivity", "float", 1.0, minimum=0, maximum=1, help="Which part of the recurrent weights of frozen recurrent layers is left, by chance."
        ),
        Parameter(
            "spectral_radius",
            "float",
            None,
            minimum=0,
            help="What the recurrent weights of frozen recurrent layers are scaled to: the greatest size of their eigenvalues. Nothing: they stay as drawn.",
        ),
    ),
    roles=("model",),
    tasks=("classification", "regression"),
    metrics=("loss", "accuracy", "mean_absolute_error"),
)
SMALLEST = 1e-8
"""A direction in which the features vary by less than this part of their mean square says nothing: float32 would round what it says away."""


class ClosedForm(keras.Model):
    """Adds up what it is shown, and gives the last Dense layer of a model the weights that are right for all of it so far.

    The sums are of T (samples, units), which is 1 at the label or the target itself, and of the features H (samples, d) that the layer gets.
    """

    def __init__(self, model, classes=0, washout=0):
        super().__init__()
        self.model = model
        self.classes = classes
        self.washout = washout
        self.last = last_dense(model)
        self.features = keras.Model(model.input, self.last.input)
        width, units = self.last.kernel.shape
        self.penalty = penalty_of(self.last)
        self.seen = total((), "seen")
        self.sum_h = total((width,), "sum_h")
        self.sum_t = total((classes or units,), "sum_t")
        self.sum_hh = total((width, width), "sum_hh")
        self.sum_ht = total((width, classes or units), "sum_ht")
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.score_tracker = keras.metrics.Mean(name="accuracy" if classes else "mean_absolute_error")
        self.built = True

    @property
    def metrics(self):
        return [self.loss_tracker, self.score_tracker]

    def call(self, x):
        return self.model(x)

    def train_step(self, data):
        x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
        self.add(self.features(x, training=False), y)
        kernel, bias = self.gaussians() if self.classes else self.least_squares()
        self.last.kernel.assign(ops.cast(kernel, self.last.kernel.dtype))
        if self.last.use_bias:
            self.last.bias.assign(ops.cast(bias, self.last.bias.dtype))
        return self.test_step(data)

    def add(self, features, y):
        """Add a batch to the sums."""
        h = rows(features[:, self.washout :] if len(features.shape) > 2 else features)
        t = ops.one_hot(y, self.classes) if self.classes else rows(y[:, self.washout :] if len(y.shape) > 2 else y)
        h, t = ops.cast(h, "float64"), ops.cast(t, "float64")
        self.seen.assign_add(ops.cast(ops.shape(h)[0], "float64"))
        self.sum_h.assign_add(ops.sum(h, axis=0))
        self.sum_t.assign_add(ops.sum(t, axis=0))
        self.sum_hh.assign_add(ops.matmul(ops.transpose(h), h))
        self.sum_ht.assign_add(ops.matmul(ops.transpose(h), t))

    def gaussians(self):
        """The kernel (d, units) and the bias (units,) by which a softmax gives the classes' probabilities: from their means, shares and common covariance."""
        share = self.sum_t / self.seen
        means = self.sum_ht / ops.maximum(self.sum_t, 1.0)
        covariance = self.sum_hh / self.seen - ops.matmul(means * share, ops.transpose(means))
        kernel = ops.matmul(inverse(covariance, ops.diagonal(self.sum_hh) / self.seen), means)
        bias = ops.log(ops.maximum(share, 1e-7)) - 0.5 * ops.sum(means * kernel, axis=0)
        if self.last.units == 1:
            return kernel[:, 1:] - kernel[:, :1], bias[1:] - bias[:1]
        return kernel, bias

    def least_squares(self):
        """The kernel (d, units) and the bias (units,) with the least mean squared error plus penalty times the sum of the squared kernel."""
        hh, ht = self.sum_hh / self.seen, self.sum_ht / self.seen
        moments = ops.diagonal(hh)
        h, t = self.sum_h / self.seen, self.sum_t / self.seen
        if self.last.use_bias:
            hh, ht = hh - h[:, None] * h[None, :], ht - h[:, None] * t[None, :]
        kernel = ops.matmul(inverse(hh + self.penalty * ops.eye(h.shape[0], dtype="float64"), moments), ht)
        return kernel, t - ops.matmul(h, kernel)

    def test_step(self, data):
        x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
        said = self.model(x, training=False)
        if not self.classes:
            loss, score = ops.mean(ops.square(said - y)), ops.abs(said - y)
        elif self.last.units == 1:
            loss = ops.mean(ops.binary_crossentropy(ops.cast(y, said.dtype), said[:, 0]))
            score = ops.equal(ops.cast(said[:, 0] > 0.5, "int32"), ops.cast(y, "int32"))
        else:
            loss = ops.mean(ops.sparse_categorical_crossentropy(y, said))
            score = ops.equal(ops.argmax(said, axis=-1), ops.cast(y, "int32"))
        self.loss_tracker.update_state(loss + sum(self.model.losses))
        self.score_tracker.update_state(score)
        return self.get_metrics_result()


def last_dense(model):
    """The Dense layer that a model ends with. Raises ValueError where there is none."""
    found = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    if not found or found[-1].units != model.output.shape[-1]:
        raise ValueError("The closed form is that of a Dense layer at the end of the model, outside of blocks: let the model end with one.")
    return found[-1]


def penalty_of(layer):
    """The weight of a layer's L2 penalty on its kernel. Raises ValueError for a penalty that has no closed form."""
    if layer.kernel_regularizer is None:
        return 0.0
    if type(layer.kernel_regularizer) is not keras.regularizers.L2:
        raise ValueError(f"{layer.name}: only an L2 kernel_regularizer has a closed form.")
    return float(layer.kernel_regularizer.l2)


def total(shape, name):
    """A sum that goes on from batch to batch."""
    return keras.Variable(np.zeros(shape), dtype="float64", trainable=False, name=name)


def rows(values):
    """(…, d) as (rows, d)."""
    return ops.reshape(values, (-1, values.shape[-1]))


def inverse(matrix, moments):
    """The inverse of a covariance (d, d) of features whose mean squares are `moments` (d,), along all directions that say something.

    Each feature is measured by its own size, so units don't matter; the rest is as the pseudo-inverse has it.
    """
    size = ops.sqrt(ops.where(moments > 0.0, moments, 1.0))
    scale = size[:, None] * size[None, :]
    spreads, directions = ops.eigh(matrix / scale)
    kept = spreads > SMALLEST
    return ops.matmul(directions * ops.where(kept, 1.0 / ops.where(kept, spreads, 1.0), 0.0), ops.transpose(directions)) / scale


def arrays(dataset: Dataset, part: str) -> tuple[np.ndarray, ...]:
    """Inputs (samples, …) and labels (samples,) or targets (samples, …, units)."""
    x, y = dataset.part(part)
    return x, y


def prepared(model, connectivity, spectral_radius):
    """Make a reservoir of each frozen recurrent layer: sparse, and with a memory as long as `spectral_radius` lets it be.

    H. Jaeger, The echo state approach to analysing and training recurrent neural networks, 2001. Raises ValueError where nothing is left to be scaled.
    """
    for layer in model.layers:
        if isinstance(layer, keras.layers.SimpleRNN) and not layer.trainable:
            kernel = layer.cell.recurrent_kernel
            left = ops.convert_to_numpy(keras.random.uniform(kernel.shape)) < connectivity
            weights = ops.convert_to_numpy(kernel) * left
            if spectral_radius is not None:
                radius = np.abs(np.linalg.eigvals(weights)).max()
                if radius < 1e-6:
                    raise ValueError(f"{layer.name}: a connectivity of {connectivity:g} leaves no loops among {len(weights)} units: raise it.")
                weights = weights * (spectral_radius / radius)
            kernel.assign(weights)


def trainer(
    models: dict[str, keras.Model],
    optimizer: Optimizer | None,
    dataset: Dataset,
    washout: int = 0,
    connectivity: float = 1.0,
    spectral_radius: float | None = None,
) -> keras.Model:
    """A `ClosedForm` of the model; there is nothing for an optimizer to do. Raises ValueError where the last layer has no closed form."""
    if connectivity < 1 or spectral_radius is not None:
        prepared(models["model"], connectivity, spectral_radius)
    made = ClosedForm(models["model"], len(dataset.classes), washout)
    made.compile(optimizer=None)
    return made


def problems(ends: Ends, spec: Spec, washout: int = 0, connectivity: float = 1.0, spectral_radius: float | None = None) -> Iterable[str]:
    """What does not fit between the model and the data."""
    if spec.task and spec.task not in RECIPE.tasks:
        yield "The closed form needs data with classes or with a number to predict, such as iris or mackey_glass."
        return
    inputs, outputs = ends["model"]
    wanted = len(spec.classes)
    if len(inputs) != 1 or len(outputs) != 1:
        yield f"The closed form is of a model with one Input and one Output; this one has {len(inputs)} and {len(outputs)}."
    elif len(inputs[0]) != len(spec.shape) + 1:
        yield f"The Input must have the shape {list(spec.shape)}, as the data has."
    elif wanted and outputs[0][1:] not in {(wanted,), (1,) if wanted == 2 else (wanted,)}:
        yield f"The data has {wanted} classes: the model must end with {wanted} units."
    elif washout and washout >= (outputs[0][1] or washout + 1 if len(outputs[0]) > 2 else 0):
        yield f"A washout of {washout} leaves nothing of the series."
