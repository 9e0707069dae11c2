"""SqueezeNet: AlexNet's answers with a fiftieth of its weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ml.catalog.recorder import Input, Model, Tensor, block, layers
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
How few weights does a good network need? **SqueezeNet** is as right as AlexNet on ImageNet with a fiftieth of its weights, by three plain rules. Most
windows are 1×1, with a ninth of the weights of 3×3. Before the 3×3 windows the maps are made few. And pooling comes late, so that most layers see
large maps. The first two rules are the **fire module**: a 1×1 convolution *squeezes* many maps into few, then 1×1 and 3×3 convolutions side by side
*expand* them again. Eight modules follow each other. A dense layer is nowhere: the last convolution makes a map for each class, and its mean is the
class's score.

## What to watch
Open a fire module: the narrow place and the two ways after it. The weights are spread evenly, where AlexNet has nearly all of them in its first dense
layer.

## What to try
- `squeeze_ratio` 0.125, the paper's: 48,536 weights instead of 183,848, and 83.2 % of the held-out shapes instead of 94.0 %. In networks this small
  the paper's narrow place is only four to sixteen maps wide.
- `squeeze_ratio` 0.125 and also `batch_normalization` off: 82.4 %.
- In the `paper` preset turn `bypass` on. Four additions appear and the count stays at 1,248,424: a way around costs no weights.

## The paper
F. Iandola and others, *SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size*, 2016. The `paper` preset is version 1.0.
Version 1.1 has 1,235,496 weights and far less work: `filters` 64, `kernel_size` 3, `pools` `[1, 3, 5]`.
"""

TEMPLATE = Template(
    id="squeezenet",
    title="SqueezeNet",
    family="Convolutional",
    summary="Fire modules: squeeze many maps into few with 1×1 convolutions, then expand them again.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("shapes", {"samples": 6000}),
    training=Training(epochs=9, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.002}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "data.samples": 3000,
            "data.size": 227,
            "classes": 1000,
            "filters": 96,
            "kernel_size": 7,
            "strides": 2,
            "base_e": 128,
            "incr_e": 128,
            "squeeze_ratio": 0.125,
            "pools": [1, 4, 8],
            "bypass": False,
            "batch_normalization": False,
            "dropout": 0.5,
            "training.epochs": 68,
            "training.batch_size": 512,
            "training.optimizer": "SGD",
            "training.optimizer.learning_rate": 0.04,
            "training.optimizer.momentum": 0.9,
            "training.schedule": "PolynomialDecay",
        },
    },
    parameters=(
        Parameter("filters", "int", 16, minimum=1, help="How many maps the first convolution has."),
        Parameter("kernel_size", "int", 3, minimum=1, help="Height and width of the first convolution's window."),
        Parameter("strides", "int", 1, minimum=1, help="How many pixels the first convolution goes on at a time; it has no padding."),
        Parameter("base_e", "int", 32, minimum=2, help="How many maps the first fire modules expand to."),
        Parameter("incr_e", "int", 32, minimum=0, help="How many more they are after each freq modules."),
        Parameter("freq", "int", 2, minimum=1, help="After how many modules there are more maps."),
        Parameter("squeeze_ratio", "float", 0.5, minimum=0.001, maximum=1, help="How many maps a module squeezes to, as a part of those it expands to."),
        Parameter("pct_3x3", "float", 0.5, minimum=0, maximum=1, help="The part of the expanded maps that 3×3 convolutions make; 1×1 make the others."),
        Parameter("pools", "list", [1, 3, 5], help="After which layers the maps are halved: 1 is the first convolution, 2 to 9 are the fire modules."),
        Parameter("bypass", "bool", True, help="A way around each second module, as in a ResNet: the paper's simple bypass."),
        Parameter("batch_normalization", "bool", True, help="Normalize after each convolution but the last; the paper did not."),
        Parameter("dropout", "float", 0.2, minimum=0, maximum=0.95, help="The part of the values after the last module that is switched off in each step."),
        SHAPE,
        CLASSES,
    ),
)
FIRES = range(2, 10)
"""The fire modules by their numbers in the paper; layer 1 and layer 10 are plain convolutions."""


def build(
    shape: Sequence[int] = (32, 32, 3),
    classes: int = 8,
    filters: int = 16,
    kernel_size: int = 3,
    strides: int = 1,
    base_e: int = 32,
    incr_e: int = 32,
    freq: int = 2,
    squeeze_ratio: float = 0.5,
    pct_3x3: float = 0.5,
    pools: Sequence[int] = (1, 3, 5),
    bypass: bool = True,
    batch_normalization: bool = True,
    dropout: float = 0.2,
) -> dict[str, Graph]:
    """`model`: pictures (batch, height, width, channels) to class probabilities (batch, classes), or to one number where `classes` is 0."""
    if len(shape) != 3 or min(shape[:2]) < 32:
        raise SettingProblem(f"squeezenet needs pictures of at least 32 × 32, and these have the shape {tuple(shape)}: set data.size to 32.")
    inputs = Input(shape)
    x = _convolved(inputs, filters, kernel_size, "conv1", batch_normalization, strides=strides)
    size = [(side - kernel_size) // strides + 1 for side in shape[:2]]
    channels = filters
    for number in range(1, FIRES.stop):
        if number in FIRES:
            expanded = base_e + incr_e * ((number - 2) // freq)
            wide = round(expanded * pct_3x3)
            module = fire([*size, channels], max(1, round(expanded * squeeze_ratio)), expanded - wide, wide, batch_normalization)
            fired = block(module, name=f"fire{number}")(x)
            x = layers.Add(name=f"bypass{number}")([x, fired]) if bypass and channels == expanded else fired
            channels = expanded
        if number in pools:
            x = layers.MaxPooling2D(3, strides=2, padding="same", name=f"pool{number}")(x)
            size = [-(-side // 2) for side in size]
    x = layers.Dropout(dropout)(x) if dropout else x
    x = layers.Conv2D(classes or 1, 1, kernel_initializer="he_normal", name="conv10")(x)
    x = layers.GlobalAveragePooling2D()(x)
    return {"model": Model(inputs, layers.Softmax()(x) if classes else x)}


def fire(shape: Sequence[int], squeeze: int, expand_1x1: int, expand_3x3: int, batch_normalization: bool) -> Graph:
    """Few maps, then many of two kinds side by side: (batch, height, width, channels) to (batch, height, width, expand_1x1 + expand_3x3)."""
    inputs = Input(shape)
    squeezed = _convolved(inputs, squeeze, 1, "squeeze", batch_normalization)
    ways = ((expand_1x1, 1), (expand_3x3, 3))
    expanded = [_convolved(squeezed, count, side, f"expand_{side}x{side}", batch_normalization, padding="same") for count, side in ways if count]
    return Model(inputs, layers.Concatenate()(expanded) if len(expanded) > 1 else expanded[0])


def _convolved(x: Tensor, filters: int, kernel_size: int, name: str, batch_normalization: bool, **arguments: Any) -> Tensor:
    if not batch_normalization:
        return layers.Conv2D(filters, kernel_size, activation="relu", kernel_initializer="he_normal", name=name, **arguments)(x)
    x = layers.Conv2D(filters, kernel_size, kernel_initializer="he_normal", name=name, **arguments)(x)
    return layers.Activation("relu")(layers.BatchNormalization()(x))
