"""Repeated blocks with parameters are built, counted and looked into as what they stand for."""

import numpy as np
from msgspec.structs import replace

from ml.build import build, replay
from ml.check import Checker
from ml.project.expressions import expression
from ml.project.graph import Graph, Link, Node
from ml.project.report import totals

STAGE = Graph(
    {
        "input": Node("Input"),
        "wide": Node("Dense", {"units": expression("4 * width"), "activation": "relu"}, (Link("input"),)),
        "narrow": Node("Dense", {"units": expression("width")}, (Link("wide"),)),
        "output": Node("Output", {}, (Link("narrow"),)),
    }
)
GRAPH = Graph(
    {
        "input": Node("Input", {"shape": [6]}),
        "stage": Node("Block", {"width": 10}, (Link("input"),), graph=STAGE, repeat=3),
        "output": Node("Output", {}, (Link("stage"),)),
    }
)
WEIGHTS = (6 * 40 + 40 + 40 * 10 + 10) + 2 * (10 * 40 + 40 + 40 * 10 + 10)


def test_each_copy_has_weights_of_its_own():
    built = build(GRAPH)
    assert built.model.count_params() == WEIGHTS
    assert {"stage_1/wide", "stage_3/narrow"} <= set(built.layers)


def test_a_check_counts_every_copy_and_shows_the_first_inside():
    reports = Checker().check_graph(GRAPH)
    assert totals(reports.values()).parameters == WEIGHTS
    assert reports["stage"].shapes == ((None, 10),)
    assert reports["stage"].inside["wide"].shapes == ((None, 40),)
    assert not any(report.error for report in reports.values())


def test_a_copy_that_does_not_fit_the_one_before_is_told_with_its_number():
    flat = STAGE.with_node("flat", Node("Reshape", {"target_shape": [5, 2]}, (Link("narrow"),))).with_node("output", Node("Output", {}, (Link("flat"),)))
    conv = replace(GRAPH["stage"], graph=flat.with_node("wide", Node("Reshape", {"target_shape": [6]}, (Link("input"),))))
    report = Checker().check_graph(GRAPH.with_node("stage", conv))["stage"]
    assert report.error.startswith("copy 2 of 3 gets 5 × 2 from the one before")


def test_a_wrong_expression_is_the_node_s_error():
    wrong = replace(GRAPH["stage"], arguments={"with": 3})
    report = Checker().check_graph(GRAPH.with_node("stage", wrong))["stage"]
    assert "wide: units: the block has no parameter 'width'" in report.error


def test_layers_inside_are_called_again_by_the_paths_of_their_copies():
    built = build(GRAPH)
    x = np.ones((2, 6), "float32")
    found = replay(built.graph, built.layers, [x])
    np.testing.assert_allclose(found["stage_3/narrow"][0], built.model(x), rtol=1e-5)
