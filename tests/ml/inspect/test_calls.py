"""A block that is called at every step shows a row for each of its calls."""

from __future__ import annotations

from itertools import pairwise

import keras
import numpy as np
import tensorflow as tf
from scipy.special import softmax

from ml import data
from ml.build import build
from ml.catalog.recorder import Input, Model, block, layers, ops
from ml.inspect import calls
from ml.inspect.attention import AttentionLens
from ml.project.graph import Graph
from ml.project.project import Choice, Data, Project

COPY = Data("copy", {"samples": 40, "length": 2, "bits": 3})


def looking(steps: int) -> Graph:
    """Five steps of three bits and a mark, of which a block in a block looks at the first ones, one after the other."""
    inputs, x, inner = Input([5, 4]), Input(None, name="x"), Input(None, name="inner")
    eye = block(Model(inner, ops.softmax(layers.Dense(6, name="scores")(inner), name="weights")), name="eye")
    step = block(Model(x, eye(x)), name="step")
    return Model(inputs, ops.add(*[step(inputs[:, time]) for time in range(2)]) if steps == 2 else step(inputs[:, 0]))


def test_every_call_gives_a_row() -> None:
    keras.utils.set_random_seed(0)
    built = build(looking(2), "model")
    dataset = data.load(COPY)
    seen = AttentionLens(Project("P", COPY, {"model": looking(2)}, Choice("bits")), {"model": built}, dataset).read(0)
    assert seen is not None and [layer.name for layer in seen.layers] == ["step/eye/weights"]
    kernel, bias = built.layers["step/eye/scores"].get_weights()
    expected = softmax(dataset.part("validation")[0][0, :2] @ kernel + bias, axis=-1)
    np.testing.assert_allclose(seen.layers[0].scores.numpy(), expected[None], atol=1e-6)


def test_a_softmax_that_is_called_once_is_no_attention() -> None:
    graph = looking(1)
    assert AttentionLens(Project("P", COPY, {"model": graph}, Choice("bits")), {"model": build(graph, "model")}, data.load(COPY)).read(0) is None


def test_rows_of_several_heads_stand_under_each_other() -> None:
    each = [tf.constant(np.random.default_rng(time).random((1, 2, 1, 5))) for time in range(3)]
    rows = calls.rows(each)
    assert rows is not None and rows.shape == (2, 3, 5)
    np.testing.assert_allclose(rows[1, 2], each[2][0, 1, 0], rtol=1e-6)
    assert all(calls.rows([a[:, 0], b[:, 0]]) is not None for a, b in pairwise(each)), "a head alone"


def test_whole_maps_are_not_put_together() -> None:
    square = tf.ones([1, 4, 4])
    assert calls.rows([square, square]) is None and calls.rows([tf.ones([1, 4])]) is None
