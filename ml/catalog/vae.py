"""The variational autoencoder: a picture to a place in a small space, and any place back to a picture."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, layers, ops
from ml.catalog.settings import SettingProblem
from ml.catalog.template import SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
A **variational autoencoder** is two networks with a narrow gate between them. The *encoder* turns a picture into a place in a latent space of a few
dimensions, and says how sure it is: a mean and a variance for each dimension. A point is drawn from that cloud, and the *decoder* paints a picture
from it. Two forces train them. The reconstruction loss wants the painted picture to be the given one. The Kullback-Leibler term wants all clouds
together to look like one round bell around zero. Without the second the space would have holes; with it nearly every point is a picture, so new ones
can be sampled. Drawing a point has no gradient; the trick is to draw the noise apart, z = mean + exp(½ · log variance) · noise, and you see it here
as nodes. `GaussianNoise` is silent outside training, so then z is the mean.

## What to watch
The two parts of the loss against each other. If the KL term of a dimension falls to zero, that dimension says nothing: *posterior collapse*. Walk
through the latent plane: neighbours look alike, and between a 3 and an 8 there are pictures that are both.

## What to try
- `latent` 2, then 16: sharper pictures, but a space that can no longer be drawn.
- `beta` at 0: perfect copies, useless samples. At 10: round clouds, blurred pictures.
- Interpolate between two samples and look for the moment when one digit becomes the other.

## The paper
D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013. The `paper` preset is keras.io's convolutional VAE for 28×28 digits: two latent
dimensions, 69,076 parameters in the encoder and 65,089 in the decoder.
"""

TEMPLATE = Template(
    id="vae",
    title="Variational autoencoder",
    family="Generative",
    summary="A picture to a place in a small space and any place back to a picture, so that new pictures can be made.",
    page=PAGE,
    recipe=Choice("vae"),
    data=Data("digits"),
    training=Training(epochs=80, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.002})),
    presets={
        "lite": {},
        "paper": {"data.size": 28, "units": 16, "training.epochs": 30, "training.batch_size": 128, "training.optimizer": "Adam"},
    },
    parameters=(
        Parameter("latent", "int", 2, minimum=1, help="How many dimensions the latent space has."),
        Parameter("filters", "list", [32, 64], help="Filters of each convolution, which halves height and width; the decoder has them in reverse."),
        Parameter("units", "int", 64, minimum=1, help="The size of the dense layer between the convolutions and the latent space."),
        SHAPE,
    ),
)


def build(shape: Sequence[int] = (8, 8, 1), latent: int = 2, filters: Sequence[int] = (32, 64), units: int = 64) -> dict[str, Graph]:
    """`encoder`: pictures (batch, height, width, channels) to z_mean, z_log_var and z, (batch, latent) each. `decoder`: (batch, latent) to pictures."""
    factor = 2 ** len(filters)
    if len(shape) != 3 or shape[0] % factor or shape[1] % factor:
        raise SettingProblem(f"vae needs pictures whose height and width can be halved {len(filters)} times, and these have the shape {tuple(shape)}.")
    return {"encoder": encoder(shape, latent, filters, units), "decoder": decoder(shape, latent, filters)}


def encoder(shape: Sequence[int], latent: int, filters: Sequence[int], units: int) -> Graph:
    """A picture to the mean and the logarithm of the variance of its place, and a place drawn with them."""
    inputs = x = Input(shape)
    for count in filters:
        x = layers.Conv2D(count, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(units, activation="relu")(x)
    mean = layers.Dense(latent, name="mean")(x)
    log_var = layers.Dense(latent, name="log_var")(x)
    noise = layers.GaussianNoise(1.0, name="noise")(ops.zeros_like(mean))
    return Model(inputs, {"z_mean": mean, "z_log_var": log_var, "z": mean + ops.exp(log_var * 0.5) * noise})


def decoder(shape: Sequence[int], latent: int, filters: Sequence[int]) -> Graph:
    """A place to a picture."""
    height, width, channels = shape
    factor = 2 ** len(filters)
    small = [height // factor, width // factor, filters[-1]]
    inputs = Input([latent])
    x = layers.Dense(small[0] * small[1] * small[2], activation="relu")(inputs)
    x = layers.Reshape(small)(x)
    for count in reversed(filters):
        x = layers.Conv2DTranspose(count, 3, strides=2, padding="same", activation="relu")(x)
    return Model(inputs, layers.Conv2DTranspose(channels, 3, padding="same", activation="sigmoid")(x))
