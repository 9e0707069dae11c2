"""What is frozen is left alone by training, whatever is inside of it, and is thawed whole."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from ml.build import build
from ml.check import Checker
from ml.codegen.models import models_source
from ml.project.freezing import can_freeze, freeze, is_frozen
from ml.project.graph import BLOCK, INPUT, OUTPUT, Graph, Link, Node
from ml.project.report import weights

CELL = {"module": "keras.layers", "class_name": "LSTM", "config": {"units": 3}}
BODY = Graph({"i": Node(INPUT), "dense": Node("Dense", {"units": 4}, (Link("i"),)), "o": Node(OUTPUT, inputs=(Link("dense"),))})
GRAPH = Graph(
    {
        "input": Node(INPUT, {"shape": [5, 4]}),
        "plain": Node("Dense", {"units": 4}, (Link("input"),)),
        "attention": Node("MultiHeadAttention", {"num_heads": 2, "key_dim": 2}, (Link("plain"), Link("plain"))),
        "wrapped": Node("TimeDistributed", {"layer": {"module": "keras.layers", "class_name": "Dense", "config": {"units": 4}}}, (Link("attention"),)),
        "block": Node(BLOCK, inputs=(Link("wrapped"),), graph=BODY),
        "again": Node(BLOCK, inputs=(Link("block"),), shares="block"),
        "norm": Node("BatchNormalization", {}, (Link("again"),)),
        "both": Node("Bidirectional", {"layer": CELL}, (Link("norm"),)),
        "drop": Node("Dropout", {"rate": 0.1}, (Link("both"),)),
        "output": Node(OUTPUT, inputs=(Link("drop"),)),
    }
)
LAYERS = ["plain", "attention", "wrapped", "block", "norm", "both"]


def trained(model: keras.Model) -> int:
    return sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)


@pytest.mark.parametrize("name", LAYERS)
def test_training_changes_nothing_in_a_frozen_node(name: str) -> None:
    built = build(freeze(GRAPH, [name]))
    assert built.layers[name].trainable_weights == []
    mine = {id(weight) for weight in built.layers[name].weights}
    assert not [weight for weight in built.model.trainable_weights if id(weight) in mine]
    assert trained(built.model) < trained(build(GRAPH).model)


def test_a_node_that_shares_a_layer_freezes_its_owner() -> None:
    assert is_frozen(freeze(GRAPH, ["again"])["block"])


def test_thawed_it_is_as_it_was() -> None:
    assert freeze(freeze(GRAPH, LAYERS), LAYERS, False) == GRAPH


def test_thawing_reaches_what_came_frozen_inside_of_a_wrapper() -> None:
    inner = {**CELL, "config": {"units": 3, "trainable": False}}
    graph = GRAPH.with_node("both", Node("Bidirectional", {"layer": inner, "trainable": False}, (Link("norm"),)))
    assert freeze(graph, ["both"], False) == GRAPH


def test_what_has_no_weights_stays_as_it_is() -> None:
    assert freeze(GRAPH, ["input", "drop", "output"]) == GRAPH
    assert [name for name, node in GRAPH.nodes.items() if can_freeze(node)] == LAYERS


def test_check_build_and_python_agree_on_what_is_trained() -> None:
    graph = freeze(GRAPH, ["plain", "attention", "wrapped", "both"])
    source, builders = models_source({"model": graph})
    names: dict[str, Any] = {"keras": keras, "layers": keras.layers, "ops": keras.ops}
    exec(source, names)
    model = build(graph).model
    assert trained(names[builders["model"]]()) == trained(model)
    _, learning = weights(Checker().check_graph(graph))
    assert learning == trained(model)
