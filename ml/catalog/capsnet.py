"""CapsNet: groups of units whose length says whether something is there and whose direction says how it is, routed by agreement."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from ml.catalog.recorder import Input, Model, Tensor, block, layers, ops
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
A unit of an ordinary network says how strongly it has found something, and no more. A **capsule** is a small group of units that says two things: the
length of its vector says whether the thing is there, its direction says how it is: slanted, thick, wide. Primary capsules are a convolution whose
channels are taken in groups. Each predicts, by a matrix of its own, the capsule of every class. **Routing by agreement** then decides who is heard: a
class's capsule is the mean of what is predicted of it, and whoever agrees with that mean counts more in the next round. *Squash* keeps every length
below one. The longest capsule names the class. A decoder has to paint the picture from that capsule alone, so that its numbers mean something.

## What to watch
The panel Generator. Reconstructions: each picture, and below it what is painted of it. What each number does: one digit painted again and again, a row
for each number of its capsule. At first the rows look alike. Then one row slants the digit, another makes it thicker or wider.

## What to try
- `routings` 1, so that everyone is heard alike: 98.5 % right instead of 99.1 %. Digits this small need little routing.
- `reconstruction` at 0: 98.7 % right, but what is painted stays grey and the numbers mean nothing to the eye.
- Open `routing` and look into one `iteration`: softmax, weighted sum, squash, agreement.

## The paper
S. Sabour, N. Frosst, G. Hinton, *Dynamic routing between capsules*, 2017: 0.25 % error on MNIST. The `paper` preset is its network for 28×28: 6,804,224
weights, and 1,411,344 in the decoder, 8,215,568 together.
"""

