"""Variational autoencoder: an encoder to a distribution of codes, a decoder from codes, both trained on one bound.

D. P. Kingma and M. Welling, Auto-Encoding Variational Bayes, 2014; the step is that of keras.io's example.
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
    id="vae",
    title="Variational autoencoder",
    help="Learn to code each input as a small cloud of points, from which the input can be made again and new ones can be drawn.",
    parameters=(
        Parameter(
            "beta",
            "float",
            1.0,
            minimum=0,
            live=True,
            help="Weight of the KL term. Above 1 the codes are tidier and the pictures more blurred (beta-VAE); at 0 it is an autoencoder.",
        ),
        Parameter(
            "reconstruction",
            "choice",
            "binary_crossentropy",
            ("binary_crossentropy", "mean_squared_error"),
            help="How the output is compared with the input, summed over a sample. Cross-entropy wants values from 0 to 1.",
        ),
        Parameter("seed", "int", 0, minimum=0, help="Of the noise with which codes are drawn."),
    ),
    roles=("encoder", "decoder"),
    tasks=("classification", "regression", "none"),
    metrics=("loss", "reconstruction", "kl"),
)


class VariationalAutoencoder(keras.Model):
    """Trains an encoder, whose outputs are the mean and the log variance of the code, and a decoder of codes.

    Where the encoder has a third output, that is the drawn code; otherwise it is drawn here.
    """

    def __init__(self, encoder, decoder, beta=1.0, reconstruction="binary_crossentropy", seed=0):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.beta = beta
        self.reconstruction = reconstruction
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.reconstruction_tracker = keras.metrics.Mean(name="reconstruction")
        self.kl_tracker = keras.metrics.Mean(name="kl")
        self.built = True

    @property
    def metrics(self):
        return [self.loss_tracker, self.reconstruction_tracker, self.kl_tracker]

    def call(self, x):
        return self.decoder(self.encoder(x)[0])

    def bound(self, x, training):
        """The loss, and what each sample adds to it: reconstruction, summed over the sample, and KL, over the code."""
        mean, log_variance, *drawn = self.encoder(x, training=training)
        noise = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
        code = drawn[0] if drawn else mean + ops.exp(0.5 * log_variance) * noise
        made = self.decoder(code, training=training)
        error = ops.square(x - made) if self.reconstruction == "mean_squared_error" else ops.binary_crossentropy(x, made)
        reconstruction = ops.sum(error, axis=tuple(range(1, len(error.shape))))
        kl = -0.5 * ops.sum(1 + log_variance - ops.square(mean) - ops.exp(log_variance), axis=1)
        return ops.mean(reconstruction + self.beta * kl) + sum(self.losses), reconstruction, kl

    def train_step(self, data):
        x, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            loss, reconstruction, kl = self.bound(x, training=True)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        return self.measured(loss, reconstruction, kl)

    def test_step(self, data):
        x, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        return self.measured(*self.bound(x, training=False))

    def measured(self, loss, reconstruction, kl):
        self.loss_tracker.update_state(loss)
        self.reconstruction_tracker.update_state(reconstruction)
        self.kl_tracker.update_state(kl)
        return self.get_metrics_result()


def arrays(dataset: Dataset, part: str) -> tuple[np.ndarray, ...]:
    """Inputs alone, (samples, …)."""
    return (dataset.part(part)[0],)


def trainer(
    models: dict[str, keras.Model],
    optimizer: Optimizer,
    dataset: Dataset,
    beta: float = 1.0,
    reconstruction: str = "binary_crossentropy",
    seed: int = 0,
) -> keras.Model:
    """A `VariationalAutoencoder` of the two models."""
    model = VariationalAutoencoder(models["encoder"], models["decoder"], beta, reconstruction, seed)
    model.compile(optimizer=optimizer(model.trainable_variables))
    return model


def problems(ends: Ends, spec: Spec, beta: float = 1.0, reconstruction: str = "binary_crossentropy", seed: int = 0) -> Iterable[str]:
    """What does not fit between encoder, decoder and data."""
    (taken, codes), (wanted, made) = ends["encoder"], ends["decoder"]
    if len(taken) != 1 or taken[0][1:] != spec.shape:
        yield f"The encoder must have one Input, of the data's shape {list(spec.shape)}."
    if len(codes) not in (2, 3) or any(len(code) != 2 or code != codes[0] for code in codes):
        yield "The encoder must have two Outputs of one size, the mean and the log variance of the code, and may have a third, the drawn code."
    elif len(wanted) != 1 or wanted[0][1:] != codes[0][1:]:
        yield f"The decoder must have one Input, of the code's shape {list(codes[0][1:])}."
    if len(made) != 1 or made[0][1:] != spec.shape:
        yield f"The decoder must have one Output, of the data's shape {list(spec.shape)}."
    if spec.dtype != "float32":
        yield "A variational autoencoder needs data of real numbers, such as pictures; this data is of tokens."
