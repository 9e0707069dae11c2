"""ResNet: layers that learn what to add to what they are given, so that a hundred of them train as ten do."""

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
By 2015 networks of twenty layers worked, and of fifty did not: deeper ones were worse even on the data they were trained with, so it was not
overfitting; they could not be optimized. A **residual network** lets every block learn only a *correction*. What enters a block also goes around it
and is added to what its convolutions say; a block that has nothing to say is left at zero and does no harm. Backwards the sum hands the whole
gradient on, so the first layer hears as much as the last. Where maps shrink and channels grow the way around must be made to fit: by zeros (A) or by
a 1×1 convolution (B). A *basic* block has two 3×3 convolutions; from fifty layers on a *bottleneck* narrows, looks, and widens again.

## What to watch
Open a block: two ways lead to the sum. In **Gradients**, with 32 layers of 8 `filters`, the first convolution's gradient
begins at 3 times the last's; without `skips` 16 times, and 34 times after one step.

## What to try
- `depth` 32 with 8 `filters`, on 3,000 shapes for 5 epochs, once with `skips` and once without. With them half of the shapes that it has not seen were
  right; the plain network was still guessing, 12 %, with a loss of 2.08.
- `shortcut` A: the way around costs nothing, 75,640 parameters instead of 78,584. C puts a convolution on every way around: 78,904.
- The `paper` preset with `depth` 18, 34 and 50: 1.8, 3.7 and 3.9 billion multiplications.

## The paper
K. He, X. Zhang, S. Ren, J. Sun, *Deep residual learning for image recognition*, 2015. The `paper` preset is ResNet-50 as Keras has it: 25,636,712
parameters. Depths 18, 34, 101 and 152 come out right too, and with `layout` cifar, 16 filters and shortcut A the paper's twenty layers with 269,722.
"""

BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
"""How many blocks each of the four stages has, by depth: the paper's table 1."""
BOTTLENECK_FROM, WIDER = 50, 4
"""From which depth on a block has three convolutions, the last with how many times the filters of the others."""

TEMPLATE = Template(
    id="resnet",
    title="ResNet",
    family="Convolutional",
    summary="Residual blocks: each adds a correction to what it is given, and the way around it keeps the gradient alive at any depth.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("shapes", {"samples": 4000}),
    training=Training(epochs=12, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.005}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "data.size": 224,
            "classes": 1000,
            "layout": "imagenet",
            "depth": 50,
            "filters": 64,
            "use_bias": True,
            "training.epochs": 120,
            "training.batch_size": 256,
            "training.schedule": None,
            "training.optimizer": "SGD",
            "training.optimizer.learning_rate": 0.1,
            "training.optimizer.momentum": 0.9,
            "training.optimizer.weight_decay": 0.0001,
        },
    },
    parameters=(
        Parameter("layout", "choice", "cifar", choices=("imagenet", "cifar"), help="imagenet: a 7×7 stem and four stages; cifar: a 3×3 stem and three."),
        Parameter("depth", "int", 8, minimum=8, help="How many layers have weights: 18, 34, 50, 101, 152 for imagenet; 8, 14, 20, 26 … for cifar."),
        Parameter("filters", "int", 16, minimum=1, help="Filters in the first stage; each later one has twice as many. The paper's: 64, and 16 for cifar."),
        Parameter("shortcut", "choice", "B", choices=("A", "B", "C"), help="The way around where sizes change: A zeros, B a 1×1 convolution; C everywhere."),
        Parameter("skips", "bool", True, help="Off: no way around, the paper's plain network."),
        Parameter("use_bias", "bool", False, help="Whether convolutions have a bias; batch normalization makes it idle, but Keras's ResNets have it."),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (32, 32, 3),
    classes: int = 8,
    layout: str = "cifar",
    depth: int = 8,
    filters: int = 16,
    shortcut: str = "B",
    skips: bool = True,
    use_bias: bool = False,
) -> dict[str, Graph]:
    """`model`: pictures (batch, height, width, channels) to class probabilities (batch, classes), or to one number where `classes` is 0."""
    if len(shape) != 3:
        raise SettingProblem(f"resnet needs pictures (height, width, channels), and this data has the shape {tuple(shape)}: try mlp.")
    counts = _counts(layout, depth)
    bottleneck = layout == "imagenet" and depth >= BOTTLENECK_FROM
    ways = shortcut if skips else None
    inputs = Input(shape)
    if layout == "imagenet":
        x = layers.ZeroPadding2D(3, name="conv1_pad")(inputs)
        x = _normalized(x, "conv1", filters, 7, 2, use_bias)
        x = layers.ReLU(name="conv1_relu")(x)
        x = layers.ZeroPadding2D(1, name="pool1_pad")(x)
        x = layers.MaxPooling2D(3, strides=2, name="pool1")(x)
    else:
        x = layers.ReLU(name="conv1_relu")(_normalized(inputs, "conv1", filters, 3, 1, use_bias))
    channels = filters
    for stage, count in enumerate(counts):
        for number in range(count):
            strides = 2 if stage and not number else 1
            inside = residual_block(channels, filters * 2**stage, strides, bottleneck, ways, use_bias)
            x = block(inside, name=f"conv{stage + 2}_block{number + 1}")(x)
            channels = filters * 2**stage * (WIDER if bottleneck else 1)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    outputs = layers.Dense(classes, activation="softmax", name="head")(x) if classes else layers.Dense(1, name="head")(x)
    return {"model": Model(inputs, outputs)}


