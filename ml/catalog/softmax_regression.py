"""Softmax regression: one weighted sum for each class, and probabilities that share one whole."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, layers
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
**Softmax regression** is logistic regression for any number of classes. Every class has a weighted sum of its own: one weight for each measurement,
and a bias. `softmax` takes the exponentials of the sums and divides each by their total, so the answers are probabilities that add up to 1.
Where two sums are equal lies the border between their classes, and it is a straight line, or a plane: with three species of iris and four
measurements the network cuts space into three regions with flat walls, and has no more than 15 weights to do it.

## What to watch
The regions, on petal length and petal width: setosa is cut off within the first epochs, while the wall between versicolor and virginica goes on
moving, for there the species overlap. The loss is convex, so every start ends at the same walls. It still falls long after the accuracy stands
still: the sums grow, and the network becomes surer of the same answers.

## What to try
- Learning rate 0.0002: after the 100 epochs only 64 % of the held-out flowers are right, where 0.02 comes to 98 %.
- Data `wine`, thirteen measurements: all bottles of the training part are right and 93 % of the others.
- Data `blobs` with `centers` 5: the plane is cut like a cake, and 93 % of the held-out points are right where the clouds reach into each other.
- Compare with `gaussian_classifier`: the same network, whose weights are worked out instead of learned.

## The paper
D. R. Cox, *Some procedures connected with the logistic qualitative response curve*, 1966, has more than two classes; J. S. Bridle, *Probabilistic
interpretation of feedforward classification network outputs*, 1990, gave softmax its name. The `paper` preset is plain gradient descent on all
flowers of the training part at once.
"""

TEMPLATE = Template(
    id="softmax_regression",
    title="Softmax regression",
    family="Foundations",
    summary="Logistic regression for more than two classes: one weighted sum each, and a softmax that shares out the probability.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("iris"),
    training=Training(epochs=100, batch_size=16, optimizer=Choice("Adam", {"learning_rate": 0.02})),
    presets={
        "lite": {},
        "paper": {"training.epochs": 300, "training.batch_size": 150, "training.optimizer": "SGD", "training.optimizer.learning_rate": 0.5},
    },
    parameters=(SHAPE, CLASSES),
)


def build(shape: Sequence[int] = (4,), classes: int = 3) -> dict[str, Graph]:
    """`model`: (batch, *shape) to class probabilities (batch, classes)."""
    if classes < 2:
        raise SettingProblem("Softmax regression tells classes apart, and this data has a number to predict: try linear_regression.")
    inputs = Input(shape)
    x = layers.Flatten()(inputs) if len(shape) > 1 else layers.Normalization()(inputs)
    return {"model": Model(inputs, layers.Dense(classes, activation="softmax")(x))}
