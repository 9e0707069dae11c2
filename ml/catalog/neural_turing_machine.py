"""The neural Turing machine: a network beside a memory that it reads and writes with heads."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from ml.catalog.recorder import Input, Model, Tensor, block, layers, ops
from ml.catalog.settings import SettingProblem
from ml.catalog.template import SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

BLANK = 1e-6
"""What every place of the memory holds before anything is written: of nothing at all it can't be said how alike it is."""
TINY = 1e-12
"""Beside the parts with which a head looks at the places, w: w^γ / Σ w^γ is the softmax of γ log w, and a part may be 0."""

PAGE = """
## What it is
A recurrent network keeps what it knows in its state. A **neural Turing machine** puts a memory beside the network: so many places with so many numbers each,
where *heads* write and read. The *controller* tells the heads what to do. A head does not choose one place, it looks at all with parts that add up to 1, so
that gradients get through. Where it looks comes about in two ways: by *content*, at places that are like a key, or by *location*, where it was before, or one
place on or back. The memory can grow without a weight more. In the graph the cell stands once for every step, with the same weights; open it, and in it a
head, to see the four stages of the paper's figure.

## What to watch
In **Attention** each row is a step and each column a place. What is written in an order can be read in that order only if both heads go the same path, the
read head later: look for that while the bits become right. **Generator** shows what is said beside what is right.

## What to try
- `training.epochs` 1: 80 % of the held-out bits are right, and of the sequences 1 % from end to end. With 3 epochs it is 99.0 % of the bits and 96 % of the
  sequences.
- `data.length` 4 and 3 epochs: 80 % of the bits and next to no sequence whole. Shorter is not easier, at least with this seed.
- `locations` 64: a memory four times as large, and still 13,260 weights.

## The paper
A. Graves, G. Wayne, I. Danihelka, *Neural Turing machines*, 2014. The `paper` preset has its memory of 128 places, its LSTM of 100 units and its optimizer;
there the lengths are drawn from 1 to 20, here it is always 20.
"""

TEMPLATE = Template(
    id="neural_turing_machine",
    title="Neural Turing machine",
    family="Recurrent",
    summary="A controller with a memory beside it: heads read and write where a content is found, or at the next place.",
    page=PAGE,
    recipe=Choice("bits"),
    data=Data("copy"),
    training=Training(epochs=5, batch_size=16, optimizer=Choice("RMSprop", {"learning_rate": 0.001})),
    presets={
        "lite": {},
        "paper": {
            "data.length": 20,
            "controller": "LSTM",
            "locations": 128,
            "training.optimizer.learning_rate": 1e-4,
            "training.optimizer.momentum": 0.9,
            "training.optimizer.clipvalue": 10.0,
        },
    },
    parameters=(
        Parameter("controller", "choice", "feedforward", choices=("feedforward", "LSTM"), help="What tells the heads where: one layer, or an LSTM."),
        Parameter("units", "int", 100, minimum=1, help="How many units the controller has."),
        Parameter("locations", "int", 16, minimum=2, help="How many places the memory has: N in the paper."),
        Parameter("width", "int", 20, minimum=1, help="How many numbers are kept at each place: M in the paper."),
        Parameter("heads", "int", 1, minimum=1, help="How many heads write, and how many read."),
        SHAPE,
        Parameter("target_shape", "list", help="How many steps are to be said, and how many bits in each; the data's where it is not given."),
    ),
)


def build(
    shape: Sequence[int] = (13, 9),
    target_shape: Sequence[int] = (6, 8),
    controller: str = "feedforward",
    units: int = 100,
    locations: int = 16,
    width: int = 20,
    heads: int = 1,
) -> dict[str, Graph]:
    """`model`: series (batch, time, features) to the chances of bits (batch, length, bits), which are said in the last steps."""
    if len(shape) != 2 or len(target_shape) != 2:
        raise SettingProblem(f"neural_turing_machine needs series with bits to say, and this data has the shape {tuple(shape)}: try the data copy.")
    inputs = Input(shape)
    recurrent = controller == "LSTM"
    state = block(start(units, locations, width, heads, recurrent), name="start")(inputs[:, 0]).outputs(1 + 3 * heads + 2 * recurrent)
    step = block(cell(units, width, heads, recurrent), name="cell")
    told: list[Tensor] = []
    for time in range(shape[0]):
        said, *state = step(inputs[:, time], *state).outputs(1 + len(state))
        told.append(said)
    answers = ops.stack(told[-target_shape[0] :], axis=1, name="answers")
    return {"model": Model(inputs, layers.Dense(target_shape[1], activation="sigmoid", name="bits")(answers))}


