"""The echo state network: a reservoir of recurrent units that never learns, and a readout worked out in one step."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, layers
from ml.catalog.settings import SettingProblem
from ml.catalog.template import SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
An **echo state network** turns the trouble with recurrent networks around: the recurrent part is not trained at all. A *reservoir* of 500 units is drawn
by chance, each fed by 1 % of the others, and scaled so that what goes in echoes in it for a while and then fades. The greatest size of the recurrent
matrix's eigenvalues, its *spectral radius*, says how long. Each unit is then some function of the recent past, and all that is left to find is how to
add them up to the next value: least squares with a small penalty, which has a formula. So it is trained in one step, and exactly. Here it learns the
Mackey-Glass series, which is chaotic: it can be foretold for a while only.

## What to watch
There is one step and no curve. The loss is the squared error of the next value; its root is near 0.0001, where the series itself spreads by 0.23. To
forecast further, what was said is fed back as if it had been seen: **Generator** shows that over what the series really did, and for how many values the
two stay together. In **Gates** the reservoir's state over time is the echo.

## What to try
- `recipe.spectral_radius` 1.5: the reservoir swings by itself instead of echoing, and the squared error grows from 0.000000005 to 0.0001.
- `units` 50: one hundred and sixty times the error of 500 units, and still below a millionth.
- `data.samples` 8000: there are 1,000 values to go on for now, and after the first 325 the forecast goes its own way on the same curve.

## The paper
H. Jaeger, H. Haas, *Harnessing nonlinearity: predicting chaotic systems and saving energy in wireless communication*, Science, 2004. The `paper` preset
is its reservoir: 1,000 units, connected to 1 %, with a spectral radius of 0.8.
"""

TEMPLATE = Template(
    id="echo_state",
    title="Echo state network",
    family="Recurrent",
    summary="A fixed random reservoir that echoes the recent past, and a linear readout that is worked out in one step.",
    page=PAGE,
    recipe=Choice("closed_form", {"connectivity": 0.01, "spectral_radius": 0.95}),
    data=Data("mackey_glass"),
    training=Training(epochs=1, batch_size=5000),
    presets={
        "lite": {},
        "paper": {"units": 1000, "recipe.spectral_radius": 0.8},
    },
    parameters=(
        Parameter("units", "int", 500, minimum=2, help="How many units are in the reservoir."),
        Parameter("input_scaling", "float", 1.0, minimum=0, help="The input's weights are drawn evenly from minus this to this."),
        Parameter("bias_scaling", "float", 0.2, minimum=0, help="The biases are drawn evenly from minus this to this."),
        Parameter("ridge", "float", 1e-8, minimum=0, help="How much large weights of the readout cost: the L2 penalty."),
        SHAPE,
    ),
)


def build(shape: Sequence[int] = (100, 1), units: int = 500, input_scaling: float = 1.0, bias_scaling: float = 0.2, ridge: float = 1e-8) -> dict[str, Graph]:
    """`model`: series (batch, time, features) to the next value (batch, 1). Sparseness and spectral radius are the recipe's, which prepares the reservoir."""
    if len(shape) != 2:
        raise SettingProblem(f"echo_state needs series (time, features), and this data has the shape {tuple(shape)}: try mlp.")
    inputs = Input(shape)
    x = layers.SimpleRNN(
        units,
        kernel_initializer=_even(input_scaling),
        recurrent_initializer=_even(1.0),
        bias_initializer=_even(bias_scaling),
        trainable=False,
        name="reservoir",
    )(inputs)
    return {"model": Model(inputs, layers.Dense(1, kernel_regularizer={"class_name": "L2", "config": {"l2": ridge}}, name="readout")(x))}


def _even(scale: float) -> dict[str, object]:
    return {"class_name": "RandomUniform", "config": {"minval": -scale, "maxval": scale}}
