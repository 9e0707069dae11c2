"""Xception: the inception idea taken to its end, each map for itself and then all of them mixed, with ways around."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, Tensor, block, layers
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
An inception block looks with windows of a few sizes at maps that 1×1 convolutions have mixed before. F. Chollet asked what happens when one goes all
the way: a window for each map, and mixing quite apart from looking. That is a *separable convolution*, and **Xception** is made of nothing else after
its first two layers. The *entry flow* halves the maps block by block, the *middle flow* repeats one block with three separable convolutions, and the
*exit flow* halves once more and widens. As in ResNet there is a way around each block, with a 1×1 convolution where sizes change. With as many
parameters as Inception V3 it was more accurate, so what it gained, it gained by better use of them.

## What to watch
Open a `SeparableConv2D`'s help: it is two convolutions in one node, a 3×3 for each map and a 1×1 over all. Compare its parameters with those of the
plain convolution of the same filters. There is no activation between the two halves; with one it got worse.

## What to try
- `separable` off: 730,944 parameters instead of 103,984, and 44 million multiplications instead of 7.
- `middle` 0: 74,416 parameters, and still 97.0 % of unseen shapes right instead of 97.4 %. On data so simple the middle flow is hardly needed.
- `middle` 8, as in the paper: parameters grow to 192,688, multiplications by 60 %, for at 7×7 pixels a block is cheap.

## The paper
F. Chollet, *Xception: deep learning with depthwise separable convolutions*, 2016. The `paper` preset takes 299×299 pictures and has 22,910,480
parameters, 22,855,952 of them trained, as in Keras.
"""

TEMPLATE = Template(
    id="xception",
    title="Xception",
    family="Convolutional",
    summary="A stack of separable convolutions with ways around them: space and channels are looked at one after the other, never together.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("shapes", {"samples": 4000}),
    training=Training(epochs=7, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.004}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "data.size": 299,
            "classes": 1000,
            "stem": [32, 64],
            "stem_strides": 2,
            "entry": [128, 256, 728],
            "middle": 8,
            "exit": [1024, 1536, 2048],
            "training.optimizer": "SGD",
            "training.schedule": None,
            "training.epochs": 100,
            "training.optimizer.learning_rate": 0.045,
            "training.optimizer.momentum": 0.9,
        },
    },
    parameters=(
        Parameter("stem", "list", [8, 16], help="Filters of the two plain convolutions at the beginning."),
        Parameter("stem_strides", "int", 1, minimum=1, maximum=4, help="How far the first convolution steps: 2 halves the picture at once, as in the paper."),
        Parameter("entry", "list", [32, 64], help="Filters of each block of the entry flow, which halves the maps."),
        Parameter("middle", "int", 2, minimum=0, help="How many blocks the middle flow has, all alike."),
        Parameter("exit", "list", [96, 128, 192], help="Filters of the exit flow: its block, and the two convolutions after it."),
        Parameter("separable", "bool", True, help="Off: plain 3×3 convolutions instead, to compare."),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (32, 32, 3),
    classes: int = 8,
    stem: Sequence[int] = (8, 16),
    stem_strides: int = 1,
    entry: Sequence[int] = (32, 64),
    middle: int = 2,
    exit: Sequence[int] = (96, 128, 192),
    separable: bool = True,
) -> dict[str, Graph]:
    """`model`: pictures (batch, height, width, channels) to class probabilities (batch, classes), or to one number where `classes` is 0."""
    if len(shape) != 3 or min(shape[:2]) < 4 * stem_strides + 1:
        raise SettingProblem(f"xception needs pictures (height, width, channels) of some size, and this data has the shape {tuple(shape)}: try mlp.")
    if len(exit) != 3:
        raise SettingProblem(f"The exit flow of xception has three numbers of filters, such as [96, 128, 192], not {list(exit)}.")
    inputs = x = Input(shape)
    for number, filters in enumerate(stem, 1):
        x = layers.Conv2D(filters, 3, strides=stem_strides if number == 1 else 1, use_bias=False, name=f"stem_conv{number}")(x)
        x = layers.ReLU(name=f"stem_relu{number}")(_normalized(x, f"stem_bn{number}"))
    for number, filters in enumerate(entry, 1):
        x = block(halving_block((filters, filters), number > 1, separable), name=f"entry_{number}")(x)
    for number in range(1, middle + 1):
        x = block(middle_block(entry[-1], separable), name=f"middle_{number}")(x)
    x = block(halving_block((entry[-1], exit[0]), True, separable), name="exit_block")(x)
    for number, filters in enumerate(exit[1:], 1):
        x = layers.ReLU(name=f"exit_relu{number}")(_convolved(x, f"exit_{number}", filters, separable))
    x = layers.GlobalAveragePooling2D(name="average")(x)
    outputs = layers.Dense(classes, activation="softmax", name="head")(x) if classes else layers.Dense(1, name="head")(x)
    return {"model": Model(inputs, outputs)}


def halving_block(filters: Sequence[int], begins_with_relu: bool, separable: bool) -> Graph:
    """Two separable convolutions and pooling, and a 1×1 convolution around them: (batch, height, width, channels) to half the size and the last filters."""
    inputs = x = Input(None)
    for number, count in enumerate(filters, 1):
        if number > 1 or begins_with_relu:
            x = layers.ReLU(name=f"relu{number}")(x)
        x = _convolved(x, f"sepconv{number}", count, separable)
    x = layers.MaxPooling2D(3, strides=2, padding="same", name="pool")(x)
    around = layers.Conv2D(filters[-1], 1, strides=2, padding="same", use_bias=False, name="around_conv")(inputs)
    return Model(inputs, layers.Add(name="add")([x, _normalized(around, "around_bn")]))


def middle_block(filters: int, separable: bool) -> Graph:
    """Three separable convolutions and a way around them: (batch, height, width, `filters`) to the same shape."""
    inputs = x = Input(None)
    for number in (1, 2, 3):
        x = _convolved(layers.ReLU(name=f"relu{number}")(x), f"sepconv{number}", filters, separable)
    return Model(inputs, layers.Add(name="add")([x, inputs]))


def _convolved(x: Tensor, name: str, filters: int, separable: bool) -> Tensor:
    """A 3×3 convolution, separable or plain, and batch normalization."""
    convolution = layers.SeparableConv2D if separable else layers.Conv2D
    return _normalized(convolution(filters, 3, padding="same", use_bias=False, name=name)(x), f"{name}_bn")


def _normalized(x: Tensor, name: str) -> Tensor:
    return layers.BatchNormalization(momentum=0.9, name=name)(x)
