"""Deep against wide: two perceptrons with equally many weights, one with many small layers and one with a single large one."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, layers
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
Two perceptrons learn the same, side by side, from the same batches. Both have the same number of weights, 609. The **deep** one spends them on three
hidden layers of 16 units, the **wide** one on a single layer of 152. A unit of the wide network bends the plane once, along a line, and the bends
add up. A unit of a deeper layer bends what was bent before, so each fold of the layer below is folded again: the number of pieces into which the plane
can be cut grows with the power of the depth, but only in proportion to the width.

## What to watch
Both curves, in one picture. Both are level for ten epochs, then the wide network stays behind. In our run the deep one had all held-out
points right after 150 epochs and the wide one 83 %. Look at the regions of both: the wide
network has the outer half of the arms right, and around the middle, where they are narrow, it guesses.

## What to try
- `data.turns` 1.5: an easier spiral. Both come to 100 %, with all three seeds that we tried: depth is no help where width suffices.
- `activation` tanh: the deep network comes to 97 % on the validation part, the wide one to 58 %.
- `activation` sigmoid: 66 % and 58 %. Sigmoids bend gently and pass little gradient down.
- `depth` 6: the equal wide layer grows with it and comes to 96 %, where the deep network has 100 %. Width gets there too, at a price.

## The paper
G. Montúfar, R. Pascanu, K. Cho, Y. Bengio, *On the number of linear regions of deep neural networks*, 2014, counts the pieces. The `paper` preset has
the sizes of its first figure: two layers of 10 units against one of 20.
"""

TEMPLATE = Template(
    id="deep_vs_wide",
    title="Deep against wide",
    family="Foundations",
    summary="Two networks with equally many weights learn the same, side by side: one has many layers, the other one wide layer.",
    page=PAGE,
    recipe=Choice("side_by_side"),
    data=Data("spirals", {"turns": 2.5}),
    training=Training(epochs=150, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.005})),
    presets={"lite": {}, "paper": {"depth": 2, "units": 10, "wide_units": 20}},
    parameters=(
        Parameter("depth", "int", 3, minimum=1, help="How many hidden layers the deep network has."),
        Parameter("units", "int", 16, minimum=1, help="The size of each of them."),
        Parameter("wide_units", "int", 0, minimum=0, help="The size of the wide network's layer; 0: as many as make the numbers of weights equal."),
        Parameter("activation", "text", "relu", help="The bend after each hidden layer: relu, tanh, sigmoid, gelu …"),
        SHAPE,
        CLASSES,
    ),
)


def build(shape: Sequence[int] = (2,), classes: int = 2, depth: int = 3, units: int = 16, wide_units: int = 0, activation: str = "relu") -> dict[str, Graph]:
    """`deep` and `wide`: (batch, *shape) to class probabilities (batch, classes), or for two classes to that of the second (batch, 1), or to a number."""
    said = 1 if classes <= 2 else classes
    features = 1
    for size in shape:
        features *= size
    weights = (features + 1) * units + (depth - 1) * (units + 1) * units + (units + 1) * said
    wide = wide_units or max(1, round((weights - said) / (features + 1 + said)))
    return {"deep": _perceptron(shape, classes, [units] * depth, activation), "wide": _perceptron(shape, classes, [wide], activation)}


def _perceptron(shape: Sequence[int], classes: int, units: Sequence[int], activation: str) -> Graph:
    inputs = Input(shape)
    x = layers.Flatten()(inputs) if len(shape) > 1 else layers.Normalization()(inputs)
    for size in units:
        x = layers.Dense(size, activation=activation)(x)
    if classes > 2:
        return Model(inputs, layers.Dense(classes, activation="softmax")(x))
    return Model(inputs, layers.Dense(1, activation="sigmoid" if classes else None)(x))
