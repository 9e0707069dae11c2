"""Network in network: small networks slide over the picture, and the classes are maps."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, block, layers
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
A convolution is a linear window: it says how much a place looks like one pattern. **Network in network** lets a small network slide over the picture
instead: after each convolution come two of 1×1, and a 1×1 convolution is nothing but a dense layer at every place, over all maps there. Open a block
to see the three. The second idea is the end. There are no dense layers, which hold most of the weights of AlexNet and VGG. The last convolution makes
one map for each class, *global average pooling* takes the mean of each map, and `softmax` compares the means. GoogLeNet, SqueezeNet and ResNet took
over one idea or both.

## What to watch
The maps that `mlpconv_3` gives, one for each class: where in the picture does the network see a star? And the inspector's counts, in which no layer
stands out.

## What to try
- Train `vgg` too: it has 217,928 weights and reaches 96.0 % of the held-out shapes; this one reached 97.1 % with 97,800, in ten epochs instead of eight.
- `batch_normalization` off, with `training.optimizer.learning_rate` 0.001: 73.2 %. The paper's network had to do without.
- `data.samples` 2000 and nothing else: 59.7 %, where `vgg` is at 27.0 %. Without dense layers there is less to learn by heart.

## The paper
M. Lin, Q. Chen, S. Yan, *Network in network*, 2013. The `paper` preset is the authors' network for ImageNet with 7,595,176 weights. Theirs for
CIFAR-10 has 966,986: set `filters` to `[192, 160, 96, 192, 192, 192, 192, 192]`, `kernel_size` to `[5, 5, 3]` and `strides` to `[1, 1, 1]`.
"""

TEMPLATE = Template(
    id="network_in_network",
    title="Network in network",
    family="Convolutional",
    summary="Convolutions with 1×1 convolutions after them, and at the end one map for each class instead of dense layers.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("shapes", {"samples": 8000}),
    training=Training(epochs=10, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.002}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "data.samples": 3000,
            "data.size": 227,
            "classes": 1000,
            "filters": [96, 96, 96, 256, 256, 256, 384, 384, 384, 1024, 1024],
            "kernel_size": [11, 5, 3, 3],
            "strides": [4, 1, 1, 1],
            "dropout": 0.5,
            "batch_normalization": False,
            "training.epochs": 90,
            "training.batch_size": 64,
            "training.optimizer": "SGD",
            "training.optimizer.learning_rate": 0.01,
            "training.optimizer.momentum": 0.9,
            "training.schedule": None,
        },
    },
    parameters=(
        Parameter(
            "filters",
            "list",
            [32, 32, 32, 64, 64, 64, 96, 96],
            help="How many maps: for each block its convolution's and those of its two 1×1; the very last has one for each class and isn't given.",
        ),
        Parameter("kernel_size", "list", [5, 3, 3], help="Height and width of each block's first convolution, one number for each block."),
        Parameter("strides", "list", [2, 1, 1], help="How many pixels that convolution goes on at a time, one number for each block."),
        Parameter("dropout", "float", 0.2, minimum=0, maximum=0.95, help="The part of the values between two blocks that is switched off in each step."),
        Parameter("batch_normalization", "bool", True, help="Normalize after each convolution but the last; the paper of 2013 did not have it yet."),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (32, 32, 3),
    classes: int = 8,
    filters: Sequence[int] = (32, 32, 32, 64, 64, 64, 96, 96),
    kernel_size: Sequence[int] = (5, 3, 3),
    strides: Sequence[int] = (2, 1, 1),
    dropout: float = 0.2,
    batch_normalization: bool = True,
) -> dict[str, Graph]:
    """`model`: pictures (batch, height, width, channels) to class probabilities (batch, classes), or to one number where `classes` is 0."""
    blocks = len(kernel_size)
    if len(shape) != 3:
        raise SettingProblem(f"network_in_network needs pictures (height, width, channels), and this data has the shape {tuple(shape)}: try mlp.")
    if len(strides) != blocks or len(filters) != 3 * blocks - 1:
        raise SettingProblem(
            f"network_in_network with {blocks} kernel sizes needs {blocks} strides and {3 * blocks - 1} filters, three a block but for the last."
        )
    inputs = x = Input(shape)
    size = list(shape)
    widths = [*filters, classes or 1]
    for number, (kernel, stride) in enumerate(zip(kernel_size, strides, strict=True), 1):
        is_last = number == blocks
        if size[0] < kernel or size[1] < kernel:
            raise SettingProblem(f"Block {number} of network_in_network has a window of {kernel} pixels, and the picture is {size[0]} × {size[1]} there.")
        inner = mlpconv(size, widths[3 * number - 3 : 3 * number], kernel, stride, batch_normalization, is_last)
        x = block(inner, name=f"mlpconv_{number}")(x)
        size = [*([1 + (side - kernel) // stride for side in size[:2]] if stride > 1 else size[:2]), widths[3 * number - 1]]
        if not is_last:
            x = layers.MaxPooling2D(3, strides=2, padding="same", name=f"pool_{number}")(x)
            x = layers.Dropout(dropout)(x) if dropout else x
            size = [-(-size[0] // 2), -(-size[1] // 2), size[2]]
    x = layers.GlobalAveragePooling2D()(x)
    return {"model": Model(inputs, layers.Softmax()(x) if classes else x)}


def mlpconv(shape: Sequence[int], filters: Sequence[int], kernel_size: int, strides: int, batch_normalization: bool, is_last: bool) -> Graph:
    """The same small network at every place: a convolution and two of 1×1, (batch, height, width, channels) to (batch, …, …, filters[-1]).

    Without padding where it strides, as published. The paper has `relu` after the very last convolution too; a class whose map died could never be said.
    """
    inputs = x = Input(shape)
    windows = ((kernel_size, strides, "conv"), (1, 1, "conv_1x1_1"), (1, 1, "conv_1x1_2"))
    for count, (window, stride, name) in zip(filters, windows, strict=True):
        is_end = is_last and name == "conv_1x1_2"
        x = layers.Conv2D(count, window, strides=stride, padding="valid" if stride > 1 else "same", kernel_initializer="he_normal", name=name)(x)
        x = layers.BatchNormalization()(x) if batch_normalization and not is_end else x
        x = x if is_end else layers.Activation("relu")(x)
    return Model(inputs, x)
