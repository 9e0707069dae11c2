"""The convolutional network: convolution, pooling, and a dense layer at the end."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, layers
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
A **convolutional network** knows one thing about pictures from the start: what matters is local, and it matters wherever it is. A convolution is a
small window of weights that slides over the picture and gives a high value where it finds its pattern. One layer has many such windows, its
*filters*, and gives one *feature map* for each. Pooling keeps the strongest answer in every 2×2 square: the maps shrink, and a step to the side makes
little difference. The second convolution sees maps instead of pixels, so its patterns are made of patterns: strokes, then corners and loops. At the
end everything is flattened, and one dense layer with `softmax` weighs what was found and gives the probability of each class.

## What to watch
The shapes on the links: height and width fall, channels grow. Count the parameters: a 3×3 convolution has nine weights for each pair of maps, however
large the picture is. Training loss above validation loss is no mistake here: dropout handicaps the network only while it trains.

## What to try
- Remove the pooling layers. How many parameters has the dense layer now, and is it any better?
- Train `mlp` with as many parameters on the same digits and compare the held-out accuracy.
- Filters `[4]`, `[8, 16]`, `[32, 64]`: how small can it be and still reach 98 %?
- Put `BatchNormalization` after each convolution and raise the learning rate.

## The paper
Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-based learning applied to document recognition*, Proceedings of the IEEE, 1998. The `paper`
preset is keras.io's "Simple MNIST convnet": 34,826 parameters, 99.2 % on MNIST after 15 epochs.
"""

TEMPLATE = Template(
    id="cnn",
    title="Convolutional network",
    family="Convolutional",
    summary="Small windows that slide over a picture and look for patterns, then for patterns of patterns.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("digits"),
    training=Training(epochs=40, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.002})),
    presets={
        "lite": {},
        "paper": {"data.size": 28, "padding": "valid", "training.epochs": 15, "training.batch_size": 128, "training.optimizer": "Adam"},
    },
    parameters=(
        Parameter("filters", "list", [32, 64], help="How many filters each convolution has; one convolution and one pooling for each number."),
        Parameter("kernel_size", "int", 3, minimum=1, help="Height and width of the sliding window, in pixels."),
        Parameter("padding", "choice", "same", choices=("same", "valid"), help="same: zeros around the picture keep its size; valid: none, and it shrinks."),
        Parameter("dropout", "float", 0.5, minimum=0, maximum=0.95, help="The part of the last features that is switched off at random in each step."),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (8, 8, 1), classes: int = 10, filters: Sequence[int] = (32, 64), kernel_size: int = 3, padding: str = "same", dropout: float = 0.5
) -> dict[str, Graph]:
    """`model`: pictures (batch, height, width, channels) to class probabilities (batch, classes), or to one number where `classes` is 0."""
    if len(shape) != 3:
        raise SettingProblem(f"cnn needs pictures (height, width, channels), and this data has the shape {tuple(shape)}: try mlp.")
    inputs = x = Input(shape)
    for count in filters:
        x = layers.Conv2D(count, kernel_size, padding=padding, activation="relu")(x)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Flatten()(x)
    if dropout:
        x = layers.Dropout(dropout)(x)
    outputs = layers.Dense(classes, activation="softmax")(x) if classes else layers.Dense(1)(x)
    return {"model": Model(inputs, outputs)}
