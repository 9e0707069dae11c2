"""Linear regression: one weight for each feature, and a price on large ones."""

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
**Linear regression** says a number: one weight for each measurement, a bias, and their sum. The weights are those for which the mean of the squared
errors is smallest. Below, patients are described by ten measurements, and the number is how far their diabetes went within a year. The
`Normalization` layer brings each measurement to mean 0 and variance 1, so the weights can be compared: body mass and the blood value s5 speak loudest.
With `l2` above 0 large weights have a price. They shrink, most of all where several measurements say the same.

## What to watch
The loss drops at once and then creeps. Six blood values move together, so the valley is long and narrow: steep across, nearly flat along. The weights
of s1 and s2 are the last to arrive.

## What to try
- Recipe `closed_form`, 1 epoch: a formula gives the bottom of the valley in one step. The held-out squared error is 0.5243 either way, and no weight differs
  by more than 0.003.
- `l2` 0.1, 1, 10: the squares of the weights sum up to 0.27, 0.11 and 0.009, without it 0.49. At 0.1 the held-out error is the least of all, 0.520.
- Learning rate 0.5: every step overshoots by more than the last, and after some 70 steps the loss is no number any more.

## The paper
A. M. Legendre, *Nouvelles méthodes pour la détermination des orbites des comètes*, 1805, has the least squares; A. E. Hoerl and R. W. Kennard, *Ridge
regression*, Technometrics 12, 1970, the price on weights, which is in the `paper` preset. The data: B. Efron and others, *Least angle regression*, 2004.
"""

TEMPLATE = Template(
    id="linear_regression",
    title="Linear regression",
    family="Foundations",
    summary="One weight for each feature and a bias: the straight line through the data, with a price on large weights.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("diabetes"),
    training=Training(epochs=300, batch_size=1000, optimizer=Choice("SGD", {"learning_rate": 0.1, "momentum": 0.9})),
    presets={"lite": {}, "paper": {"recipe": "closed_form", "l2": 0.001, "training.epochs": 1}},
    parameters=(
        Parameter("l2", "float", 0.0, minimum=0, help="The price of large weights: this times the sum of their squares is added to the mean squared error."),
        SHAPE,
        CLASSES,
    ),
)


def build(shape: Sequence[int] = (10,), classes: int = 0, l2: float = 0.0) -> dict[str, Graph]:
    """`model`: (batch, *shape) to a number (batch, 1)."""
    if classes:
        raise SettingProblem("Linear regression predicts a number, and this data has classes: try logistic_regression or softmax_regression.")
    inputs = Input(shape)
    x = layers.Flatten()(inputs) if len(shape) > 1 else layers.Normalization()(inputs)
    price = {"module": "keras.regularizers", "class_name": "L2", "config": {"l2": l2}} if l2 else None
    return {"model": Model(inputs, layers.Dense(1, kernel_regularizer=price)(x))}
