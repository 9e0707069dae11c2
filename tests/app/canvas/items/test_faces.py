"""What a node says of itself."""

import pytest

from app.canvas.items.faces import count, face, shape_label, slots, summary
from ml.project.graph import Graph, Link, Node
from ml.project.report import NodeReport


@pytest.mark.parametrize(
    ("node", "line"),
    [
        (Node("Conv2D", {"filters": 32, "kernel_size": 3, "activation": "relu"}), "32 · 3×3 · relu"),
        (Node("Conv1D", {"filters": 8, "kernel_size": 5, "strides": 2}), "8 · 5 · /2"),
        (Node("Conv2D", {"filters": 8, "kernel_size": 3, "strides": [2, 2], "use_bias": False}), "8 · 3×3 · /2 · no bias"),
        (Node("ZeroPadding2D", {"padding": [[3, 3], [3, 3]]}), "3"),
        (Node("LSTM", {"units": 8, "return_sequences": True}), "8 · return sequences"),
        (Node("Dense", {"units": {"expression": "4 * width"}}), "4 * width"),
        (Node("MultiHeadAttention", {"num_heads": 4, "key_dim": 16}), "4 heads · key 16"),
        (Node("Input", {"shape": [None, 64]}), "?×64"),
        (Node("Dropout", {"rate": 0.25, "seed": 3}), "0.25"),
        (Node("ops.transpose", {"axes": [0, 2, 1]}), "axes 0×2×1"),
        (Node("ops.subtract", {"x2": 1}, (Link("a"),)), "x2 = 1"),
        (Node("LayerNormalization", {"epsilon": 1e-6}), ""),
        (Node("Block", graph=Graph({"input": Node("Input")})), "1 node"),
        (Node("NoSuchLayer", {"a": 1}), "a 1"),
    ],
)
def test_the_main_arguments_in_one_line(node, line):
    assert summary(node) == line


@pytest.mark.parametrize(
    ("number", "text"), [(320, "320"), (9248, "9,248"), (18_496, "18.5k"), (124_000, "124k"), (999_960, "1.0M"), (1_536_000, "1.5M"), (175 * 10**9, "175B")]
)
def test_numbers_of_parameters_are_short(number, text):
    assert count(number) == text


def test_a_shape_is_shown_without_its_batch():
    assert shape_label((None, 28, 28, 32)) == "28 × 28 × 32"
    assert shape_label((None, None, 64)) == "? × 64"
    assert shape_label((None,)) == shape_label(()) == "scalar"


def test_a_port_that_takes_many_has_a_slot_for_each_link_and_a_spare_one():
    assert [slot.linked for slot in slots(Node("Add"))] == [False]
    assert [slot.linked for slot in slots(Node("Add", inputs=(Link("a"), Link("b"))))] == [True, True, False]


def test_a_port_with_a_value_needs_no_link():
    assert [slot.optional for slot in slots(Node("ops.subtract", {"x2": 1}, (Link("a"),)))] == [False, True]


def test_a_block_has_the_parameters_of_what_is_inside():
    inside = {"dense": NodeReport(parameters=68), "norm": NodeReport(parameters=8)}
    assert face("block", Node("Block", graph=Graph()), NodeReport(inside=inside)).parameters == "76"


def test_optional_ports_come_after_those_that_are_needed():
    found = slots(Node("MultiHeadAttention", inputs=(Link("q"), Link("v"))))
    assert [(slot.port, slot.optional, slot.linked) for slot in found[:3]] == [("query", False, True), ("value", False, True), ("key", True, False)]


def test_a_face_says_what_the_engine_says():
    shown = face("dense", Node("Dense", {"units": 10}), NodeReport(shapes=((None, 10),), parameters=650))
    assert (shown.parameters, shown.shapes, shown.outputs) == ("650", ("10",), 1)
    assert shown.sentence == "dense: Dense, 10, output 10, 650 parameters"


def test_outputs_are_as_many_as_keras_or_the_links_say():
    assert face("lstm", Node("LSTM"), NodeReport(shapes=((None, 4),) * 3)).outputs == 3
    assert face("lstm", Node("LSTM"), None, used_outputs=2).outputs == 2
    assert face("output", Node("Output"), NodeReport(shapes=((None, 4),))).outputs == 0
