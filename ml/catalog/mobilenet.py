"""MobileNet: a convolution taken apart into one that looks and one that mixes, and one number that makes the whole network thinner."""

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
A plain 3×3 convolution does two things at once: it looks at the neighbours of each pixel and it mixes all maps. **MobileNet** does one after the
other. A *depthwise* convolution gives each map a 3×3 window of its own, and a *pointwise* 1×1 convolution mixes the maps. For many maps this costs
between an eighth and a ninth, and little is lost. The network is a plain stack of thirteen such pairs. Where it runs on something small, two numbers
buy speed: the *width multiplier* `alpha` thins out every layer, and a smaller picture makes every map smaller. Both act on the cost by their square.

## What to watch
The multiplications of each node on the canvas: inside a block nearly all are in the pointwise half, though only the depthwise half looks around. In
the inside view many depthwise filters look for an edge in one direction, or do nothing at all.

## What to try
- `alpha` 0.25: from 145 to 40 thousand parameters and from 6.2 to 1.8 million multiplications; of unseen shapes 77 % are right instead of 94 %.
- `separable` off: 1.17 million parameters and 47.6 million multiplications, eight times as many of both, for a network of the same form.
- `stem_strides` 2, which asks of these small pictures what the paper asks of large ones: each later map has a quarter of the pixels. It learns the
  training shapes to 91 %, but only 68 % of the others: corners are lost before they are seen.

## The paper
A. Howard and others, *MobileNets: efficient convolutional neural networks for mobile vision applications*, 2017. The `paper` preset is 1.0
MobileNet-224, in Keras 4,253,864 parameters and 569 million multiplications; `alpha` 0.75, 0.5 and 0.25 are its published sisters, and `separable`
off is its Conv MobileNet with 29.3 million parameters.
"""

TEMPLATE = Template(
    id="mobilenet",
    title="MobileNet",
    family="Convolutional",
    summary="Depthwise separable convolutions, made for telephones: nearly as right as full ones at an eighth of the cost.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("shapes", {"samples": 4000}),
    training=Training(epochs=8, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.005}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "data.size": 224,
            "classes": 1000,
            "alpha": 1.0,
            "blocks": [1, 2, 2, 6, 2],
            "stem_strides": 2,
            "dropout": 0.001,
            "training.optimizer": "RMSprop",
            "training.schedule": None,
            "training.epochs": 100,
            "training.batch_size": 96,
            "training.optimizer.learning_rate": 0.045,
        },
    },
    parameters=(
        Parameter("alpha", "float", 0.5, minimum=0.01, maximum=4, help="The width multiplier: what part of the paper's filters each layer has."),
        Parameter("blocks", "list", [1, 2, 2, 2], help="How many blocks there are at each size of the maps; after each size it is halved, and filters double."),
        Parameter("stem_strides", "int", 1, minimum=1, maximum=4, help="How far the first convolution steps: 2 halves the picture at once, as in the paper."),
        Parameter("depth_multiplier", "int", 1, minimum=1, help="How many filters look at each map."),
        Parameter("separable", "bool", True, help="Off: plain 3×3 convolutions instead, the paper's Conv MobileNet."),
        Parameter("dropout", "float", 0.0, minimum=0, maximum=0.95, help="The part of the last features that is switched off at random in each step."),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (32, 32, 3),
    classes: int = 8,
    alpha: float = 0.5,
    blocks: Sequence[int] = (1, 2, 2, 2),
    stem_strides: int = 1,
    depth_multiplier: int = 1,
    separable: bool = True,
    dropout: float = 0.0,
) -> dict[str, Graph]:
    """`model`: pictures (batch, height, width, channels) to class probabilities (batch, classes), or to one number where `classes` is 0."""
    if len(shape) != 3:
        raise SettingProblem(f"mobilenet needs pictures (height, width, channels), and this data has the shape {tuple(shape)}: try mlp.")
    inputs = Input(shape)
    x = layers.Conv2D(_thin(32, alpha), 3, stem_strides, "same", use_bias=False, name="conv1")(inputs)
    x = _activated(x, "conv1")
    number = 0
    for stage, count in enumerate(blocks):
        for place in range(count):
            number += 1
            inside = separable_block(_thin(64 * 2**stage, alpha), 2 if stage and not place else 1, depth_multiplier, separable)
            x = block(inside, name=f"block_{number}")(x)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    if dropout:
        x = layers.Dropout(dropout, name="dropout")(x)
    outputs = layers.Dense(classes, activation="softmax", name="head")(x) if classes else layers.Dense(1, name="head")(x)
    return {"model": Model(inputs, outputs)}


def separable_block(filters: int, strides: int, depth_multiplier: int, separable: bool) -> Graph:
    """A 3×3 convolution of each map for itself, then a 1×1 convolution that mixes them; or one full 3×3 convolution.

    Maps (batch, height, width, channels) to (batch, height / strides, width / strides, `filters`), as in the paper's figure 3.
    """
    inputs = Input(None)
    if not separable:
        return Model(inputs, _activated(layers.Conv2D(filters, 3, strides, "same", use_bias=False, name="full")(inputs), "full"))
    x = layers.DepthwiseConv2D(3, strides, "same", depth_multiplier, use_bias=False, name="depthwise")(inputs)
    x = _activated(x, "depthwise")
    x = layers.Conv2D(filters, 1, use_bias=False, name="pointwise")(x)
    return Model(inputs, _activated(x, "pointwise"))


def _activated(x: Tensor, name: str) -> Tensor:
    """Batch normalization, and a ReLU that ends at 6."""
    x = layers.BatchNormalization(momentum=0.9, name=f"{name}_bn")(x)
    return layers.ReLU(6.0, name=f"{name}_relu")(x)


def _thin(filters: int, alpha: float) -> int:
    return max(1, int(filters * alpha))
