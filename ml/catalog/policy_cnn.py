"""The policy network: a board to the probability of every move, by convolutions that keep every place."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from ml.catalog.recorder import Input, Model, layers
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
A **policy network** looks at a board and says for every place how good a move there would be, all at once, without looking ahead. A move is a place, so
nothing may lose its place: the convolutions have zeros around the edge and there is no pooling. Each layer sees one ring of neighbours more than the
one before it. The last has one map, with a bias of its own for each place, and softmax makes probabilities of it. The board comes in planes: my
stones, the other's, what is empty. It learns from a player who sees to the end of every game of noughts and crosses. Of several moves that are equally
good only one is given as the answer, so even a perfect player gets about four in five right by the book.

## What to watch
The panel Generator: the bluer a cell, the likelier it plays there; an orange dot marks every move that is truly best. Where there are several dots, the
blue is spread over them. The accuracy counts only the one in the book.

## What to try
- `blocks` at 1: 75 % of its moves are best ones, with three blocks 94 %. One ring of neighbours does not show a whole line.
- `filters` at 8: 78 %.
- `cnn` can't take this data at all: two times pooling leaves nothing of a board of three by three.

## The paper
D. Silver and others, *Mastering the game of Go with deep neural networks and tree search*, 2016. The `paper` preset is its policy network, 12 layers of
192 filters, here on the small board. On one of 19×19 with the 48 planes of the paper it has 3,882,793 weights.
"""

TEMPLATE = Template(
    id="policy_cnn",
    title="Policy network",
    family="Convolutional",
    summary="A board to the probability of every move: convolutions without pooling, for a move is a place.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("board"),
    training=Training(epochs=20, batch_size=64, optimizer=Choice("Adam", {"learning_rate": 0.002}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "blocks": 12,
            "filters": 192,
            "first_kernel": 5,
            "training.batch_size": 16,
            "training.optimizer": "SGD",
            "training.optimizer.learning_rate": 0.003,
            "training.schedule": None,
        },
    },
    parameters=(
        Parameter("blocks", "int", 3, minimum=1, help="How many convolutions follow each other before the one that gives the moves."),
        Parameter("filters", "int", 48, minimum=1, help="How many filters each of them has."),
        Parameter("first_kernel", "int", 3, minimum=1, help="Height and width of the windows of the first one."),
        Parameter("kernel_size", "int", 3, minimum=1, help="Height and width of the windows of the others."),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (3, 3, 3), classes: int = 9, blocks: int = 3, filters: int = 48, first_kernel: int = 3, kernel_size: int = 3
) -> dict[str, Graph]:
    """`model`: boards (batch, rows, columns, planes) to the probability of a move at each place, (batch, rows * columns)."""
    if len(shape) != 3 or prod(shape[:2]) != classes:
        raise SettingProblem(f"policy_cnn needs boards with a move for each place, and this data has the shape {tuple(shape)} and {classes} classes: try cnn.")
    x = inputs = Input(shape, name="board")
    for number in range(blocks):
        x = layers.Conv2D(filters, kernel_size if number else first_kernel, padding="same", activation="relu", name=f"conv_{number + 1}")(x)
    x = layers.EinsumDense("bhwc,c->bhw", list(shape[:2]), bias_axes="hw", name="moves")(x)
    return {"model": Model(inputs, layers.Softmax(name="probabilities")(layers.Flatten()(x)))}
