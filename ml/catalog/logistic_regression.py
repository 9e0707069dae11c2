"""Logistic regression: one weighted sum for each class, and a curve that makes it a probability."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, layers
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
**Logistic regression** is the smallest network that classifies: one weight for each feature, one bias, and the sigmoid curve that bends the weighted
sum into a probability between 0 and 1. Where the sum is zero lies the border between the two classes. There is no hidden layer, so no other border
than a straight one can be drawn. With more than two classes there is one sum for each class, and `softmax` shares the probability out among them. The
`Normalization` layer in front brings every column to mean 0 and variance 1, measured on the training data: a cell's area in the hundreds and its
smoothness in the hundredths then have the same say, and the weights can be compared. It is part of the model, so what you take away accepts the raw
measurements.

## What to watch
The loss falls smoothly and without traps: it is convex, there is one lowest point, and every start leads to it. In the exported model a large
positive weight of the Dense layer speaks for class 1, a large negative one for class 0.

## What to try
- Take the `Normalization` node out. The same learning rate now jumps or stands still.
- Choose the mean squared error as the recipe's loss. Where the answer is wrong and certain, its gradient is nearly zero, so it learns slowly.
- Data `moons`: how far can a straight line get?
- Compare with scikit-learn: cross-validated it reaches 97.7 % on this data.

## The paper
D. R. Cox, *The regression analysis of binary sequences*, Journal of the Royal Statistical Society B 20, 1958. The data: W. N. Street, W. H. Wolberg,
O. L. Mangasarian, *Nuclear feature extraction for breast tumor diagnosis*, 1993. The `paper` preset has all 30 features and 31 weights, trained by
plain gradient descent.
"""

TEMPLATE = Template(
    id="logistic_regression",
    title="Logistic regression",
    family="Foundations",
    summary="One weight for each feature and a sigmoid: the smallest network that classifies.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("breast_cancer"),
    training=Training(epochs=60, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.01})),
    presets={"lite": {}, "paper": {"training.epochs": 200, "training.optimizer": "SGD", "training.optimizer.learning_rate": 0.1}},
    parameters=(SHAPE, CLASSES),
)


def build(shape: Sequence[int] = (30,), classes: int = 2) -> dict[str, Graph]:
    """`model`: (batch, *shape) to the probability of class 1 (batch, 1), or with more than two classes to one for each (batch, classes)."""
    if classes < 2:
        raise SettingProblem("Logistic regression tells classes apart, and this data has a number to predict: try mlp.")
    inputs = Input(shape)
    x = layers.Flatten()(inputs) if len(shape) > 1 else layers.Normalization()(inputs)
    outputs = layers.Dense(1, activation="sigmoid")(x) if classes == 2 else layers.Dense(classes, activation="softmax")(x)
    return {"model": Model(inputs, outputs)}
