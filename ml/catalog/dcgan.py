"""The deep convolutional GAN: a generator that paints and a discriminator that doubts, trained against each other."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from ml.catalog.recorder import Input, Model, Tensor, layers
from ml.catalog.settings import SettingProblem
from ml.catalog.template import SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
A **generative adversarial network** is a game for two. The *generator* gets random numbers and paints a picture. The *discriminator* gets pictures,
half real and half painted, and says for each how real it looks. One learns to tell them apart, the other to be taken for real. Nobody ever says what
a digit looks like. **DC** stands for deep convolutional, and for the rules that made such games stable: strided convolutions in place of pooling,
transposed convolutions upwards, batch normalization in both networks but not where pixels enter or leave, `relu` in the generator, a leaky one in the
discriminator.

## What to watch
The grid from fixed noise, painted again as training goes on. Do not wait for a loss to fall. In a good game both go sideways and neither wins. If the
discriminator's goes to zero, it has won, and the generator learns nothing more. Count the kinds of digits in the grid: few kinds, many times, is
*mode collapse*.

## What to try
- Train only the discriminator for a while, then only the generator.
- Learning rate 0.01 for both: watch the game break.
- Interpolate between two noise vectors. Does the picture change in small steps, or jump?
- Remove batch normalization from the generator and see how the variety suffers.

## The paper
A. Radford, L. Metz, S. Chintala, *Unsupervised representation learning with deep convolutional generative adversarial networks*, 2015, after I.
Goodfellow and others, *Generative adversarial nets*, 2014. The `paper` preset paints 64×64 in colour from 100 numbers: 3,576,704 weights in the
generator and 2,765,568 in the discriminator, the moving averages of batch normalization not counted. The paper's pixels go from −1 to 1 and its
generator ends in tanh. Here pixels go from 0 to 1, so it ends in a sigmoid, the same curve between other ends.
"""

TEMPLATE = Template(
    id="dcgan",
    title="Deep convolutional GAN",
    family="Generative",
    summary="A generator that paints from noise and a discriminator that doubts, each the other's teacher.",
    page=PAGE,
    recipe=Choice("gan", {"from_logits": True}),
    data=Data("digits"),
    training=Training(epochs=80, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.001, "beta_1": 0.5})),
    presets={
        "lite": {},
        "paper": {
            "data.size": 64,
            "data.channels": 3,
            "latent": 100,
            "width": 64,
            "smallest": 4,
            "training.batch_size": 128,
            "training.optimizer.learning_rate": 0.0002,
        },
    },
    parameters=(
        Parameter("latent", "int", 32, minimum=1, help="How many random numbers a picture is painted from."),
        Parameter("width", "int", 32, minimum=1, help="Channels next to the picture; they double with each halving of its size."),
        Parameter("smallest", "int", 2, minimum=1, help="Height and width of the smallest maps, where the generator begins and the discriminator ends."),
        SHAPE,
    ),
)

NORMAL = {"class_name": "RandomNormal", "config": {"stddev": 0.02}}
"""Of the paper, for all kernels."""


def build(shape: Sequence[int] = (8, 8, 1), latent: int = 32, width: int = 32, smallest: int = 2) -> dict[str, Graph]:
    """`generator`: noise (batch, latent) to pictures (batch, *shape), 0 to 1. `discriminator`: pictures to a logit (batch, 1), high where they look real."""
    halvings = log2(shape[0] / smallest) if shape else 0
    if len(shape) != 3 or shape[0] != shape[1] or halvings < 1 or halvings % 1:
        raise SettingProblem(
            f"dcgan needs square pictures of {2 * smallest}, {4 * smallest}, {8 * smallest} … pixels, and these have the shape {tuple(shape)}."
        )
    widths = [width * 2**step for step in range(int(halvings))]
    return {"generator": generator(shape[-1], latent, widths, smallest), "discriminator": discriminator(shape, widths, smallest)}


def generator(channels: int, latent: int, widths: Sequence[int], smallest: int) -> Graph:
    """Noise (batch, latent) to the smallest maps, and twice as large at each step."""
    inputs = Input([latent])
    x = layers.Reshape([1, 1, latent])(inputs)
    x = layers.Conv2DTranspose(widths[-1], smallest, use_bias=False, kernel_initializer=NORMAL)(x)
    x = layers.ReLU()(_normalized(x))
    for count in reversed(widths[:-1]):
        x = layers.Conv2DTranspose(count, 4, strides=2, padding="same", use_bias=False, kernel_initializer=NORMAL)(x)
        x = layers.ReLU()(_normalized(x))
    x = layers.Conv2DTranspose(channels, 4, strides=2, padding="same", use_bias=False, kernel_initializer=NORMAL, activation="sigmoid")(x)
    return Model(inputs, x)


def discriminator(shape: Sequence[int], widths: Sequence[int], smallest: int) -> Graph:
    """A picture, half as large at each step, to one logit."""
    inputs = Input(shape)
    x = layers.Rescaling(2.0, offset=-1.0)(inputs)
    x = layers.Conv2D(widths[0], 4, strides=2, padding="same", use_bias=False, kernel_initializer=NORMAL)(x)
    x = layers.LeakyReLU(0.2)(x)
    for count in widths[1:]:
        x = layers.Conv2D(count, 4, strides=2, padding="same", use_bias=False, kernel_initializer=NORMAL)(x)
        x = layers.LeakyReLU(0.2)(_normalized(x))
    x = layers.Conv2D(1, smallest, use_bias=False, kernel_initializer=NORMAL)(x)
    return Model(inputs, layers.Flatten()(x))


def _normalized(x: Tensor) -> Tensor:
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
