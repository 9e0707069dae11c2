"""The multi-layer perceptron: dense layers, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, layers
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
A **multi-layer perceptron** is the plainest deep network. Every unit of a layer looks at every unit of the layer before it, adds up what it sees with
weights of its own, and passes the sum through a bend, here `relu`. Without the bend ten layers would be one: a product of matrices is a matrix. With
it, each layer folds the space a little, until classes that lay tangled in the input can be cut apart by planes. The last layer has one unit for each
class, and `softmax` turns their values into probabilities. Pictures are flattened first, so the network does not know which pixels are neighbours.
Tables are normalized first: each column gets mean 0 and variance 1, measured on the training data.

## What to watch
The gap between the training and the validation loss. While both fall, the network learns what the data share. When only the training loss still
falls, it learns samples by heart. Most of the parameters are in the first dense layer: look at the counts on the nodes.

## What to try
- Data `spirals`: one hidden layer of 8 units, then two, then three. Where do the arms come apart?
- Set `dropout` to 0.5 and compare the gap.
- Put `sigmoid` for `relu` in a network of six layers. It hardly starts to learn: the gradient shrinks at each layer.
- Learning rates 0.1, 0.001 and 0.00001. One jumps, one learns, one crawls.

## The paper
D. E. Rumelhart, G. E. Hinton, R. J. Williams, *Learning representations by back-propagating errors*, Nature 323, 1986. The `paper` preset is the
network 784-512-512-10 with dropout 0.2 that Keras has carried as its MNIST example since 2015: 98.4 % after 20 epochs of RMSprop, 669,706 parameters.
"""

TEMPLATE = Template(
    id="mlp",
    title="Multi-layer perceptron",
    family="Foundations",
    summary="Dense layers, one after the other: the plainest deep network, for pictures, tables and points.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("digits"),
    training=Training(epochs=30, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.002})),
    presets={
        "lite": {},
        "paper": {
            "data.size": 28,
            "units": [512, 512],
            "dropout": 0.2,
            "training.epochs": 20,
            "training.batch_size": 128,
            "training.optimizer": "RMSprop",
        },
    },
    parameters=(
        Parameter("units", "list", [64, 64], help="The size of each hidden layer."),
        Parameter("activation", "text", "relu", help="The bend after each hidden layer: relu, tanh, sigmoid, gelu …"),
        Parameter("dropout", "float", 0.0, minimum=0, maximum=0.95, help="The part of each hidden layer that is switched off at random in each step."),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (8, 8, 1), classes: int = 10, units: Sequence[int] = (64, 64), activation: str = "relu", dropout: float = 0.0
) -> dict[str, Graph]:
    """`model`: (batch, *shape) to class probabilities (batch, classes), or to one number (batch, 1) where `classes` is 0."""
    inputs = Input(shape)
    x = layers.Flatten()(inputs) if len(shape) > 1 else layers.Normalization()(inputs)
    for size in units:
        x = layers.Dense(size, activation=activation)(x)
        if dropout:
            x = layers.Dropout(dropout)(x)
    outputs = layers.Dense(classes, activation="softmax")(x) if classes else layers.Dense(1)(x)
    return {"model": Model(inputs, outputs)}
