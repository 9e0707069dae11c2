"""VGG: the same small convolution again and again, in blocks."""

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
Before **VGG**, each layer of a network for pictures had windows of its own size. VGG has one kind: 3×3, stacked. Two of them see 5×5 pixels and three
see 7×7, with fewer weights than one large window and a `relu` more at each step. Five blocks follow each other. In a block all convolutions are alike;
then a pooling halves the side, and the next block has about twice the maps. So depth became a number that one may turn: 11, 13, 16 or 19 layers with
weights. Dense layers of 4,096 end it, and they hold nine tenths of the weights.

## What to watch
The feature maps by block: edges between figure and ground first, then corners and bends, at the end hardly a picture any more. In the `paper` preset,
look at the inspector's counts: the first dense layer alone has 102 million.

## What to try
- `batch_normalization` off, with `training.optimizer.learning_rate` 0.001: 86.6 % of held-out shapes after the same eight epochs, not 96.0 %. Deep
  plain networks start slowly; the authors had to begin deep ones with the weights of shallow ones.
- `filters` `[8, 16, 32, 32, 32]`: 59,496 weights instead of 217,928, and 78.1 %.
- `depth` 19: 12.5 %, which is guessing. So deep a network of this kind does not begin to learn in eight epochs, a reason why ResNet came.
- `data.samples` 2000 and nothing else: 27.0 %. A quarter of the pictures is also a quarter of the steps.

## The paper
K. Simonyan, A. Zisserman, *Very deep convolutional networks for large-scale image recognition*, 2014. The `paper` preset is VGG-16 with 138,357,544
weights; `depth` 11, 13 and 19 give the others of its table. Its training took two to three weeks on four GPUs.
"""
CONVOLUTIONS = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
"""How many convolutions the five blocks have, by depth: columns A, B, D and E of the paper's table 1."""

TEMPLATE = Template(
    id="vgg",
    title="VGG",
    family="Convolutional",
    summary="Depth from one small part: blocks of 3×3 convolutions, each block with half the side and twice the maps.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("shapes", {"samples": 8000}),
    training=Training(epochs=8, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.002}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "data.samples": 3000,
            "data.size": 224,
            "classes": 1000,
            "depth": 16,
            "filters": [64, 128, 256, 512, 512],
            "units": [4096, 4096],
            "dropout": 0.5,
            "batch_normalization": False,
            "training.epochs": 74,
            "training.batch_size": 256,
            "training.optimizer": "SGD",
            "training.optimizer.learning_rate": 0.01,
            "training.optimizer.momentum": 0.9,
            "training.schedule": None,
        },
    },
    parameters=(
        Parameter("depth", "choice", 11, choices=tuple(CONVOLUTIONS), help="How many layers have weights: the convolutions and the dense layers."),
        Parameter("filters", "list", [16, 32, 64, 64, 64], help="How many maps the convolutions of each of the five blocks have."),
        Parameter("units", "list", [64, 64], help="The sizes of the dense layers before the last."),
        Parameter("dropout", "float", 0.3, minimum=0, maximum=0.95, help="The part of the dense layers' values that is switched off in each step."),
        Parameter("batch_normalization", "bool", True, help="Normalize after each convolution; the paper of 2014 did not have it yet."),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (32, 32, 3),
    classes: int = 8,
    depth: int = 11,
    filters: Sequence[int] = (16, 32, 64, 64, 64),
    units: Sequence[int] = (64, 64),
    dropout: float = 0.3,
    batch_normalization: bool = True,
) -> dict[str, Graph]:
    """`model`: pictures (batch, height, width, channels) to class probabilities (batch, classes), or to one number where `classes` is 0."""
    if len(shape) != 3 or min(shape[:2]) < 32:
        raise SettingProblem(f"vgg halves a picture five times, so it needs 32 × 32 at least, and these have the shape {tuple(shape)}: set data.size to 32.")
    if len(filters) != 5:
        raise SettingProblem(f"vgg has five blocks: give filters five sizes, as in [64, 128, 256, 512, 512], not {len(filters)}.")
    inputs = x = Input(shape)
    height, width, channels = shape
    for number, (count, convolutions) in enumerate(zip(filters, CONVOLUTIONS[depth], strict=True), 1):
        x = block(vgg_block([height, width, channels], count, convolutions, batch_normalization), name=f"block_{number}")(x)
        height, width, channels = height // 2, width // 2, count
    x = layers.Flatten()(x)
    for number, size in enumerate(units, 1):
        x = layers.Dense(size, activation="relu", kernel_initializer="he_normal", name=f"dense_{number}")(x)
        x = layers.Dropout(dropout)(x) if dropout else x
    outputs = layers.Dense(classes, activation="softmax", name="head")(x) if classes else layers.Dense(1, name="head")(x)
    return {"model": Model(inputs, outputs)}


def vgg_block(shape: Sequence[int], filters: int, convolutions: int, batch_normalization: bool) -> Graph:
    """Equal convolutions and one pooling: (batch, height, width, channels) to (batch, height // 2, width // 2, filters)."""
    inputs = x = Input(shape)
    for number in range(1, convolutions + 1):
        x = convolved(x, filters, f"conv_{number}", batch_normalization)
    return Model(inputs, layers.MaxPooling2D(2)(x))


def convolved(x: Tensor, filters: int, name: str, batch_normalization: bool) -> Tensor:
    """A 3×3 convolution that keeps height and width, and `relu`."""
    if not batch_normalization:
        return layers.Conv2D(filters, 3, padding="same", activation="relu", kernel_initializer="he_normal", name=name)(x)
    x = layers.Conv2D(filters, 3, padding="same", kernel_initializer="he_normal", name=name)(x)
    return layers.Activation("relu")(layers.BatchNormalization()(x))