TEMPLATE = Template(
    id="capsnet",
    title="CapsNet",
    family="Convolutional",
    summary="Vectors instead of numbers: a capsule's length says whether a digit is there, its direction how it is written.",
    page=PAGE,
    recipe=Choice("capsules", {"reconstruction": 0.05}),
    data=Data("digits"),
    training=Training(epochs=40, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.002}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "data.size": 28,
            "filters": 256,
            "kernel_size": 9,
            "primary_channels": 32,
            "capsule_dim": 16,
            "decoder_units": [512, 1024],
            "recipe.reconstruction": 0.0005,
            "training.epochs": 50,
            "training.batch_size": 128,
            "training.optimizer.learning_rate": 0.001,
            "training.schedule": "ExponentialDecay",
            "training.schedule.decay_steps": 2000,
            "training.schedule.decay_rate": 0.96,
        },
    },
    parameters=(
        Parameter("filters", "int", 48, minimum=1, help="Filters of the first convolution, the only one that is none of capsules."),
        Parameter("kernel_size", "int", 3, minimum=1, help="Height and width of the windows of both convolutions, in pixels."),
        Parameter("primary_channels", "int", 12, minimum=1, help="How many kinds of primary capsules there are; each is everywhere in the picture."),
        Parameter("primary_dim", "int", 8, minimum=1, help="How many numbers a primary capsule has."),
        Parameter("capsule_dim", "int", 16, minimum=1, help="How many numbers the capsule of a class has."),
        Parameter(
            "routings", "int", 3, minimum=1, maximum=10, help="How often the routing is repeated, until primary capsules agree on where to send what they say."
        ),
        Parameter("decoder_units", "list", [96, 192], help="The sizes of the decoder's hidden dense layers."),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (8, 8, 1),
    classes: int = 10,
    filters: int = 48,
    kernel_size: int = 3,
    primary_channels: int = 12,
    primary_dim: int = 8,
    capsule_dim: int = 16,
    routings: int = 3,
    decoder_units: Sequence[int] = (96, 192),
) -> dict[str, Graph]:
    """`model`: pictures to lengths (batch, classes) and capsules (batch, classes, size). `decoder`: capsules to pictures."""
    if len(shape) != 3:
        raise SettingProblem(f"capsnet needs pictures (height, width, channels), and this data has the shape {tuple(shape)}: try mlp.")
    rows, columns = ((size - kernel_size + 1 - kernel_size) // 2 + 1 for size in shape[:2])
    if min(rows, columns) < 1:
        least = f"at least {2 * kernel_size - 1} × {2 * kernel_size - 1} pixels for its windows of {kernel_size}"
        raise SettingProblem(f"capsnet needs pictures of {least}, and these have the shape {tuple(shape)}: take larger ones or a smaller kernel_size.")
    picture = Input(shape, name="picture")
    x = layers.Conv2D(filters, kernel_size, activation="relu", name="conv")(picture)
    count = rows * columns * primary_channels
    maps = [shape[0] - kernel_size + 1, shape[1] - kernel_size + 1, filters]
    x = block(primary_capsules(maps, count, primary_channels, primary_dim, kernel_size), name="primary")(x)
    x = layers.EinsumDense("bid,idjk->bijk", [count, classes, capsule_dim], name="predictions")(x)
    capsules = block(routing(count, classes, capsule_dim, routings), name="routing")(x)
    lengths = ops.sqrt(ops.sum(ops.square(capsules), axis=-1) + 1e-7, name="length")
    return {"model": Model(picture, {"lengths": lengths, "capsules": capsules}), "decoder": decoder(shape, classes, capsule_dim, decoder_units)}


def primary_capsules(shape: Sequence[int], count: int, channels: int, size: int, kernel_size: int) -> Graph:
    """A convolution whose channels are taken in groups: feature maps to (batch, capsules, size), squashed."""
    inputs = Input(shape)
    x = layers.Conv2D(channels * size, kernel_size, strides=2, name="conv")(inputs)
    x = layers.Reshape([count, size])(x)
    return Model(inputs, block(squash([count, size]), name="squash")(x))


def squash(shape: Sequence[int]) -> Graph:
    """Vectors (batch, …, size) to such of the same directions, short ones nearly 0 long, long ones nearly 1. Equation 1 of the paper."""
    vectors = Input(shape, name="vectors")
    squared = ops.sum(ops.square(vectors), axis=-1, keepdims=True, name="squared_length")
    return Model(vectors, vectors * (ops.sqrt(squared + 1e-7) / (1 + squared)))


def routing(count: int, classes: int, size: int, times: int) -> Graph:
    """What each capsule predicts of each class (batch, capsules, classes, size) to a capsule a class (batch, classes, size). Procedure 1 of the paper."""
    predictions = Input([count, classes, size], name="predictions")
    logits = ops.zeros_like(predictions[:, :, :, 0], name="no_preference")
    for number in range(1, times):
        logits = block(iteration(count, classes, size, is_last=False), name=f"iteration_{number}")(predictions, logits)
    return Model(predictions, {"capsules": block(iteration(count, classes, size, is_last=True), name=f"iteration_{times}")(predictions, logits)})


def iteration(count: int, classes: int, size: int, is_last: bool) -> Graph:
    """Each class's capsule is the mean of what is predicted, weighted by preference; who agrees with it will prefer it more.

    Predictions (batch, capsules, classes, size) and logits of the preference (batch, capsules, classes) to new logits, or of the last to the capsules.
    """
    predictions = Input([count, classes, size], name="predictions")
    logits = Input([count, classes], name="logits")
    coupling = ops.softmax(logits, axis=-1, name="coupling")
    total = ops.einsum("bij,bijk->bjk", coupling, predictions, name="weighted_sum")
    capsules = block(squash([classes, size]), name="squash")(total)
    if is_last:
        return Model([predictions, logits], {"capsules": capsules})
    agreement = ops.einsum("bijk,bjk->bij", predictions, capsules, name="agreement")
    return Model([predictions, logits], {"preference": logits + agreement})


def decoder(shape: Sequence[int], classes: int, size: int, units: Sequence[int]) -> Graph:
    """Capsules (batch, classes, size), all but one of them zeros, to a picture."""
    capsules = Input([classes, size], name="capsules")
    x: Tensor = layers.Flatten()(capsules)
    for number in units:
        x = layers.Dense(number, activation="relu")(x)
    x = layers.Dense(prod(shape), activation="sigmoid")(x)
    return Model(capsules, layers.Reshape(list(shape))(x))
