"""The check says of every node what Keras would say."""

import math

import msgspec
import pytest

from ml import catalog
from ml.build import build
from ml.check import Checker
from ml.project.graph import Graph, Link, Node
from ml.project.project import Data


@pytest.fixture
def cnn():
    return catalog.new("cnn")


def changed(project, name, **arguments):
    model = project.models["model"]
    node = msgspec.structs.replace(model[name], arguments=model[name].arguments | arguments)
    return msgspec.structs.replace(project, models={"model": model.with_node(name, node)})


def test_shapes_and_counts_are_those_of_the_model_that_is_built(cnn):
    report = Checker().check(cnn)
    model = build(cnn.models["model"]).model
    assert report.parameters == model.count_params()
    assert report.roles["model"]["conv2d"].shapes == (tuple(model.get_layer("conv2d").output.shape),)
    assert report.errors == 0


def test_an_error_stays_with_its_node_and_the_nodes_behind_it_wait(cnn):
    report = Checker().check(changed(cnn, "conv2d", kernel_size=99, padding="valid")).roles["model"]
    assert "99" in report["conv2d"].error or "negative" in report["conv2d"].error.lower()
    assert report["dense"].waits == "conv2d"
    assert not report["dense"].error


@pytest.mark.parametrize("units", ["8; rm", -3, 0, 2.5, None])
def test_a_wrong_value_is_a_sentence(cnn, units):
    error = Checker().check(changed(cnn, "dense", units=units)).roles["model"]["dense"].error
    assert "units" in error
    assert "\n" not in error
    assert "Traceback" not in error


def test_a_layer_of_a_trillion_weights_is_counted_without_making_one(cnn):
    report = Checker().check(changed(cnn, "dense", units=2**32))
    assert report.roles["model"]["dense"].parameters == (256 + 1) * 2**32


def test_a_circle_is_named():
    graph = Graph({"a": Node("Dense", {"units": 2}, (Link("b"),)), "b": Node("Dense", {"units": 2}, (Link("a"),))})
    assert "circle" in Checker().check_graph(graph)["a"].error


def test_a_merge_of_unequal_shapes_says_both(cnn):
    model = cnn.models["model"].with_node("add", Node("Add", {}, (Link("conv2d"), Link("conv2d_1"))))
    error = Checker().check_graph(model)["add"].error
    assert "32" in error
    assert "64" in error


def test_an_open_port_is_told():
    assert "not connected" in Checker().check_graph(Graph({"dense": Node("Dense", {"units": 2})}))["dense"].error


def test_data_that_does_not_fit_is_a_problem_of_the_project(cnn):
    report = Checker().check(msgspec.structs.replace(cnn, data=Data("iris")))
    assert any("8 × 8 × 1" in problem for problem in report.problems)


def test_too_few_units_for_the_classes_are_a_problem(cnn):
    assert any("10 classes" in problem for problem in Checker().check(changed(cnn, "dense", units=3)).problems)


def test_a_block_of_the_wrong_shape_says_what_it_expects():
    inside = Graph({"x": Node("Input", {"shape": [8]}), "y": Node("Output", {}, (Link("x"),))})
    outer = Graph({"input": Node("Input", {"shape": [4]}), "block": Node("Block", {}, (Link("input"),), graph=inside)})
    assert "expects 8" in Checker().check_graph(outer)["block"].error


def test_counts_inside_a_block_are_in_the_total():
    inside = Graph({"x": Node("Input", {"shape": [8]}), "d": Node("Dense", {"units": 3}, (Link("x"),)), "y": Node("Output", {}, (Link("d"),))})
    report = Checker().check_graph(Graph({"input": Node("Input", {"shape": [8]}), "block": Node("Block", {}, (Link("input"),), graph=inside)}))
    assert report["block"].inside["d"].parameters == 27
    assert report["block"].shapes == ((None, 3),)


def test_memory_answers_an_unchanged_node(cnn):
    checker = Checker()
    first = checker.check(cnn)
    moved = msgspec.structs.replace(cnn.models["model"]["dense"], position=(3.0, 4.0))
    again = checker.check(msgspec.structs.replace(cnn, models={"model": cnn.models["model"].with_node("dense", moved)}))
    assert again.roles["model"]["dense"] is first.roles["model"]["dense"]
    assert math.isclose(again.parameters, first.parameters)


def test_what_tensorflow_refuses_is_a_sentence_too():
    error = Checker().check_graph(Graph({"zeros": Node("ops.zeros", {"shape": [-1]})}))["zeros"].error
    assert error.startswith("Dimension -1 must be >= 0")


@pytest.mark.parametrize(
    ("template", "data", "words"),
    [
        ("ctc", "digits", "Transcription needs data whose labels are lines of some length, such as digit_lines."),
        ("ctc", "text", "such as digit_lines."),
        ("echo_state", "copy", "The closed form needs data with classes or with a number to predict, such as iris or mackey_glass."),
        ("gaussian_classifier", "les_miserables", "The closed form needs data with classes"),
    ],
)
def test_data_that_a_recipe_can_not_learn_from_are_refused_in_a_sentence(template, data, words):
    (problem,) = Checker().check(msgspec.structs.replace(catalog.new(template), data=Data(data))).problems
    assert problem.endswith(words) or problem.startswith(words)
