"""The spatial transformer: a network that first moves, turns and zooms the picture as it wants to see it."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, Tensor, block, layers, ops
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
A convolutional network forgives a step to the side, but not a turn, and not a digit half the size. A **spatial transformer** puts the picture right
before it is read. It has three parts, each a block here. The *localization network* looks at the picture and answers with six numbers, an affine map.
The *grid generator* says with them, for each pixel of the new picture, where in the old one it is to be taken from. The *sampler* takes it from there,
mixing the pixels around that point by how near they are. All three have gradients, so nobody has to say where the digit is: whatever makes the
classes easier to tell apart is learned. It begins with the identity, the map that changes nothing.

## What to watch
The panel Generator while it trains: pictures in pairs, each above what the network makes of it. First nothing happens, then the digits grow, come to
the middle and turn upright.

## What to try
- `transformer` off: the same network alone gets 73 % of unseen digits right, with the transformer 96 %.
- `dropout` at 0.5, as published: 94 % after as many epochs.
- Data with `rotation` 90: about 90 %. It still turns them back, but a 6 and a 9 come close to each other.

## The paper
M. Jaderberg, K. Simonyan, A. Zisserman, K. Kavukcuoglu, *Spatial transformer networks*, 2015. Equations 1 and 5 are the grid generator and the sampler.
The `paper` preset is the network of the PyTorch tutorial on it: 27,360 weights, for MNIST at 28×28.
"""

TEMPLATE = Template(
    id="spatial_transformer",
    title="Spatial transformer",
    family="Convolutional",
    summary="A small network says how to move, turn and zoom the picture; another one reads what came out.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("distorted_digits"),
    training=Training(epochs=50, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.002}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {"dropout": 0.25},
        "paper": {
            "training.epochs": 20,
            "training.batch_size": 64,
            "training.optimizer": "SGD",
            "training.optimizer.learning_rate": 0.01,
            "training.schedule": None,
        },
    },
    parameters=(
        Parameter("transformer", "bool", True, help="Whether the picture is transformed at all; without, it is read as it is."),
        Parameter("localization_filters", "list", [8, 10], help="Filters of each convolution of the localization network; each is followed by pooling."),
        Parameter("localization_kernels", "list", [7, 5], help="Height and width of their windows, in pixels."),
        Parameter("localization_units", "int", 32, minimum=1, help="The size of the dense layer of the localization network."),
        Parameter("filters", "list", [10, 20], help="Filters of each convolution that reads the transformed picture; each is followed by pooling."),
        Parameter("kernel_size", "int", 5, minimum=1, help="Height and width of their windows, in pixels."),
        Parameter("units", "int", 50, minimum=1, help="The size of the dense layer before the classes."),
        Parameter("dropout", "float", 0.5, minimum=0, maximum=0.95, help="The part of the features that is switched off at random in each step."),
        SHAPE,
        CLASSES,
    ),
)
IDENTITY = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
"""The transformation that changes nothing: every training begins with it."""


def build(
    shape: Sequence[int] = (28, 28, 1),
    classes: int = 10,
    transformer: bool = True,
    localization_filters: Sequence[int] = (8, 10),
    localization_kernels: Sequence[int] = (7, 5),
    localization_units: int = 32,
    filters: Sequence[int] = (10, 20),
    kernel_size: int = 5,
    units: int = 50,
    dropout: float = 0.5,
) -> dict[str, Graph]:
    """`model`: pictures (batch, height, width, channels) to class probabilities (batch, classes), or to one number where `classes` is 0."""
    if len(shape) != 3:
        raise SettingProblem(f"spatial_transformer needs pictures (height, width, channels), and this data has the shape {tuple(shape)}: try mlp.")
    if len(localization_kernels) != len(localization_filters):
        raise SettingProblem(f"localization_kernels must be as many as localization_filters, {len(localization_filters)}, not {len(localization_kernels)}.")
    least = max(_least(kernels) for kernels in ([kernel_size] * len(filters), localization_kernels if transformer else []))
    if min(shape[:2]) < least:
        pixels = f"pictures of at least {least} × {least} pixels"
        raise SettingProblem(
            f"spatial_transformer needs {pixels} for its windows, and these have the shape {tuple(shape)}: take larger ones or smaller windows."
        )
    inputs = x = Input(shape, name="picture")
    if transformer:
        theta = block(localization(shape, localization_filters, localization_kernels, localization_units), name="localization")(x)
        points = block(grid_generator(shape), name="grid_generator")(theta)
        x = block(sampler(shape), name="sampler")(x, points)
    for index, count in enumerate(filters):
        x = layers.Conv2D(count, kernel_size, name=f"conv_{index + 1}")(x)
        if dropout and index:
            x = layers.SpatialDropout2D(dropout)(x)
        x = layers.ReLU()(layers.MaxPooling2D(2)(x))
    x = layers.Dense(units, activation="relu")(layers.Flatten()(x))
    if dropout:
        x = layers.Dropout(dropout)(x)
    outputs = layers.Dense(classes, activation="softmax", name="head")(x) if classes else layers.Dense(1, name="head")(x)
    return {"model": Model(inputs, outputs)}