def start(units: int, locations: int, width: int, heads: int, recurrent: bool) -> Graph:
    """The state before the first step, of samples like `x` (batch, features): a memory that is next to 0 everywhere, and heads at its first place."""
    x = Input(None, name="x")
    nothing = ops.zeros_like(x[:, :1], name="nothing")
    read = ops.repeat(nothing, width, axis=1, name="nothing_read")
    first = ops.one_hot(ops.cast(nothing[:, 0], "int32"), locations, name="first_place")
    state = {"memory": ops.repeat(read[:, None], locations, axis=1) + BLANK}
    for number in range(1, heads + 1):
        state |= {f"write_{number}": first, f"read_{number}": first, f"vector_{number}": read}
    if recurrent:
        state |= dict.fromkeys(("h", "c"), ops.repeat(nothing, units, axis=1, name="nothing_kept"))
    return Model(x, state)


def cell(units: int, width: int, heads: int, recurrent: bool) -> Graph:
    """One step: the input (batch, features) and the state, as of `start`, to what is told (batch, units + heads · width) and the new state.

    All heads write to the memory as it was, and then all read it as it is now: equations 2 to 4.
    """
    x, memory = Input(None, name="x"), Input(None, name="memory")
    before = {number: [Input(None, name=f"{what}_{number}") for what in ("write", "read", "vector")] for number in range(1, heads + 1)}
    own = [Input(None, name=name) for name in ("h", "c")] if recurrent else []
    seen = layers.Concatenate(name="seen")([x, *(vector for _, _, vector in before.values())])
    if recurrent:
        hidden, *kept = layers.LSTM(units, return_state=True, unroll=True, name="controller")(seen[:, None], initial_state=own).outputs(3)
    else:
        hidden, *kept = [layers.Dense(units, activation="tanh", name="controller")(seen)]
    write = {number: block(write_head(width), name=f"write_head_{number}")(hidden, memory, places).outputs(3) for number, (places, _, _) in before.items()}
    memory_now = sum((added for _, _, added in write.values()), prod((left for _, left, _ in write.values()), start=memory))
    read = {number: block(read_head(width), name=f"read_head_{number}")(hidden, memory_now, places).outputs(2) for number, (_, places, _) in before.items()}
    state = {"new_memory": memory_now}
    for number in before:
        state |= {f"new_write_{number}": write[number][0], f"new_read_{number}": read[number][0], f"new_vector_{number}": read[number][1]}
    told = layers.Concatenate(name="told")([hidden, *(vector for _, vector in read.values())])
    inputs = [x, memory, *(tensor for head in before.values() for tensor in head), *own]
    return Model(inputs, {"said": told} | state | dict(zip(("new_h", "new_c"), kept, strict=False)))


def write_head(width: int) -> Graph:
    """What the controller says (batch, units), the memory (batch, locations, width) and where this head was (batch, locations) to where it is now, what part
    of the memory it leaves, and what it adds, both (batch, locations, width)."""
    hidden, memory, before = Input(None, name="hidden"), Input(None, name="memory"), Input(None, name="before")
    weights = address(hidden, memory, before, width)
    erase = layers.Dense(width, activation="sigmoid", name="erase")(hidden)
    add = layers.Dense(width, activation="tanh", name="add")(hidden)
    there = weights[:, :, None]
    return Model([hidden, memory, before], {"where": weights, "left": 1 - there * erase[:, None], "added": there * add[:, None]})


def read_head(width: int) -> Graph:
    """What the controller says (batch, units), the memory (batch, locations, width) and where this head was (batch, locations) to where it is now, and what
    it reads there (batch, width)."""
    hidden, memory, before = Input(None, name="hidden"), Input(None, name="memory"), Input(None, name="before")
    weights = address(hidden, memory, before, width)
    return Model([hidden, memory, before], {"where": weights, "vector": layers.Dot(axes=1, name="sum")([weights, memory])})


def address(hidden: Tensor, memory: Tensor, before: Tensor, width: int) -> Tensor:
    """With which parts, which add up to 1, a head looks at the places (batch, locations): by content, or by where it was and one step on or back. Figure 2."""
    key = layers.Dense(width, activation="tanh", name="key")(hidden)
    strength = layers.Dense(1, activation="softplus", name="strength")(hidden)
    content = ops.softmax(strength * layers.Dot(axes=(1, 2), normalize=True, name="similarity")([key, memory]), name="content")
    gate = layers.Dense(1, activation="sigmoid", name="gate")(hidden)
    gated = ops.add(gate * content, (1 - gate) * before, name="gated")
    shift = layers.Dense(3, activation="softmax", name="shift")(hidden)
    turned = ops.stack([ops.roll(gated, -1, axis=1, name="back"), gated, ops.roll(gated, 1, axis=1, name="on")], axis=1)
    shifted = layers.Dot(axes=1, name="shifted")([shift, turned])
    sharpness = layers.Dense(1, activation="softplus", name="sharpness")(hidden) + 1
    return ops.softmax(sharpness * ops.log(shifted + TINY), name="weights")
