"""GoogLeNet: in each block four branches of different reach look at the same maps, and what they find is laid side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from ml.catalog.local_response import local_response_normalization
from ml.catalog.recorder import Input, Model, Tensor, block, layers
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
How large should the window of a convolution be? An **inception block** takes all: 1×1, 3×3, 5×5 and a pooling look at the same maps, and what they
find is laid side by side as channels. The next layer chooses. Done plainly it would cost too much, so a 1×1 convolution first squeezes the maps
before each larger window. Nine such blocks in three stages, a stem before them and a mean over each map instead of large dense layers behind made
**GoogLeNet** win in 2014, with a twelfth of AlexNet's parameters. So deep a network was hard to train, so two *auxiliary heads* tried to name the
class from the middle of the network already. Their loss counts 0.3 and sends gradient into the early blocks; afterwards they are thrown away.

## What to watch
Open `inception_3a`: four branches from one input. Select each and compare parameters and multiplications; the 3×3 branch has most of both. The
channels on the link after `side_by_side` are the sum of the four.

## What to try
- `normalization` none: with the same learning rate it never leaves 12.5 %, one shape in eight, in all 7 epochs. With batch normalization it gets 98 %.
- `width` 0.25: 146,064 parameters instead of 38,136, and nearly four times the multiplications, for width acts on both by its square.
- `auxiliary`: a second output branches off after `inception_4a`. It adds 10,440 parameters, and the training loss counts both, so it is the larger.

## The paper
C. Szegedy and others, *Going deeper with convolutions*, 2014. The `paper` preset has its table 1 with both auxiliary heads, 13,378,280 parameters;
without them, as it is used after training, 6,998,552. Batch normalization came half a year later.
"""

STAGES: tuple[dict[str, tuple[int, ...]], ...] = (
    {"3a": (64, 96, 128, 16, 32, 32), "3b": (128, 128, 192, 32, 96, 64)},
    {
        "4a": (192, 96, 208, 16, 48, 64),
        "4b": (160, 112, 224, 24, 64, 64),
        "4c": (128, 128, 256, 24, 64, 64),
        "4d": (112, 144, 288, 32, 64, 64),
        "4e": (256, 160, 320, 32, 128, 128),
    },
    {"5a": (256, 160, 320, 32, 128, 128), "5b": (384, 192, 384, 48, 128, 128)},
)
"""The paper's table 1: by stage and block the filters of 1×1, 3×3 reduce, 3×3, 5×5 reduce, 5×5 and the projection after pooling."""
HEADS = {"4a": "auxiliary_1", "4d": "auxiliary_2"}
"""After which blocks an auxiliary head branches off."""
POOL, HEAD_FILTERS, HEAD_UNITS, HEAD_DROPOUT = 5, 128, 1024, 0.7

