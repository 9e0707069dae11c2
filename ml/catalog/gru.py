"""The gated recurrent unit: one gate for how much is new, one for what of the old is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Layer, Model, Tensor, block, layers, ops
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
The **gated recurrent unit** keeps what makes an LSTM work and leaves out the rest. There is no cell beside the output, and two gates do all. The
*update gate* mixes the old state with a new candidate: where it is 1, the state stays exactly as it was, for as many steps as need be. The *reset gate*
says how much of the old state the candidate may look at. That is three quarters of an LSTM's weights. Here it solves the adding problem: of 50 numbers
two are marked, and their sum is wanted at the end.

## What to watch
The loss begins at 0.16, the error of always answering 1, and falls in the second epoch, sooner than the LSTM's. An update gate near 1
means that nothing changes: that is how the first marked number comes to the end.

## What to try
- Train `lstm` on the same data: it solves it too, but leaves 0.16 only in the fifth epoch where the GRU does in the second.
- `SimpleRNN` in place of the GRU: it stays at 0.163 for all eight epochs that we gave it.
- Switch `unroll` on and open a cell, to see the two gates and the candidate as layers.

## The paper
K. Cho and others, *Learning phrase representations using RNN encoder-decoder for statistical machine translation*, EMNLP, 2014. The `paper` preset has
the 227 units, reset before the product, of J. Chung and others, *Empirical evaluation of gated recurrent neural networks on sequence modeling*, 2014:
168,888 weights on their 20 inputs.
"""

TEMPLATE = Template(
    id="gru",
    title="GRU",
    family="Recurrent",
    summary="A recurrent network with two gates and no separate cell: each step mixes the old state with a new one.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("adding"),
    training=Training(epochs=6, batch_size=50, optimizer=Choice("Adam", {"learning_rate": 0.01})),
    presets={
        "lite": {},
        "paper": {"data.length": 150, "units": [227], "reset_after": False, "training.optimizer": "RMSprop"},
    },
    parameters=(
        Parameter("units", "list", [32], help="How many units each layer has; one layer for each number."),
        Parameter("reset_after", "bool", True, help="Reset after the product with the recurrent weights (Keras, cuDNN) instead of before (the paper)."),
        Parameter("dropout", "float", 0.0, minimum=0, maximum=0.95, help="The part of each layer's inputs that is switched off at random in each step."),
        Parameter("unroll", "bool", False, help="Draw the unit as a block that can be opened, once for each step in time, instead of as Keras's one layer."),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (50, 2),
    classes: int = 0,
    units: Sequence[int] = (32,),
    reset_after: bool = True,
    dropout: float = 0.0,
    unroll: bool = False,
) -> dict[str, Graph]:
    """`model`: series (batch, time, features) to one number (batch, 1), or to class probabilities (batch, classes)."""
    if len(shape) != 2:
        raise SettingProblem(f"gru needs series (time, features), and this data has the shape {tuple(shape)}: try mlp.")
    inputs = x = Input(shape)
    for number, (features, count) in enumerate(zip([shape[1], *units], units, strict=False), start=1):
        last = number == len(units)
        if unroll:
            x = layers.Dropout(dropout)(x) if dropout else x
            x = unrolled(x, shape[0], count, block(cell(features, count, reset_after), name=f"cell_{number}"), last)
        else:
            x = layers.GRU(count, reset_after=reset_after, dropout=dropout, return_sequences=not last)(x)
    outputs = layers.Dense(classes, activation="softmax")(x) if classes else layers.Dense(1)(x)
    return {"model": Model(inputs, outputs)}


def unrolled(x: Tensor, time: int, units: int, cell: Layer, last: bool) -> Tensor:
    """A cell at every step of (batch, time, features), all with the same weights: its last state (batch, units), or all of them (batch, time, units)."""
    h = ops.repeat(ops.zeros_like(x[:, 0, :1]), units, axis=-1)
    states = []
    for step in range(time):
        h = cell(x[:, step], h)
        states.append(h)
    return h if last else ops.stack(states, axis=1)


def cell(features: int, units: int, reset_after: bool) -> Graph:
    """One step: the input (batch, features) and the last state (batch, units) to the new state."""
    x, h = Input([features], name="x"), Input([units], name="h")

    def summed(name: str, state: Tensor) -> Tensor:
        recurrent = layers.Dense(units, use_bias=reset_after, kernel_initializer="orthogonal", name=f"{name}_of_state")(state)
        return layers.Dense(units, name=f"{name}_of_input")(x) + recurrent

    update = ops.sigmoid(summed("update", h), name="update_gate")
    reset = ops.sigmoid(summed("reset", h), name="reset_gate")
    if reset_after:
        recalled = reset * layers.Dense(units, kernel_initializer="orthogonal", name="candidate_of_state")(h)
        candidate = ops.tanh(layers.Dense(units, name="candidate_of_input")(x) + recalled, name="candidate")
    else:
        candidate = ops.tanh(summed("candidate", reset * h), name="candidate")
    return Model([x, h], {"new_h": update * h + (1 - update) * candidate})
