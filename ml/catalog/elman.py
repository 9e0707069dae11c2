"""The Elman network: a hidden layer that sees what it was one step before."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, block, layers, ops
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
The **simple recurrent network**. A series is read one value at a time, and the hidden layer gets two things: the new value, and itself as it was one
step before, which Elman called the *context*. Nobody says what is to be remembered. The network is trained to say what comes next, and whatever of the
past helps with that is found by gradient descent through all the steps. It was made for language, to see whether a network would discover words and
kinds of words; here it foretells a sum of two sine waves, where one value is not enough and the last few tell nearly all.

## What to watch
The loss falls from 0.25, the error of always saying 0, to below 0.01 in a single epoch. It can't go below 0.0025, which is the noise. In **Gates** see
the hidden units swing with the waves, and below them how far back the last state feels: the gradient shrinks from step to step, which is why long
memories are hard.

## What to try
- `units` 2: two numbers to remember instead of sixteen leave a squared error of 0.016 on held-out data, where sixteen leave 0.0047.
- Train `jordan`, whose memory is its last outputs: 0.0135 on the same waves.
- The data `adding`, with 32 units: it stays at 0.163, the error of always answering 1, while `lstm` and `gru` come below 0.002.
- `activation` linear: 0.0041, better than with tanh, for sums of sines follow a linear rule. Switch `unroll` on to open the step.

## The paper
J. L. Elman, *Finding structure in time*, Cognitive Science, 1990. The `paper` preset has 20 hidden and 20 context units, as his word experiment, and
learns after every sample.
"""

TEMPLATE = Template(
    id="elman",
    title="Elman network",
    family="Recurrent",
    summary="The simple recurrent network: its hidden layer is fed back to itself, one step later.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("sine"),
    training=Training(epochs=30, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.005})),
    presets={
        "lite": {},
        "paper": {"data.context": 8, "units": 20, "activation": "sigmoid", "training.optimizer": "SGD", "training.batch_size": 1},
    },
    parameters=(
        Parameter("units", "int", 16, minimum=1, help="How many hidden units there are, and so how many numbers are remembered."),
        Parameter("activation", "choice", "tanh", choices=("tanh", "sigmoid", "relu", "linear"), help="What the sum of input and memory goes through."),
        Parameter("unroll", "bool", False, help="Draw the step as a block that can be opened, once for each step in time, instead of as Keras's one layer."),
        SHAPE,
        CLASSES,
    ),
)


def build(shape: Sequence[int] = (32, 1), classes: int = 0, units: int = 16, activation: str = "tanh", unroll: bool = False) -> dict[str, Graph]:
    """`model`: series (batch, time, features) to one number (batch, 1), or to class probabilities (batch, classes)."""
    if len(shape) != 2:
        raise SettingProblem(f"elman needs series (time, features), and this data has the shape {tuple(shape)}: try mlp.")
    inputs = Input(shape)
    if unroll:
        x = ops.repeat(ops.zeros_like(inputs[:, 0, :1]), units, axis=-1)
        step = block(elman_step(shape[1], units, activation), name="step")
        for time in range(shape[0]):
            x = step(inputs[:, time], x)
    else:
        x = layers.SimpleRNN(units, activation=activation)(inputs)
    outputs = layers.Dense(classes, activation="softmax")(x) if classes else layers.Dense(1)(x)
    return {"model": Model(inputs, outputs)}


def elman_step(features: int, units: int, activation: str) -> Graph:
    """One step: the input (batch, features) and the context (batch, units), which is the hidden layer as it was, to the hidden layer."""
    x, context = Input([features], name="x"), Input([units], name="context")
    recalled = layers.Dense(units, use_bias=False, kernel_initializer="orthogonal", name="from_context")(context)
    summed = layers.Dense(units, name="from_input")(x) + recalled
    return Model([x, context], {"hidden": layers.Activation(activation)(summed)})