TEMPLATE = Template(
    id="googlenet",
    title="GoogLeNet",
    family="Convolutional",
    summary="Inception blocks: convolutions of three sizes and a pooling, side by side, with 1×1 convolutions that keep it cheap.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("shapes", {"samples": 4000}),
    training=Training(epochs=7, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.005}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "data.size": 224,
            "classes": 1000,
            "width": 1.0,
            "blocks": [2, 5, 2],
            "stem": "paper",
            "normalization": "local_response",
            "auxiliary": True,
            "dropout": 0.4,
            "training.optimizer": "SGD",
            "training.schedule": None,
            "training.epochs": 250,
            "training.optimizer.learning_rate": 0.01,
            "training.optimizer.momentum": 0.9,
        },
    },
    parameters=(
        Parameter("width", "float", 0.125, minimum=0.01, maximum=4, help="What part of the paper's filters each layer has."),
        Parameter("blocks", "list", [2, 2, 1], help="How many inception blocks each of the three stages has: up to 2, 5 and 2, which is the paper's."),
        Parameter("stem", "choice", "small", choices=("paper", "small"), help="paper: three convolutions, two poolings, 224 to 28 pixels; small: one of each."),
        Parameter(
            "normalization",
            "choice",
            "batch",
            choices=("local_response", "batch", "none"),
            help="local_response: twice in the stem, as in the paper; batch: after every convolution.",
        ),
        Parameter("auxiliary", "bool", False, help="Two more heads, after blocks 4a and 4d, that help to train; each one's loss counts 0.3."),
        Parameter("dropout", "float", 0.0, minimum=0, maximum=0.95, help="The part of the last features that is switched off at random in each step."),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (32, 32, 3),
    classes: int = 8,
    width: float = 0.125,
    blocks: Sequence[int] = (2, 2, 1),
    stem: str = "small",
    normalization: str = "batch",
    auxiliary: bool = False,
    dropout: float = 0.0,
) -> dict[str, Graph]:
    """`model`: pictures (batch, height, width, channels) to class probabilities (batch, classes), or to one number where `classes` is 0.

    With `auxiliary` there are up to two more outputs of the same shape.
    """
    if len(shape) != 3:
        raise SettingProblem(f"googlenet needs pictures (height, width, channels), and this data has the shape {tuple(shape)}: try mlp.")
    if len(blocks) != len(STAGES) or any(count > len(stage) for count, stage in zip(blocks, STAGES, strict=True)):
        raise SettingProblem(f"googlenet has three stages of up to 2, 5 and 2 blocks, such as [2, 5, 2], not {list(blocks)}.")
    batch = normalization == "batch"
    inputs = Input(shape)
    x = _stem(inputs, width, stem, normalization)
    side = -(-min(shape[:2]) // (8 if stem == "paper" else 2))
    heads: dict[str, Tensor] = {}
    for number, (stage, count) in enumerate(zip(STAGES, blocks, strict=True)):
        if number:
            x = layers.MaxPooling2D(3, strides=2, padding="same", name=f"pool{number + 2}")(x)
            side = -(-side // 2)
        for name, filters in islice(stage.items(), count):
            x = block(inception_block([_scaled(size, width) for size in filters], batch), name=f"inception_{name}")(x)
            if auxiliary and name in HEADS:
                heads[HEADS[name]] = block(auxiliary_head(classes, width, min(POOL, side), batch), name=f"head_{name}")(x)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    if dropout:
        x = layers.Dropout(dropout, name="dropout")(x)
    return {"model": Model(inputs, {"output": _head(x, classes)} | heads)}


def inception_block(filters: Sequence[int], batch: bool) -> Graph:
    """Four branches from the same maps, side by side at the end: the paper's figure 2 (b).

    Maps (batch, height, width, channels) to (batch, height, width, the sum of the four branches' filters).
    """
    one, three_reduce, three, five_reduce, five, pool = filters
    inputs = Input(None)
    branches = [
        _convolved(inputs, "1x1", one, 1, 1, batch),
        _convolved(_convolved(inputs, "3x3_reduce", three_reduce, 1, 1, batch), "3x3", three, 3, 1, batch),
        _convolved(_convolved(inputs, "5x5_reduce", five_reduce, 1, 1, batch), "5x5", five, 5, 1, batch),
        _convolved(layers.MaxPooling2D(3, strides=1, padding="same", name="pool")(inputs), "pool_proj", pool, 1, 1, batch),
    ]
    return Model(inputs, layers.Concatenate(name="side_by_side")(branches))


def auxiliary_head(classes: int, width: float, pool: int, batch: bool) -> Graph:
    """A small classifier on maps from the middle of the network: (batch, height, width, channels) to what `build` gives."""
    inputs = Input(None)
    x = layers.AveragePooling2D(pool, strides=3, name="pool")(inputs)
    x = _convolved(x, "1x1", _scaled(HEAD_FILTERS, width), 1, 1, batch)
    x = layers.Dense(_scaled(HEAD_UNITS, width), activation="relu", name="dense")(layers.Flatten(name="flat")(x))
    return Model(inputs, _head(layers.Dropout(HEAD_DROPOUT, name="dropout")(x), classes))


def _stem(x: Tensor, width: float, stem: str, normalization: str) -> Tensor:
    """The plain convolutions before the first inception block."""
    batch, local = normalization == "batch", normalization == "local_response"
    if stem == "small":
        x = _convolved(x, "conv1", _scaled(192, width), 3, 1, batch)
    else:
        x = _convolved(x, "conv1", _scaled(64, width), 7, 2, batch)
        x = layers.MaxPooling2D(3, strides=2, padding="same", name="pool1")(x)
        x = block(local_response_normalization(), name="normalized1")(x) if local else x
        x = _convolved(x, "conv2_reduce", _scaled(64, width), 1, 1, batch)
        x = _convolved(x, "conv2", _scaled(192, width), 3, 1, batch)
    x = block(local_response_normalization(), name="normalized2")(x) if local else x
    return layers.MaxPooling2D(3, strides=2, padding="same", name="pool2")(x)


def _convolved(x: Tensor, name: str, filters: int, size: int, strides: int, batch: bool) -> Tensor:
    """A convolution with a bias, or with batch normalization, and a ReLU."""
    if not batch:
        return layers.Conv2D(filters, size, strides, "same", activation="relu", name=name)(x)
    x = layers.Conv2D(filters, size, strides, "same", use_bias=False, name=name)(x)
    x = layers.BatchNormalization(momentum=0.9, name=f"{name}_bn")(x)
    return layers.ReLU(name=f"{name}_relu")(x)


def _head(x: Tensor, classes: int) -> Tensor:
    return layers.Dense(classes, activation="softmax", name="classes")(x) if classes else layers.Dense(1, name="value")(x)


def _scaled(filters: int, width: float) -> int:
    return max(1, round(filters * width))
