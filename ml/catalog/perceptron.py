"""The perceptron: Rosenblatt's unit, and the rule by which it learns from its mistakes alone."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, layers, ops
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
The **perceptron** is the first machine that learned to classify. It adds up its inputs, each times a weight, and says the second class where the sum
is above a threshold. Its rule needs neither a derivative nor a probability. An example that is classified rightly changes nothing. After a mistake
the input itself is added to the weights, or taken away from them. If any line parts the two classes, the rule finds one after a finite number of
mistakes, however long they are presented. If none does, it never rests. Here the rule is gradient descent with learning rate 1 on a loss that counts
nothing but mistakes, a single example at a time.

## What to watch
The line, as it moves: press One step. It jumps at every mistake and stands still between them. Here it makes 27 mistakes in eleven epochs and then
none, and comes to rest where it happens to be: any line without a mistake is as good as another.

## What to try
- Data `xor`: no line is right, and the rule wanders for ever. It ended with 59 % of the held-out points.
- Data `blobs` with `cluster_std` 1.5: the clouds overlap. It still makes 34 mistakes in the twentieth epoch, and has 88 % of the held-out points.
- Learning rate 0.1: the very same line, for all weights are a tenth. With a start at zero only their proportion counts.
- Data `digits` with `data.size` 20 and `association` 512, 5 epochs: 94 % of the held-out digits, from units that were wired by chance.

## The paper
F. Rosenblatt, *The perceptron: a probabilistic model for information storage and organization in the brain*, Psychological Review 65, 1958. The
`paper` preset is wired as his Mark I: 400 photocells, 512 association units connected at random, and trained response units, here ten for the digits.
"""

TEMPLATE = Template(
    id="perceptron",
    title="Perceptron",
    family="Foundations",
    summary="Rosenblatt's unit: a weighted sum with a threshold, that learns from nothing but its mistakes.",
    page=PAGE,
    recipe=Choice("supervised", {"loss": "perceptron"}),
    data=Data("blobs", {"cluster_std": 0.8, "seed": 1}),
    training=Training(epochs=20, batch_size=1, optimizer=Choice("SGD", {"learning_rate": 1.0})),
    presets={"lite": {}, "paper": {"data": "digits", "data.size": 20, "association": 512}},
    parameters=(
        Parameter("association", "int", 0, minimum=0, help="How many association units stand before the trained one, wired at random and for ever; 0: none."),
        SHAPE,
        CLASSES,
    ),
)


def build(shape: Sequence[int] = (2,), classes: int = 2, association: int = 0) -> dict[str, Graph]:
    """`model`: (batch, *shape) to the weighted sum (batch, 1), above 0 for the second class, or with more than two classes to one for each (batch, classes)."""
    if classes < 2:
        raise SettingProblem("A perceptron tells classes apart, and this data has a number to predict: try linear_regression.")
    inputs = Input(shape)
    x = layers.Flatten()(inputs) if len(shape) > 1 else inputs
    if association:
        wires = layers.Dense(association, use_bias=False, kernel_initializer="random_normal", trainable=False, name="wires")(x)
        x = ops.relu(ops.sign(wires), name="association")
    return {"model": Model(inputs, layers.Dense(1 if classes == 2 else classes, kernel_initializer="zeros", name="response")(x))}