def residual_block(channels: int, filters: int, strides: int, bottleneck: bool, shortcut: str | None, use_bias: bool) -> Graph:
    """Two 3×3 convolutions, or 1×1, 3×3, 1×1, and a way around them (none: a plain block), as in the paper's figure 5.

    Maps (batch, height, width, `channels`) to (batch, height / strides, width / strides, `filters`, of a bottleneck 4 × `filters`).
    """
    inputs = Input(None)
    sizes = (1, 3, 1) if bottleneck else (3, 3)
    wide = filters * WIDER if bottleneck else filters
    x = inputs
    for number, size in enumerate(sizes, 1):
        last = number == len(sizes)
        x = _normalized(x, f"{number}", wide if last else filters, size, strides if number == 1 else 1, use_bias)
        if not last:
            x = layers.ReLU(name=f"{number}_relu")(x)
    if shortcut is not None:
        x = layers.Add(name="add")([_way_around(inputs, channels, wide, strides, shortcut, use_bias), x])
    return Model(inputs, layers.ReLU(name="out")(x))


def _way_around(x: Tensor, channels: int, wide: int, strides: int, shortcut: str, use_bias: bool) -> Tensor:
    """`x` as it is, or made to fit: by zeros for the channels that it lacks (A), or by a 1×1 convolution (B; C even where nothing is to fit)."""
    if channels == wide and strides == 1 and shortcut != "C":
        return x
    if shortcut != "A":
        return _normalized(x, "0", wide, 1, strides, use_bias)
    if strides > 1:
        x = x[:, ::strides, ::strides]
    before = (wide - channels) // 2
    return ops.pad(x, [[0, 0], [0, 0], [0, 0], [before, wide - channels - before]], name="zeros")


def _normalized(x: Tensor, name: str, filters: int, kernel_size: int, strides: int, use_bias: bool) -> Tensor:
    """A convolution and batch normalization."""
    padding = "valid" if kernel_size == 7 else "same"
    convolution = layers.Conv2D(filters, kernel_size, strides, padding, use_bias=use_bias, kernel_initializer="he_normal", name=f"{name}_conv")
    return layers.BatchNormalization(momentum=0.9, epsilon=1.001e-5, name=f"{name}_bn")(convolution(x))


def _counts(layout: str, depth: int) -> tuple[int, ...]:
    """How many blocks each stage has."""
    if layout == "cifar" and depth % 6 == 2:
        return ((depth - 2) // 6,) * 3
    if layout == "imagenet" and depth in BLOCKS:
        return BLOCKS[depth]
    possible = "8, 14, 20, 26 and so on by six" if layout == "cifar" else ", ".join(map(str, BLOCKS))
    raise SettingProblem(f"resnet in the layout {layout} has a depth of {possible}, not {depth}.")
