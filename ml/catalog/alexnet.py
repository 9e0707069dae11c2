"""AlexNet: the network that won ImageNet in 2012 and ended the age of hand-made features."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.local_response import local_response_normalization
from ml.catalog.recorder import Input, Model, Tensor, block, layers, ops
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
In 2012 **AlexNet** named the right one of 1,000 classes among its first five guesses for 85 of 100 photographs; the next best system, made of hand-made
features, did so for 74. It is LeNet made large: five convolutions, three dense layers. What made that possible is all to be seen in the graph. `relu`
learns faster than `tanh`. Pooling windows overlap, 3×3 with a step of 2. Dropout holds back the dense layers. Each picture is cut and mirrored anew
whenever it is seen. In the `paper` preset a normalization
also lets maps compete with their neighbours, and some convolutions are in two `groups`, because the network was parted between two graphics cards.

## What to watch
In **Generator** pictures of the training data, and below each what the network was given of it this time: a part of it, mirrored or not. In **Inside**
the filters of `conv_1`: edges and colours. Training accuracy stays below validation accuracy, for training sees cut pictures and has dropout, and the
validation does not.

## What to try
- `crop` 0 and `flip` off: 97.4 % of the held-out shapes instead of 95.0 %. Shapes are turned and placed at random already, so augmentation only makes
  them harder here; on photographs it is what kept AlexNet from learning by heart.
- In the `paper` preset set `groups` to 1: 62,378,344 weights instead of 60,965,224. Groups halve what three convolutions hold, and that is little.
- `data.samples` 2000 and nothing else: 42.2 %. Ten epochs are a quarter of the steps then; `network_in_network` reaches 59.7 % with the same.

## The paper
A. Krizhevsky, I. Sutskever, G. Hinton, *ImageNet classification with deep convolutional neural networks*, 2012. The `paper` preset has its two groups
and 60,965,224 weights. Its shifts of colour are left out.
"""

