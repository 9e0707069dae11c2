"""The pointer network: attention that is the answer, a place of what was read."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, Tensor, block, layers, ops
from ml.catalog.settings import SettingProblem
from ml.catalog.template import SHAPE, TARGET, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
A network that writes words has an output for each, and so can't answer with a place in the question: eleven numbers would need another network than ten.
A **pointer network** has attention, and nothing after it. One LSTM, the encoder, reads the numbers one by one; another, the decoder, begins with its
state. The decoder's state is compared with what the encoder knew at every place, `v · tanh(W₁ read + W₂ said)`, and the softmax of these scores *is* the
answer. The number at the chosen place is what the decoder reads next. Before the numbers stands the end, to which it points when all is said.

## What to watch
The pointers, in the Attention panel: columns are the numbers as they came, rows what should be said. The map begins grey and sharpens until each row has
one bright cell; numbers that lie near each other share the light longest. `accuracy` counts pointers with the right ones before them, `whole` sets
without a mistake.

## What to try
- `chosen_once` off, as in the paper: now it may name a number twice. After eight epochs 53 % of the held-out sets were right, instead of all.
- `data.shortest` 5, sets of five to ten numbers for the same network: from the fifth epoch on all were right, of every length.
- `data.numbers` 1000, numbers ten times nearer to each other: 98 %, and 92 % after four epochs.
- `units` 16: still 99.7 % after seven epochs.

## The paper
O. Vinyals, M. Fortunato, N. Jaitly, *Pointer networks*, 2015, on points in the plane. The `paper` preset has its 512 units, batches of 128, plain SGD with
gradients clipped to a norm of 2, and chooses as often as it likes. O. Vinyals, S. Bengio, M. Kudlur, *Order matters: sequence to sequence for sets*,
2016, sorts numbers.
"""

TEMPLATE = Template(
    id="pointer_network",
    title="Pointer network",
    family="Recurrent",
    summary="What it says are places of what it has read: the weights of its attention are the answer.",
    page=PAGE,
    recipe=Choice("seq2seq"),
    data=Data("sorting"),
    training=Training(epochs=8, batch_size=64, optimizer=Choice("Adam", {"learning_rate": 0.01}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "data.shortest": 5,
            "units": 512,
            "chosen_once": False,
            "training.batch_size": 128,
            "training.optimizer": "SGD",
            "training.optimizer.learning_rate": 1.0,
            "training.optimizer.global_clipnorm": 2.0,
            "training.schedule": None,
        },
    },
    parameters=(
        Parameter("units", "int", 64, minimum=1, help="How many LSTM units read, and how many write; the pointer is as wide."),
        Parameter("chosen_once", "bool", True, help="Whether a place can't be chosen again; without, nothing keeps the network from repeating itself."),
        SHAPE,
        TARGET,
    ),
)


def build(shape: Sequence[int] = (10, 1), target_shape: Sequence[int] = (12,), units: int = 64, chosen_once: bool = True) -> dict[str, Graph]:
    """`model`: source (batch, time, features) and target so far (batch, length) to the probabilities (batch, length, 3 + time) of what comes next.

    Of these the first two, padding and start, are never said; then come the end, and the places of the source. Where a sample is 0, there is nothing.
    """
    if len(shape) != 2:
        raise SettingProblem(f"pointer_network needs numbers to point to (time, features), and this data has the shape {tuple(shape)}: try seq2seq_attention.")
    source = Input(shape, name="source")
    target = Input([target_shape[0] - 1], dtype="int32", name="target")
    chosen = ops.one_hot(target, 3 + shape[0], name="chosen")
    read, *state = block(_encoder(units), name="encoder")(source).outputs(3)
    last = ops.matmul(chosen[:, :, 3:], source, name="last_chosen")
    said = layers.LSTM(units, return_sequences=True, name="decoder")(last, initial_state=state)
    free = block(_free(), name="free")(source, chosen) if chosen_once else ops.expand_dims(_is_there(source), axis=1, name="free")
    pointers = block(_pointer(units), name="pointer")(said, read, free)
    return {"model": Model([source, target], {"next": ops.pad(pointers, [[0, 0], [0, 0], [2, 0]], name="nor_padding_nor_start")})}


def _encoder(units: int) -> Graph:
    """What is there (batch, time, features), after a zero that stands for the end, to what the LSTM knew at each (batch, 1 + time, units), and its state."""
    source = Input(None, name="source")
    places = ops.pad(source, [[0, 0], [1, 0], [0, 0]], name="end_and_places")
    is_there = _is_there(source)
    x, h, c = layers.LSTM(units, return_sequences=True, return_state=True, name="lstm")(places, mask=is_there).outputs(3)
    return Model(source, {"read": ops.where(ops.expand_dims(is_there, axis=-1), x, 0.0, name="else_nothing"), "h": h, "c": c})


def _free() -> Graph:
    """What was read (batch, time, features) and what was chosen (batch, length, 3 + time) to the places (batch, length, 1 + time) that are there and left."""
    source, chosen = Input(None, name="source"), Input(None, name="chosen")
    left = ops.equal(ops.cumsum(chosen[:, :, 2:], axis=1, name="chosen_so_far"), 0, name="is_left")
    return Model([source, chosen], ops.logical_and(ops.expand_dims(_is_there(source), axis=1), left, name="free"))


def _is_there(source: Tensor) -> Tensor:
    """Whether there is something at the places (batch, 1 + time): always at the first, the end."""
    return ops.pad(ops.any(ops.not_equal(source, 0), axis=-1), [[0, 0], [1, 0]], constant_values=True, name="is_there")


def _pointer(units: int) -> Graph:
    """What is to be said (batch, length, units) and what was read (batch, places, units) to probabilities (batch, length, places): equation 3 of the paper."""
    said, read, free = Input(None, name="said"), Input(None, name="read"), Input(None, name="free")
    query = layers.Dense(units, use_bias=False, name="query")(said)
    key = layers.Dense(units, use_bias=False, name="key")(read)
    both = ops.tanh(ops.expand_dims(query, axis=2) + ops.expand_dims(key, axis=1), name="tanh")
    score = layers.Dense(1, use_bias=False, name="score")(both)
    return Model([said, read, free], layers.Softmax(name="pointers")(ops.squeeze(score, axis=-1), free))
