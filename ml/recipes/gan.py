"""Generative adversarial network: a generator of pictures from noise against a discriminator of real from fake.

I. Goodfellow et al., Generative Adversarial Nets, 2014, with the generator's non-saturating loss; the step is that of
keras.io's DCGAN, but that real and fake pictures go through the discriminator apart, as batch normalization wants it.
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
    id="gan",
    title="Generative adversarial network",
    help="Two models against each other: one makes samples out of noise, the other learns to tell them from real ones.",
    parameters=(
        Parameter(
            "train",
            "choice",
            "both",
            ("both", "generator", "discriminator"),
            live=True,
            help="Which of the two learns. While one stands still, the losses of both are still measured.",
        ),
        Parameter(
            "label_smoothing",
            "float",
            0.0,
            minimum=0,
            maximum=0.5,
            live=True,
            help="The discriminator shall call real samples 1 minus this, so that it does not become too sure.",
        ),
        Parameter("from_logits", "bool", False, help="True where the discriminator ends without sigmoid."),
        Parameter("seed", "int", 0, minimum=0, help="Of the noise that the generator is fed."),
    ),
    roles=("generator", "discriminator"),
    tasks=("classification", "regression", "none"),
    metrics=("generator_loss", "discriminator_loss", "real_output", "fake_output"),
)


class GenerativeAdversarialNetwork(keras.Model):
    """Trains a generator (noise to samples) and a discriminator (a sample to one number, high for real)."""

    def __init__(self, generator, discriminator, train="both", label_smoothing=0.0, from_logits=False, seed=0):
        super().__init__()
        self.generator = generator
        self.discriminator = discriminator
        self.train = train
        self.label_smoothing = label_smoothing
        self.from_logits = from_logits
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.generator_loss = keras.metrics.Mean(name="generator_loss")
        self.discriminator_loss = keras.metrics.Mean(name="discriminator_loss")
        self.real_output = keras.metrics.Mean(name="real_output")
        self.fake_output = keras.metrics.Mean(name="fake_output")
        self.built = True

    def compile(self, generator_optimizer, discriminator_optimizer, **arguments):
        super().compile(**arguments)
        self.generator_optimizer = generator_optimizer
        self.discriminator_optimizer = discriminator_optimizer

    @property
    def metrics(self):
        return [self.generator_loss, self.discriminator_loss, self.real_output, self.fake_output]

    def call(self, noise):
        return self.generator(noise)

    def noise_for(self, real):
        return keras.random.normal((ops.shape(real)[0], *self.generator.input_shape[1:]), seed=self.seed_generator)

    def cross_entropy(self, target, output):
        return ops.mean(ops.binary_crossentropy(ops.full_like(output, target), output, from_logits=self.from_logits))

    def judge(self, real, training):
        """The discriminator's loss; what it says of real and of fake samples goes into the metrics."""
        fake = self.generator(self.noise_for(real), training=training)
        real_output = self.discriminator(real, training=training)
        fake_output = self.discriminator(ops.stop_gradient(fake), training=training)
        loss = self.cross_entropy(1 - self.label_smoothing, real_output) + self.cross_entropy(0.0, fake_output)
        self.discriminator_loss.update_state(loss)
        self.real_output.update_state(ops.sigmoid(real_output) if self.from_logits else real_output)
        self.fake_output.update_state(ops.sigmoid(fake_output) if self.from_logits else fake_output)
        return loss + sum(self.discriminator.losses)

    def deceive(self, real, training):
        """The generator's loss: how far the discriminator is from calling its samples real."""
        fake = self.generator(self.noise_for(real), training=training)
        loss = self.cross_entropy(1.0, self.discriminator(fake, training=training))
        self.generator_loss.update_state(loss)
        return loss + sum(self.generator.losses)

    def train_step(self, data):
        real, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            loss = self.judge(real, training=True)
        if self.train != "generator":
            variables = self.discriminator.trainable_variables
            self.discriminator_optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        with tf.GradientTape() as tape:
            loss = self.deceive(real, training=True)
        if self.train != "discriminator":
            variables = self.generator.trainable_variables
            self.generator_optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        return self.get_metrics_result()

    def test_step(self, data):
        real, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        self.judge(real, training=False)
        self.deceive(real, training=False)
        return self.get_metrics_result()


def arrays(dataset: Dataset, part: str) -> tuple[np.ndarray, ...]:
    """Real samples alone, (samples, …)."""
    return (dataset.part(part)[0],)


def trainer(
    models: dict[str, keras.Model],
    optimizer: Optimizer,
    dataset: Dataset,
    train: str = "both",
    label_smoothing: float = 0.0,
    from_logits: bool = False,
    seed: int = 0,
) -> keras.Model:
    """A `GenerativeAdversarialNetwork` of the two models, each with an optimizer of its own."""
    generator, discriminator = models["generator"], models["discriminator"]
    model = GenerativeAdversarialNetwork(generator, discriminator, train, label_smoothing, from_logits, seed)
    model.compile(optimizer(generator.trainable_variables), optimizer(discriminator.trainable_variables))
    return model


def problems(ends: Ends, spec: Spec, **arguments: object) -> Iterable[str]:
    """What does not fit between generator, discriminator and data."""
    (noise, made), (judged, verdict) = ends["generator"], ends["discriminator"]
    if len(noise) != 1 or None in noise[0][1:]:
        yield "The generator must have one Input, the noise, of a fixed size."
    if len(made) != 1 or made[0][1:] != spec.shape:
        yield f"The generator must have one Output, of the data's shape {list(spec.shape)}."
    if len(judged) != 1 or judged[0][1:] != spec.shape:
        yield f"The discriminator must have one Input, of the data's shape {list(spec.shape)}."
    if len(verdict) != 1 or verdict[0][1:] != (1,):
        yield "The discriminator must have one Output, of 1 unit."
    if spec.dtype != "float32":
        yield "A generative adversarial network needs data of real numbers, such as pictures; this data is of tokens."
