"""Each way out that is offered works, and the obvious ones are offered."""

import keras
import msgspec
import pytest

from ml import catalog
from ml.check import Checker
from ml.importer import from_model
from ml.project.fixes import Fix, apply, apply_to_project
from ml.project.graph import Graph, Link, Node
from ml.project.project import Data
from tests.ml.test_explain import Input, node

CASES = {
    "stride": (
        {"x": Input(28, 28, 32), "c": node("Conv2D", "x", filters=32, kernel_size=3, strides=2, padding="same"), "wrong": node("Add", "x", "c")},
        ["Set strides of c to 1", "Pool x by 2", "Upsample c by 2"],
    ),
    "projection": (
        {"x": Input(28, 28, 8), "c": node("Conv2D", "x", filters=32, kernel_size=3, strides=2, padding="same"), "wrong": node("Add", "x", "c")},
        ["Put a 1×1 convolution with stride 2 behind x"],
    ),
    "border": ({"x": Input(28, 28, 32), "c": node("Conv2D", "x", filters=32, kernel_size=3), "wrong": node("Add", "x", "c")}, ['Set padding of c to "same"']),
    "resizing": ({"x": Input(28, 28, 3), "y": Input(20, 20, 3), "wrong": node("Add", "x", "y")}, ["Resize x to 20×20"]),
    "filters": (
        {"x": Input(8, 8, 3), "c": node("Conv2D", "x", filters=4, kernel_size=1), "b": node("BatchNormalization", "c"), "wrong": node("Add", "x", "b")},
        ["Set filters of c to 3", "Put a 1×1 convolution with 4 filters behind x"],
    ),
    "units": (
        {"x": Input(3), "d": node("Dense", "x", units=8), "wrong": node("ops.add", "x", "d")},
        ["Set units of d to 3", "Put a Dense of 8 units behind x"],
    ),
    "rank": ({"x": Input(8, 8, 3), "y": Input(5), "wrong": node("Add", "x", "y")}, ["Pool x and put a Dense of 5 behind"]),
    "three": ({"x": Input(8), "wrong": node("Subtract", "x", "x", "x")}, ["Keep the first two"]),
    "axis": ({"x": Input(7, 3), "y": Input(5, 3), "wrong": node("Concatenate", "x", "y")}, ["Set axis of wrong to 1"]),
    "joining": ({"x": Input(8, 8, 3), "p": node("MaxPooling2D", "x", pool_size=2), "wrong": node("Concatenate", "x", "p")}, ["Pool x by 2"]),
    "product": ({"x": Input(7, 3), "y": Input(5, 3), "wrong": node("ops.matmul", "x", "y")}, ["Transpose y", "Put a Dense of 5 units behind x"]),
    "order": ({"x": Input(3, 7), "y": Input(5, 3), "wrong": node("ops.matmul", "x", "y")}, ["Multiply y by x"]),
    "axes": ({"x": Input(7, 3), "y": Input(5, 3), "wrong": node("Dot", "x", "y", axes=1)}, ["Set axes of wrong to 2"]),
    "kernel": ({"x": Input(3, 3, 8), "wrong": node("Conv2D", "x", filters=4, kernel_size=5)}, ['Set padding of wrong to "same"']),
    "groups": ({"x": Input(8, 8, 6), "wrong": node("Conv2D", "x", filters=4, kernel_size=3, groups=4)}, ["Set groups of wrong to 2"]),
    "picture": ({"x": Input(784), "wrong": node("Conv2D", "x", filters=4, kernel_size=3)}, ["Reshape x to [28, 28, 1]"]),
    "channel": ({"x": Input(28, 28), "wrong": node("Conv2D", "x", filters=4, kernel_size=3)}, ["Reshape x to [28, 28, 1]"]),
    "flattened": ({"x": Input(8, 8, 3), "f": node("Flatten", "x"), "wrong": node("Conv2D", "f", filters=4, kernel_size=3)}, ["Take x instead of f"]),
    "tokens": ({"x": Input(80, dtype="int32"), "wrong": node("LSTM", "x", units=4)}, ["Put an Embedding behind x", "Reshape x to [80, 1]"]),
    "sequence": ({"x": Input(8, 8, 3), "wrong": node("LSTM", "x", units=4)}, ["Reshape x to [64, 3]"]),
    "row": ({"x": Input(8, 8), "wrong": node("RepeatVector", "x", n=3)}, ["Reshape x to [64]", "Flatten x"]),
    "target": (
        {"x": Input(28, 28), "wrong": node("Reshape", "x", target_shape=[4, 4, 16])},
        ["Set target_shape of wrong to [4, 4, -1]", "Set target_shape of wrong to [-1]"],
    ),
    "heads": (
        {"x": Input(8, 4), "wrong": node("GroupQueryAttention", "x", "x", head_dim=4, num_query_heads=4, num_key_value_heads=3)},
        ["Set num_key_value_heads of wrong to 1"],
    ),
    "keys": (
        {"x": Input(6, 4), "y": Input(5, 4), "wrong": node("MultiHeadAttention", "x", "x", "y", num_heads=2, key_dim=4)},
        ["Delete the link from y to key"],
    ),
    "dangling": (
        {"x": Input(8, 8, 1), "c": node("Conv2D", "x", filters=4, kernel_size=3), "wrong": Node("Flatten"), "d": node("Dense", "wrong", units=3)},
        ["Connect c to inputs", "Connect x to inputs"],
    ),
    "loose": ({"x": Input(8), "wrong": Node("Dense")}, ["Connect x to inputs"]),
    "circle": ({"x": Input(8), "wrong": node("Add", "x", "d"), "d": node("Dense", "wrong", units=8)}, ["Delete the link from d to wrong"]),
    "sharing": ({"x": Input(8), "o": node("Dense", "x", units=3), "wrong": Node("Dense", {}, (Link("o"),), shares="o")}, ["Give wrong weights of its own"]),
    "orphan": ({"x": Input(8), "wrong": Node("Dense", {"units": 3}, (Link("x"),), shares="gone")}, ["Give wrong weights of its own"]),
    "range": ({"x": Input(8), "wrong": node("Dense", "x", units=0)}, ["Set units of wrong to 1"]),
    "value": ({"x": Input(8), "wrong": node("Dense", "x")}, ["Set units of wrong to 64"]),
    "spelling": ({"x": Input(8), "wrong": node("Dense", "x", units=3, activation="rleu")}, ['Set activation of wrong to "relu"']),
    "open": ({"x": Input(None, None, 3), "f": node("Flatten", "x"), "wrong": node("Dense", "f", units=3)}, ["Pool x before f"]),
    "block": (
        {
            "x": Input(4),
            "wrong": Node("Block", {}, (Link("x"),), graph=Graph({"i": Input(8), "d": node("Dense", "i", units=2), "o": node("Output", "d")})),
        },
        ["Set shape of i inside to [4]"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_obvious_ways_out_are_offered_and_each_of_them_works(case):
    nodes, wanted = CASES[case]
    checker, graph = Checker(), Graph(nodes)
    fixes = checker.check_graph(graph)["wrong"].fixes
    assert [text for text in wanted if text not in [fix.text for fix in fixes]] == []
    for fix in fixes:
        found = checker.check_graph(apply(graph, fix))
        assert not found["wrong"].error, fix.text
        assert not found["wrong"].waits, fix.text


def test_a_fix_breaks_nothing_that_was_right():
    """Fewer filters would end the sum's error and spoil the other user of the convolution."""
    nodes = {
        "x": Input(8, 8, 3),
        "y": Input(8, 8, 4),
        "c": node("Conv2D", "x", filters=4, kernel_size=1),
        "good": node("Add", "y", "c"),
        "bad": node("Add", "x", "c"),
    }
    fixes = Checker().check_graph(Graph(nodes))["bad"].fixes
    assert fixes
    assert "Set filters of c to 3" not in [fix.text for fix in fixes]


def test_an_expression_is_not_written_over():
    inside = {
        "i": Node("Input"),
        "d": Node("Dense", {"units": {"expression": "width"}}, (Link("i"),)),
        "wrong": node("Add", "i", "d"),
        "o": node("Output", "wrong"),
    }
    graph = Graph({"x": Input(3), "block": Node("Block", {"width": 8}, (Link("x"),), graph=Graph(inside))})
    fixes = Checker().check_graph(graph)["block"].inside["wrong"].fixes
    assert [fix.text for fix in fixes] == ["Put a Dense of 8 units behind i", "Put a Dense of 3 units behind d"]


def test_an_expression_in_a_block_is_not_written_over_from_outside():
    inside = Graph({"i": Node("Input", {"shape": [{"expression": "width"}]}), "o": node("Output", "i")})
    graph = Graph({"x": Input(3), "wrong": Node("Block", {"width": 8}, (Link("x"),), graph=inside)})
    report = Checker().check_graph(graph)["wrong"]
    assert report.error and report.fixes == ()


def changed(project, name, **arguments):
    model = project.models["model"]
    return msgspec.structs.replace(
        project, models={"model": model.with_node(name, msgspec.structs.replace(model[name], arguments={**model[name].arguments, **arguments}))}
    )


def without_flatten(project):
    model = project.models["model"]
    (flat,) = [name for name, node in model.nodes.items() if node.type in ("Flatten", "GlobalAveragePooling2D")]
    for name, port, _ in model.consumers(flat):
        model = model.linked(name, port, model[flat].inputs[0])
    return msgspec.structs.replace(project, models={"model": model.without({flat})})


def offered(project):
    checker = Checker()
    report = checker.check(project)
    assert report.problems
    for fix in report.fixes:
        assert checker.check(apply_to_project(project, fix)).errors < report.errors, fix.text
    return [fix.text for fix in report.fixes]


def test_a_model_is_made_to_fit_its_data():
    cnn = catalog.new("cnn")
    assert offered(changed(cnn, "dense", units=7)) == ["Set units of dense to 10"]
    assert "Set shape of input to [4]" not in offered(without_flatten(cnn))
    assert "Flatten before dense" in offered(without_flatten(cnn))
    mlp = catalog.new("mlp")
    assert "Set shape of input to [30]" in " ".join(offered(msgspec.structs.replace(mlp, data=Data("breast_cancer"))))


def test_a_project_without_problems_is_offered_nothing():
    assert Checker().check(catalog.new("cnn")).fixes == ()


def test_a_fix_of_a_role_that_is_gone_changes_nothing():
    assert apply_to_project(catalog.new("cnn"), Fix("", (), "generator")) == catalog.new("cnn")


def test_a_report_goes_through_the_engines_messages_whole():
    nodes, _ = CASES["projection"]
    report = Checker().check_graph(Graph(nodes))["wrong"]
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(report), type=type(report)) == report


def test_a_way_out_is_found_in_a_large_network():
    graph, _ = from_model(keras.applications.ResNet50(weights=None))
    checker = Checker()
    checker.check_graph(graph)
    strided = msgspec.structs.replace(graph["conv4_block3_2_conv"], arguments={**graph["conv4_block3_2_conv"].arguments, "strides": 2})
    wrong = graph.with_node("conv4_block3_2_conv", strided)
    assert checker.check_graph(wrong)["conv4_block3_add"].fixes[0].text == "Set strides of conv4_block3_2_conv to 1"
