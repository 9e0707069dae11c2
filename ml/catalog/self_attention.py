"""One attention head, made of the operations that it consists of."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from ml.catalog.recorder import Input, Model, Tensor, layers, ops
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
**Self-attention** lets every part of an input look at every other part and take from it what it needs. The parts, called *tokens*, are here the eight
rows of a digit. Each token makes three vectors of itself by three dense layers: a *query* (what am I looking for?), a *key* (what have I got?) and a
*value* (what do I give?). Every query is multiplied with every key: that is one `matmul` with the keys transposed, and gives a table of scores, one
row for each token. The scores are divided by the root of the vectors' length, so that they do not grow with it, and `softmax` makes each row add up
to 1. A second `matmul` mixes the values with these weights. Nothing here knows which row is on top, so a vector for each position is added first.
Usually this hides in one layer. Here each step is a node.

## What to watch
The table after `softmax`: 8×8 numbers, who looks at whom. At first each row is nearly even. Training makes some of them sharp. Follow the shapes: (8,
d) times (d, 8) is (8, 8), times (8, d) is (8, d) again.

## What to try
- Take out the division (`multiply`). With `key_width` 256 `softmax` saturates and learning is slower.
- Take out the positions. Which digits are confused when the order of the rows is lost?
- Data `iris`: the tokens are the four measurements.
- Copy Q, K and V, run a second head beside the first and concatenate both.

## The paper
A. Vaswani and others, *Attention is all you need*, 2017, section 3.2.1. The `paper` preset is one head of its base model: vectors of length 512,
queries, keys and values of length 64.
"""

TEMPLATE = Template(
    id="self_attention",
    title="Self-attention",
    family="Attention",
    summary="One attention head from visible queries, keys, values, two matrix products and a softmax.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("digits"),
    training=Training(epochs=40, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.002})),
    presets={"lite": {}, "paper": {"width": 512, "key_width": 64}},
    parameters=(
        Parameter("width", "int", 32, minimum=1, help="The length of the vector that stands for a token (d_model)."),
        Parameter("key_width", "int", 32, minimum=1, help="The length of queries, keys and values (d_k)."),
        SHAPE,
        CLASSES,
    ),
)


def build(shape: Sequence[int] = (8, 8, 1), classes: int = 10, width: int = 32, key_width: int = 32) -> dict[str, Graph]:
    """`model`: (batch, *shape), whose first size counts the tokens, to class probabilities (batch, classes), or to one number where `classes` is 0."""
    inputs = Input(shape)
    tokens = layers.Reshape([shape[0], prod(shape[1:])], name="tokens")(inputs)
    x = layers.Dense(width, name="embedding")(tokens)
    positions = ops.cumsum(ops.ones_like(tokens[:, :, 0]), axis=1) - 1
    x = x + layers.Embedding(shape[0], width, name="positions")(positions)
    x = layers.LayerNormalization()(x + attention(x, width, key_width))
    x = layers.Flatten()(x)
    outputs = layers.Dense(classes, activation="softmax")(x) if classes else layers.Dense(1)(x)
    return {"model": Model(inputs, outputs)}


def attention(x: Tensor, width: int, key_width: int) -> Tensor:
    """Scaled dot-product attention of the tokens (batch, tokens, width) to themselves."""
    query = layers.Dense(key_width, name="query")(x)
    key = layers.Dense(key_width, name="key")(x)
    value = layers.Dense(key_width, name="value")(x)
    scores = ops.matmul(query, ops.transpose(key, axes=[0, 2, 1]), name="scores") * key_width**-0.5
    weights = ops.softmax(scores, axis=-1, name="weights")
    return layers.Dense(width, name="mixed")(ops.matmul(weights, value))
