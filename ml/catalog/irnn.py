"""The IRNN: rectified linear units whose recurrent weights begin as the identity."""

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
Is the LSTM needed for long memories, or only a better start? An **IRNN** is the plainest recurrent network there is, of rectified linear units, but with
its recurrent weights begun as the identity matrix and its biases at 0. At the start the state therefore just adds up what was read: nothing is lost, and
the gradient comes back through all the steps as it was. From there, training may forget what it does not need. It solves the adding problem: of a row of
numbers two are marked, and their sum is wanted at the end.

## What to watch
The reach in **Gates**: at the start the gradient is the same at every step, where that of `elman` has shrunk to nothing after a few. The loss is less
smooth than an LSTM's. A state that can grow without bound makes for sudden steep places, so the gradient's norm is clipped.

## What to try
- `data.length` 50, with a constant rate: after ten epochs it still stands at 0.157. The IRNN can keep, but it finds out late.
- The same length of 30 without the schedule: after twelve epochs the validation loss jumps between 0.03 and 0.16; with the rate going down it falls
  to 0.014 in 25.
- Train `lstm`, which comes below 0.002 on rows of 50, and `elman` on `adding`, which stays at 0.163.

## The paper
Q. V. Le, N. Jaitly, G. E. Hinton, *A simple way to initialize recurrent networks of rectified linear units*, 2015. The `paper` preset is its adding
problem: 100 units, 150 numbers, batches of 16, plain gradient descent with clipping.
"""

TEMPLATE = Template(
    id="irnn",
    title="IRNN",
    family="Recurrent",
    summary="A plain recurrent network of rectified units that remembers from the start, for its recurrent weights begin as the identity.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("adding", {"length": 30}),
    training=Training(epochs=25, batch_size=50, optimizer=Choice("Adam", {"learning_rate": 0.001, "clipnorm": 1.0}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "data.samples": 110_000,
            "data.length": 150,
            "training.batch_size": 16,
            "training.schedule": None,
            "training.optimizer": "SGD",
            "training.optimizer.learning_rate": 0.01,
            "training.optimizer.global_clipnorm": 100.0,
        },
    },
    parameters=(
        Parameter("units", "int", 100, minimum=1, help="How many hidden units there are."),
        Parameter("gain", "float", 1.0, minimum=0, help="The recurrent weights begin as so many times the identity: 1 keeps everything, below 1 it fades."),
        Parameter("stddev", "float", 0.001, minimum=0, help="Deviation of the Gaussian from which the input's first weights are drawn."),
        SHAPE,
        CLASSES,
    ),
)


def build(shape: Sequence[int] = (30, 2), classes: int = 0, units: int = 100, gain: float = 1.0, stddev: float = 0.001) -> dict[str, Graph]:
    """`model`: series (batch, time, features) to one number (batch, 1), or to class probabilities (batch, classes)."""
    if len(shape) != 2:
        raise SettingProblem(f"irnn needs series (time, features), and this data has the shape {tuple(shape)}: try mlp.")
    inputs = Input(shape)
    x = layers.SimpleRNN(
        units,
        activation="relu",
        kernel_initializer={"class_name": "RandomNormal", "config": {"mean": 0.0, "stddev": stddev}},
        recurrent_initializer={"class_name": "Identity", "config": {"gain": gain}},
    )(inputs)
    outputs = layers.Dense(classes, activation="softmax")(x) if classes else layers.Dense(1)(x)
    return {"model": Model(inputs, outputs)}