def localization(shape: Sequence[int], filters: Sequence[int], kernels: Sequence[int], units: int) -> Graph:
    """What to do with a picture: (batch, height, width, channels) to theta (batch, 2, 3), at first the identity."""
    inputs = x = Input(shape, name="picture")
    for count, kernel in zip(filters, kernels, strict=True):
        x = layers.Conv2D(count, kernel)(x)
        x = layers.ReLU()(layers.MaxPooling2D(2)(x))
    x = layers.Dense(units, activation="relu")(layers.Flatten()(x))
    identity = {"class_name": "Constant", "config": {"value": IDENTITY}}
    x = layers.Dense(6, kernel_initializer="zeros", bias_initializer=identity, name="affine")(x)
    return Model(inputs, {"theta": layers.Reshape([2, 3])(x)})


def grid_generator(shape: Sequence[int]) -> Graph:
    """Where each pixel of the output is to be read: theta (batch, 2, 3) to points (batch, 2, height, width), across and down, -1 to 1 from edge to edge.

    Equation 1 of the paper: theta times (x, y, 1), here as one product along the width, one along the height, and a shift.
    """
    height, width, _ = shape
    theta = Input([2, 3], name="theta")
    columns = layers.Reshape([2, 3, 1, 1])(theta)
    across = ops.multiply(columns[:, :, 0], [_positions(width)], name="along_width")
    down = ops.multiply(columns[:, :, 1], [[y] for y in _positions(height)], name="along_height")
    return Model(theta, {"points": across + down + columns[:, :, 2]})


def sampler(shape: Sequence[int]) -> Graph:
    """A picture (batch, height, width, channels) read at points (batch, 2, height, width), between pixels linearly, as black beyond the edge.

    Equation 5 of the paper: a pixel counts by how near its row and its column are to the point, nothing from a distance of one on.
    """
    height, width, _ = shape
    picture = Input(shape, name="picture")
    points = Input([2, height, width], name="points")
    columns = _nearness(points, 0, width, "columns")
    rows = _nearness(points, 1, height, "rows")
    lines = ops.einsum("bijh,bhwc->bijwc", rows, picture, name="between_rows")
    columns = layers.Reshape([height, width, width, 1])(columns)
    return Model([picture, points], {"transformed": ops.sum(lines * columns, axis=3, name="between_columns")})


def _nearness(points: Tensor, axis: int, size: int, name: str) -> Tensor:
    """How much each of `size` rows or columns counts for each point: (batch, height, width, size)."""
    place = ops.expand_dims((points[:, axis] + 1) * ((size - 1) / 2), axis=-1)
    distance = ops.abs(ops.subtract(place, [list(map(float, range(size)))], name=f"from_{name}"))
    return ops.relu(1 - distance, name=name)


def _least(kernels: Sequence[int]) -> int:
    """Of how many pixels one is left after convolutions with these windows, each followed by pooling."""
    size = 1
    for kernel in reversed(kernels):
        size = 2 * size + kernel - 1
    return size


def _positions(size: int) -> list[float]:
    return [2 * index / (size - 1) - 1 for index in range(size)]
