"""CTC: a network that reads a line of writing from labels alone, without being told where each character is."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.lstm import unrolled
from ml.catalog.recorder import Input, Model, Tensor, block, layers, ops
from ml.catalog.settings import SettingProblem
from ml.catalog.template import SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
A line of writing has a text, but nobody says where in the picture each character is. **Connectionist temporal classification** needs no such cuts. Small
convolutions look at the picture, its columns become steps in time, and a bidirectional LSTM says at each step one of the labels or the *blank*: nothing
here. Many ways through time read the same, for repeated labels count once and blanks are left out: `-77--3-` and `7---33-` are both 73. The loss is
the negative logarithm of the probability of all ways that read as what is right, added up. So the network itself finds out what belongs where.

## What to watch
The Generator panel, from the beginning: below each line stand the probabilities of the blank, grey, and of each label, in its colour. At first the blank
alone is likely and nothing is read. Then labels rise out of it and become narrow peaks, each at its digit. `whole` is the share of lines without a
mistake; Gates shows `forward` and `backward` along a line.

## What to try
- `data.samples` 200 and two epochs: after ten steps the blank is likely everywhere and nothing is read.
- `batch_normalization` off, `dropout` 0, a learning rate of 0.003 and 3,000 lines: sixteen epochs brought 56 % of the lines that it did not learn from.
  As it is, on 4,000 lines, twelve bring 96 %.
- `peepholes` on: 61,883 weights instead of 61,595, and `forward` and `backward` become blocks. In them stands a cell for each of 28 steps.

## The paper
A. Graves, S. Fernández, F. Gomez, J. Schmidhuber, *Connectionist temporal classification: labelling unsegmented sequence data with recurrent neural
networks*, ICML, 2006. The `paper` preset is its network for speech: 26 numbers a step, no convolutions, 100 cells with peepholes in each direction, 62
labels, 114,662 weights; here its steps are columns of pixels.
"""

TEMPLATE = Template(
    id="ctc",
    title="CNN, BiLSTM and CTC",
    family="Recurrent",
    summary="Reads a whole line of digits: convolutions look, a bidirectional LSTM says a label or blank at each step, CTC finds what belongs where.",
    page=PAGE,
    recipe=Choice("ctc"),
    data=Data("digit_lines"),
    training=Training(epochs=12, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.005}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "data.height": 26,
            "data.longest": 2,
            "classes": 62,
            "depth": 0,
            "units": 100,
            "peepholes": True,
            "dropout": 0.0,
            "training.optimizer": "SGD",
            "training.optimizer.learning_rate": 0.0001,
            "training.optimizer.momentum": 0.9,
            "training.schedule": None,
            "training.batch_size": 1,
        },
    },
    parameters=(
        Parameter("depth", "int", 2, minimum=0, maximum=4, help="How many convolutions look at the picture; 0: each column of pixels is a step as it is."),
        Parameter("filters", "int", 16, minimum=1, help="Filters of the first convolution; each further one has twice as many."),
        Parameter("batch_normalization", "bool", True, help="Normalize after every convolution."),
        Parameter("dropout", "float", 0.3, minimum=0, maximum=0.95, help="The part of each step's numbers that is switched off at random before it is read."),
        Parameter("units", "int", 48, minimum=1, help="How many LSTM cells read in each direction."),
        Parameter("peepholes", "bool", False, help="Let the gates see the cells, as in the paper. Keras has no such layer: it is drawn step by step."),
        SHAPE,
        Parameter("classes", "int", minimum=2, help="How many labels there are, the blank with them; the data's where it is not given."),
    ),
)


def build(
    shape: Sequence[int] = (12, 55, 1),
    classes: int = 11,
    depth: int = 2,
    filters: int = 16,
    batch_normalization: bool = True,
    dropout: float = 0.3,
    units: int = 48,
    peepholes: bool = False,
) -> dict[str, Graph]:
    """`model`: pictures (batch, height, width, channels) to the probabilities of the labels (batch, time, classes), label 0 the blank, at each step."""
    if len(shape) != 3:
        raise SettingProblem(f"ctc needs pictures (height, width, channels), and this data has the shape {tuple(shape)}: try birnn.")
    inputs = x = Input(shape, name="picture")
    height, width, channels = shape
    for number in range(depth):
        halve = (2, 2) if number == 0 else (2, 1)
        x = block(looking(filters * 2**number, halve, batch_normalization), name=f"look_{number + 1}")(x)
        height, width, channels = -(-height // 2), -(-width // halve[1]), filters * 2**number
    x = layers.Permute([2, 1, 3], name="columns")(x)
    x = layers.Reshape([width, height * channels], name="steps")(x)
    x = layers.Dropout(dropout)(x) if dropout else x
    if peepholes:
        features = height * channels
        forward, backward = (block(reading(width, features, units, name == "backward"), name=name)(x) for name in ("forward", "backward"))
    else:
        forward = layers.LSTM(units, return_sequences=True, name="forward")(x)
        backward = ops.flip(layers.LSTM(units, return_sequences=True, go_backwards=True, name="backward")(x), axis=1, name="in_order")
    both = layers.Concatenate(name="both")([forward, backward])
    return {"model": Model(inputs, {"labels": layers.Dense(classes, activation="softmax", name="label")(both)})}


def looking(filters: int, halve: tuple[int, int], batch_normalization: bool) -> Graph:
    """A convolution of a picture (batch, height, width, channels), and what it sees made smaller by `halve`, down and across."""
    x = inputs = Input(None, name="x")
    x = layers.Conv2D(filters, 3, padding="same", use_bias=not batch_normalization, name="convolution")(x)
    x = layers.BatchNormalization(momentum=0.9)(x) if batch_normalization else x
    return Model(inputs, layers.MaxPooling2D(halve, padding="same")(layers.ReLU()(x)))


def reading(time: int, features: int, units: int, go_backwards: bool) -> Graph:
    """LSTM cells with peepholes along (batch, time, features), to (batch, time, units) in the order in which time goes."""
    x = inputs = Input([time, features], name="x")
    x = ops.flip(x, axis=1) if go_backwards else x
    states = unrolled(x, time, units, block(peephole_cell(features, units), name="cell"), last=False)
    return Model(inputs, ops.flip(states, axis=1) if go_backwards else states)


def peephole_cell(features: int, units: int) -> Graph:
    """One step of an LSTM whose gates see its cells: the input (batch, features), the last output and cells (batch, units), to the new ones.

    F. Gers, N. Schraudolph, J. Schmidhuber, *Learning precise timing with LSTM recurrent networks*, 2002: each cell has a weight of its own to each gate,
    and the output gate sees the new cells.
    """
    x, h, c = Input([features], name="x"), Input([units], name="h"), Input([units], name="c")
    both = layers.Concatenate()([x, h])

    def gate(name: str, cells: Tensor) -> Tensor:
        peephole = layers.EinsumDense("bu,u->bu", units, kernel_initializer="zeros", name=f"{name}_peephole")(cells)
        return ops.sigmoid(layers.Dense(units, name=f"{name}_gate")(both) + peephole)

    kept = gate("forget", c) * c + gate("input", c) * layers.Dense(units, activation="tanh", name="candidate")(both)
    return Model([x, h, c], {"new_h": gate("output", kept) * ops.tanh(kept), "new_c": kept})