TEMPLATE = Template(
    id="alexnet",
    title="AlexNet",
    family="Convolutional",
    summary="Five convolutions, overlapping pooling, dropout and augmented pictures: the winner of ImageNet in 2012.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("shapes", {"samples": 8000}),
    training=Training(epochs=10, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.002}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "data.samples": 3000,
            "data.size": 256,
            "crop": 227,
            "classes": 1000,
            "filters": [96, 256, 384, 384, 256],
            "kernel_size": [11, 5, 3, 3, 3],
            "strides": 4,
            "groups": 2,
            "units": [4096, 4096],
            "dropout": 0.5,
            "normalization": "local_response",
            "training.epochs": 90,
            "training.batch_size": 128,
            "training.optimizer": "SGD",
            "training.optimizer.learning_rate": 0.01,
            "training.optimizer.momentum": 0.9,
            "training.schedule": None,
        },
    },
    parameters=(
        Parameter("crop", "int", 28, minimum=0, help="The side of the random part of each picture that training sees; 0 takes the whole picture."),
        Parameter("flip", "bool", True, help="Mirror half of the pictures while training."),
        Parameter("filters", "list", [24, 48, 64, 64, 48], help="How many maps each of the five convolutions has."),
        Parameter("kernel_size", "list", [5, 3, 3, 3, 3], help="Height and width of each convolution's window."),
        Parameter("strides", "int", 1, minimum=1, help="How many pixels the first convolution goes on at a time; above 1 it has no padding."),
        Parameter(
            "groups", "int", 1, minimum=1, help="2: the second, fourth and fifth convolution in two halves that don't see each other, one for each GPU of 2012."
        ),
        Parameter("units", "list", [128, 128], help="The sizes of the dense layers before the last."),
        Parameter("dropout", "float", 0.2, minimum=0, maximum=0.95, help="The part of the dense layers' inputs that is switched off in each step."),
        Parameter(
            "normalization",
            "choice",
            "batch",
            choices=("none", "local_response", "batch"),
            help="local_response: the paper's, after the first two convolutions; batch: as one does it now, after each.",
        ),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (32, 32, 3),
    classes: int = 8,
    crop: int = 28,
    flip: bool = True,
    filters: Sequence[int] = (24, 48, 64, 64, 48),
    kernel_size: Sequence[int] = (5, 3, 3, 3, 3),
    strides: int = 1,
    groups: int = 1,
    units: Sequence[int] = (128, 128),
    dropout: float = 0.2,
    normalization: str = "batch",
) -> dict[str, Graph]:
    """`model`: pictures (batch, height, width, channels) to class probabilities (batch, classes), or to one number where `classes` is 0."""
    if len(shape) != 3 or min(shape[:2]) < max(crop, 16):
        raise SettingProblem(
            f"alexnet takes pictures of at least {max(crop, 16)} pixels a side, and these have the shape {tuple(shape)}: set data.size or crop."
        )
    if len(filters) != 5 or len(kernel_size) != 5:
        raise SettingProblem("alexnet has five convolutions: give filters and kernel_size five numbers each.")
    if any(filters[index] % groups for index in (0, 1, 2, 3, 4)):
        raise SettingProblem(f"alexnet's maps can't be parted into {groups} groups: all filters must be multiples of {groups}.")
    inputs = Input(shape)
    x = block(augmentation(shape, crop, flip), name="augmentation")(inputs) if crop or flip else inputs
    for number, (count, kernel) in enumerate(zip(filters, kernel_size, strict=True), 1):
        x = layers.Conv2D(
            count,
            kernel,
            strides=strides if number == 1 else 1,
            padding="valid" if number == 1 and strides > 1 else "same",
            groups=groups if number in (2, 4, 5) else 1,
            activation="relu",
            kernel_initializer="he_normal",
            name=f"conv_{number}",
        )(x)
        if number <= 2 or normalization == "batch":
            x = _normalized(x, normalization, f"normalization_{number}")
        if number in (1, 2, 5):
            x = layers.MaxPooling2D(3, strides=2, name=f"pool_{number}")(x)
    x = layers.Flatten()(x)
    for number, size in enumerate(units, 1):
        x = layers.Dropout(dropout)(x) if dropout else x
        x = layers.Dense(size, activation="relu", kernel_initializer="he_normal", name=f"dense_{number}")(x)
    outputs = layers.Dense(classes, activation="softmax", name="head")(x) if classes else layers.Dense(1, name="head")(x)
    return {"model": Model(inputs, outputs)}


def augmentation(shape: Sequence[int], crop: int, flip: bool) -> Graph:
    """Another part of the picture each time, and mirrored or not; outside training the middle: to (batch, crop, crop, channels).

    Chance comes from dropout and noise, which are silent outside training. Keras's `RandomFlip` and `RandomCrop` act whenever a model is called without
    `training=False`, and an exported model would answer differently each time.
    """
    inputs = x = Input(shape)
    if flip:
        coin = layers.Dropout(0.5, name="coin")(ops.ones_like(inputs[:, :1, :1, :1]))
        x = ops.where(ops.less(coin, 0.5), ops.flip(x, axis=2), x)
    if crop:
        x = _part(_part(x, 1, shape[0], crop), 2, shape[1], crop)
    return Model(inputs, x)


def _part(x: Tensor, axis: int, side: int, crop: int) -> Tensor:
    """`crop` of the `side` pixels along `axis`, from a place that is the middle's but for noise."""
    start = layers.GaussianNoise(1.0)(ops.zeros_like(x[:, :1, :1, :1])) * ((side - crop) / 4) + (side - crop) // 2
    start = ops.cast(ops.clip(ops.round(start), 0, side - crop), "int32")
    first = x[:, :crop, :1, :1] if axis == 1 else x[:, :1, :crop, :1]
    return ops.take_along_axis(x, ops.cumsum(ops.ones_like(first, dtype="int32"), axis=axis) - 1 + start, axis=axis)


def _normalized(x: Tensor, normalization: str, name: str) -> Tensor:
    if normalization == "batch":
        return layers.BatchNormalization(name=name)(x)
    return block(local_response_normalization(), name=name)(x) if normalization == "local_response" else x
