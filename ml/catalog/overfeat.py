"""OverFeat: one trunk of convolutions that says what a picture shows and where, read at many positions."""

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
One trunk, two answers. The trunk is an ordinary convolutional network. On its last map stand two small networks: the *classifier* says what the
picture shows, the *localizer* says where, as four numbers between 0 and 1: the middle of a box down and across, its height and its width. Their dense
layers are convolutions as large as a *window*. On a map of just that size they answer once. On a larger map the same weights slide, and give an
answer at every position, at hardly any cost, for the trunk has been computed already. The answers of all positions are averaged. Before this, one cut
hundreds of pieces out of a picture and ran the network on each of them.

## What to watch
The Generator tab: the picture, the model's box, the right box, in the colour of the class. Boxes are learned sooner than names. `box_overlap` is what
two boxes share of all that either covers, and `found` counts a figure whose name is right and whose box overlaps by half.

## What to try
- `window` 3: the whole map at once, one position instead of four, and 244,092 weights instead of 162,172. On held-out pictures 95.4 % are found, and
  95.7 % with the small window; boxes overlap by 87 % instead of 85 %.
- The recipe's `box_weight` at 0: nobody asks for boxes, so the trunk is the classifier's alone. 97.1 % of the names are right, and the overlap is 0.37.
- `localize`, `recipe` and `target` as in the `paper` preset: a classifier without a box; the trunk stays.

## The paper
P. Sermanet and others, *OverFeat: integrated recognition, localization and detection using convolutional networks*, 2013. The `paper` preset is its
fast classifier of 231×231 pixels and 1,000 classes: 145,920,872 weights. With `localize` and the recipe `detection` it gets its box.
"""

TEMPLATE = Template(
    id="overfeat",
    title="OverFeat",
    family="Convolutional",
    summary="Says what a picture shows and draws a box around it, both from one trunk, which slides over the picture.",
    page=PAGE,
    recipe=Choice("detection"),
    data=Data("shapes", {"target": "box"}),
    training=Training(epochs=12, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.003}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "recipe": "supervised",
            "data.target": "class",
            "data.size": 231,
            "data.samples": 80,
            "classes": 1000,
            "filters": [96, 256, 512, 1024, 1024],
            "kernel_sizes": [11, 5, 3, 3, 3],
            "strides": 4,
            "window": 6,
            "units": [3072, 4096],
            "box_units": [4096, 1024],
            "localize": False,
            "batch_normalization": False,
            "dropout": 0.5,
            "training.batch_size": 128,
            "training.optimizer": "SGD",
            "training.optimizer.learning_rate": 0.05,
            "training.optimizer.momentum": 0.6,
        },
    },
    parameters=(
        Parameter("filters", "list", [16, 32, 64, 64], help="Filters of each convolution of the trunk; after the first, the second and the last it is pooled."),
        Parameter("kernel_sizes", "list", [5, 3, 3, 3], help="The window of each convolution; the first two have no padding."),
        Parameter("strides", "int", 1, minimum=1, help="How many pixels the first convolution goes on at a time."),
        Parameter("window", "int", 2, minimum=1, help="How large a part of the last map is read at a time; it slides over all of the map."),
        Parameter("units", "list", [128, 128], help="The layers that name what is in the window, before the classes."),
        Parameter("box_units", "list", [128, 128], help="The layers that say where it is, before the four numbers of the box."),
        Parameter("localize", "bool", True, help="Whether there is a box; without it, it is a classifier, for the recipe supervised."),
        Parameter("batch_normalization", "bool", True, help="Whether the trunk's convolutions are normalized; the paper had none."),
        Parameter("dropout", "float", 0.0, minimum=0, maximum=0.95, help="The part of the values after each of these layers that is switched off at random."),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (32, 32, 3),
    classes: int = 8,
    filters: Sequence[int] = (16, 32, 64, 64),
    kernel_sizes: Sequence[int] = (5, 3, 3, 3),
    strides: int = 1,
    window: int = 2,
    units: Sequence[int] = (128, 128),
    box_units: Sequence[int] = (128, 128),
    localize: bool = True,
    batch_normalization: bool = True,
    dropout: float = 0.0,
) -> dict[str, Graph]:
    """`model`: pictures (batch, height, width, channels) to class probabilities (batch, classes) and a box (batch, 4), both the mean of all positions.

    A box is its middle down and across, its height and its width, in parts of the picture's.
    """
    if len(shape) != 3 or not classes:
        found = f"this data has the shape {tuple(shape)} and {classes} classes"
        raise SettingProblem(f"overfeat needs pictures (height, width, channels) and classes to tell apart, and {found}: try the data shapes.")
    if len(kernel_sizes) != len(filters):
        raise SettingProblem(f"overfeat needs a kernel size for each of its filters: there are {len(kernel_sizes)} kernel_sizes and {len(filters)} filters.")
    inputs = x = Input(shape)
    height, width = shape[:2]
    for number, (count, size) in enumerate(zip(filters, kernel_sizes, strict=True), 1):
        step, padding = strides if number == 1 else 1, "valid" if number <= 2 else "same"
        x = layers.Conv2D(count, size, strides=step, padding=padding, use_bias=not batch_normalization, name=f"conv_{number}")(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x) if batch_normalization else x)
        if padding == "valid":
            height, width = (height - size) // step + 1, (width - size) // step + 1
        if number in (1, 2, len(filters)):
            x, height, width = layers.MaxPooling2D(2, name=f"pool_{number}")(x), height // 2, width // 2
    if min(height, width) < window:
        raise SettingProblem(f"overfeat: {height} × {width} are left of the picture, less than a window of {window}: take larger pictures or a smaller window.")
    map_shape = [height, width, filters[-1]]
    chances = block(_head(map_shape, window, units, classes, "softmax", dropout), name="classifier")(x)
    outputs = {"class": layers.GlobalAveragePooling2D(name="class_of_all")(chances)}
    if localize:
        boxes = block(_head(map_shape, window, box_units, 4, "sigmoid", dropout), name="localizer")(x)
        outputs["box"] = layers.GlobalAveragePooling2D(name="box_of_all")(boxes)
    return {"model": Model(inputs, outputs)}


def _head(shape: Sequence[int], window: int, units: Sequence[int], outputs: int, activation: str, dropout: float) -> Graph:
    """Dense layers as convolutions, so that they answer at every position of the window: (batch, height, width, channels) to (batch, down, across, outputs)."""
    inputs = x = Input(shape)
    for number, count in enumerate(units):
        x = _dropped(layers.Conv2D(count, 1 if number else window, activation="relu")(x), dropout)
    return Model(inputs, layers.Conv2D(outputs, 1 if units else window, activation=activation, name="answer")(x))


def _dropped(x: Tensor, rate: float) -> Tensor:
    return layers.Dropout(rate)(x) if rate else x
