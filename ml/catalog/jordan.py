"""The Jordan network: what it said is fed back, one step later."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, block, layers, ops
from ml.catalog.settings import SettingProblem
from ml.catalog.template import SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
The **Jordan network** is as old as recurrent networks are, and was made for acting: what was done last decides, with the plan, what is done next. So what
is fed back is not the hidden layer but the *output*. A state unit adds up what was said and fades, here by half in each step (`decay`). Its memory is
therefore what it has said, and everybody can read it. What it did not say, it can't remember. There is no such layer in Keras: the graph is the step,
one block, called once for every time with the same weights. Open it to see the two layers.

## What to watch
It is trained on the last output alone, but must use the earlier ones as its memory: what it says along the way need not look like the series at all. In
**Gates** see the hidden layer, what is said and the state at every step. Compare its validation loss with that of `elman`, which has sixteen remembered
numbers where this has one.

## What to try
- `decay` 0, so that only the very last output is remembered: the squared error on held-out data grows from 0.0135 to 0.0205.
- Train `elman` on the same waves: it comes to 0.0047, for it may remember what it never says.
- Give `elman` pieces of two values (`data.context` 2): 0.0132, as good as this. A Jordan network's memory is worth about one value more.

## The paper
M. I. Jordan, *Serial order: a parallel distributed processing approach*, Technical report 8604, University of California, San Diego, 1986. The `paper`
preset has ten hidden units and learns after every sample.
"""

TEMPLATE = Template(
    id="jordan",
    title="Jordan network",
    family="Recurrent",
    summary="A recurrent network whose memory is its own last outputs, not its hidden layer.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("sine", {"context": 12}),
    training=Training(epochs=30, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.005})),
    presets={
        "lite": {},
        "paper": {"data.context": 8, "units": 10, "decay": 0.5, "activation": "sigmoid", "training.optimizer": "SGD", "training.batch_size": 1},
    },
    parameters=(
        Parameter("units", "int", 16, minimum=1, help="How many hidden units there are."),
        Parameter(
            "decay", "float", 0.5, minimum=0, maximum=0.99, help="How much of the old state stays when an output is added to it; 0: the last output alone."
        ),
        Parameter("activation", "choice", "tanh", choices=("tanh", "sigmoid", "relu", "linear"), help="What the hidden units' sums go through."),
        SHAPE,
    ),
)


def build(shape: Sequence[int] = (12, 1), units: int = 16, decay: float = 0.5, activation: str = "tanh") -> dict[str, Graph]:
    """`model`: series (batch, time, features) to one number (batch, 1), by the same step at every time."""
    if len(shape) != 2:
        raise SettingProblem(f"jordan needs series (time, features), and this data has the shape {tuple(shape)}: try mlp.")
    inputs = Input(shape)
    step = block(jordan_step(shape[1], units, decay, activation), name="step")
    said = state = ops.zeros_like(inputs[:, 0, :1])
    for time in range(shape[0]):
        said, state = step(inputs[:, time], state).outputs(2)
    return {"model": Model(inputs, said)}


def jordan_step(features: int, units: int, decay: float, activation: str) -> Graph:
    """One step: the input (batch, features) and the state (batch, 1), the fading sum of what was said, to the output (batch, 1) and the new state."""
    x, state = Input([features], name="x"), Input([1], name="state")
    hidden = layers.Dense(units, activation=activation, name="hidden")(layers.Concatenate()([x, state]))
    said = layers.Dense(1, name="said")(hidden)
    return Model([x, state], {"output": said, "new_state": decay * state + said if decay else said})
