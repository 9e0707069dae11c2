"""A graph becomes the Keras model that one would have written."""

import keras
import numpy as np
import pytest

from ml.build import NodeProblem, build, replay
from ml.project.graph import Graph, Link, Node


def graph(**nodes: Node) -> Graph:
    return Graph(dict(nodes))


def node(type: str, *inputs: str, **arguments) -> Node:
    return Node(type, arguments, tuple(Link(name) for name in inputs))


RESIDUAL = graph(
    input=node("Input", shape=[8]),
    dense=node("Dense", "input", units=8, activation="relu"),
    add=node("Add", "input", "dense"),
    scaled=Node("ops.multiply", {"x2": 0.5}, (Link("add"),)),
    output=node("Output", "scaled"),
)


def test_the_model_computes_what_the_graph_says():
    model = build(RESIDUAL).model
    x = np.random.default_rng(0).normal(size=(3, 8)).astype("float32")
    dense = model.get_layer("dense")
    np.testing.assert_allclose(model(x), 0.5 * (x + dense(x)), rtol=1e-6)


def test_a_block_is_a_nested_model():
    outer = graph(input=node("Input", shape=[8]), block=Node("Block", {}, (Link("input"),), graph=RESIDUAL), output=node("Output", "block"))
    built = build(outer)
    assert built.model.count_params() == 72
    assert isinstance(built.model.get_layer("block"), keras.Model)
    assert "block/dense" in built.layers


def test_nodes_that_share_have_one_set_of_weights():
    shared = RESIDUAL.with_node("again", Node("Dense", {}, (Link("dense"),), shares="dense")).linked("output", 0, Link("again"))
    assert build(shared).model.count_params() == 72


def test_a_replay_gives_every_tensor_inside_with_the_same_weights():
    outer = graph(input=node("Input", shape=[8]), block=Node("Block", {}, (Link("input"),), graph=RESIDUAL), output=node("Output", "block"))
    built = build(outer)
    tensors = replay(outer, built.layers, built.model.inputs)
    probe = keras.Model(built.model.input, tensors["block/dense"][0])
    assert probe.weights[0] is built.layers["block/dense"].weights[0]
    x = np.ones((1, 8), "float32")
    np.testing.assert_allclose(probe(x), built.layers["block/dense"](x))


def test_the_seed_decides_the_weights():
    def first_weights():
        keras.utils.set_random_seed(3)
        return build(RESIDUAL).model.get_weights()[0]

    np.testing.assert_array_equal(first_weights(), first_weights())


def test_what_keras_refuses_is_told_with_the_name_of_the_node():
    wrong = RESIDUAL.with_node("dense", node("Dense", "input", units=7))
    with pytest.raises(NodeProblem, match="add"):
        build(wrong)
