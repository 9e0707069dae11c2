"""Multiply-adds are those of the papers, and of sums done by hand."""

import keras
import pytest

from ml.check import Checker
from ml.importer import from_model
from ml.project.graph import Graph, Link, Node
from ml.project.report import totals

PUBLISHED = {"ResNet50": 3.86e9, "VGG16": 15.5e9, "MobileNet": 569e6}
"""He et al. 2016, table 1 (3.8 G, without the biases' additions); Simonyan and Zisserman 2015 as counted by He; Howard et al. 2017, table 4."""


def reports(graph: Graph) -> dict:
    found = Checker().check_graph(graph)
    assert not [report.error for report in found.values() if report.error]
    return found


def cost(node: Node, *inputs: Node) -> int:
    """Of one node that is fed by these inputs."""
    fed = {f"input_{index}": value for index, value in enumerate(inputs)}
    graph = Graph(fed | {"node": Node(node.type, node.arguments, tuple(map(Link, fed)))})
    return reports(graph)["node"].operations


def Input(*shape: int | None, dtype: str = "float32") -> Node:
    return Node("Input", {"shape": list(shape), "dtype": dtype})


@pytest.mark.parametrize("name", PUBLISHED)
def test_known_networks_cost_what_was_published(name):
    graph, _ = from_model(getattr(keras.applications, name)(weights=None))
    assert totals(reports(graph).values()).operations == pytest.approx(PUBLISHED[name], rel=0.01)


LSTM = {"module": "keras.layers", "class_name": "LSTM", "config": {"units": 8}}


@pytest.mark.parametrize(
    ("node", "inputs", "count"),
    [
        (Node("Dense", {"units": 3}), [Input(5)], 15),
        (Node("Dense", {"units": 3}), [Input(7, 5)], 105),
        (Node("Conv2D", {"filters": 4, "kernel_size": 3, "padding": "same", "strides": 2}), [Input(8, 8, 2)], 16 * 9 * 2 * 4),
        (Node("Conv2D", {"filters": 4, "kernel_size": 3, "groups": 2}), [Input(8, 8, 2)], 36 * 9 * 4),
        (Node("Conv2DTranspose", {"filters": 4, "kernel_size": 3, "strides": 2}), [Input(8, 8, 2)], 64 * 9 * 2 * 4),
        (Node("DepthwiseConv2D", {"kernel_size": 3}), [Input(8, 8, 2)], 36 * 9 * 2),
        (Node("SeparableConv2D", {"filters": 4, "kernel_size": 3}), [Input(8, 8, 2)], 36 * (9 * 2 + 2 * 4)),
        (Node("EinsumDense", {"equation": "abc,cd->abd", "output_shape": [None, 3]}), [Input(7, 5)], 105),
        (Node("Embedding", {"input_dim": 10, "output_dim": 4}), [Input(7, dtype="int32")], 0),
        (Node("LSTM", {"units": 8}), [Input(10, 4)], 10 * (4 * 32 + 8 * 32)),
        (Node("GRU", {"units": 8}), [Input(10, 4)], 10 * (4 * 24 + 8 * 24)),
        (Node("Bidirectional", {"layer": LSTM}), [Input(10, 4)], 2 * 10 * (4 * 32 + 8 * 32)),
        (Node("TimeDistributed", {"layer": {"module": "keras.layers", "class_name": "Dense", "config": {"units": 3}}}), [Input(10, 4)], 10 * 12),
        (Node("ConvLSTM2D", {"filters": 3, "kernel_size": 3, "padding": "same"}), [Input(5, 8, 8, 2)], 5 * 64 * 9 * (2 + 3) * 12),
        (Node("MultiHeadAttention", {"num_heads": 2, "key_dim": 4}), [Input(6, 8), Input(6, 8)], 4 * 6 * 64 + 6 * 6 * 2 * 8),
        (Node("GroupQueryAttention", {"head_dim": 4, "num_query_heads": 4, "num_key_value_heads": 2}), [Input(6, 8)] * 2, 6 * 8 * 48 + 6 * 6 * 4 * 8),
        (Node("Attention"), [Input(6, 8), Input(5, 8)], 6 * 5 * 16),
        (Node("Dot", {"axes": 1}), [Input(8), Input(8)], 8),
        (Node("ops.matmul"), [Input(6, 8), Input(8, 3)], 6 * 8 * 3),
        (Node("ops.einsum", {"subscripts": "btd,bsd->bts"}), [Input(6, 8), Input(5, 8)], 6 * 8 * 5),
        (Node("ops.einsum", {"subscripts": "...td,...sd->...ts"}), [Input(2, 6, 8), Input(2, 5, 8)], 2 * 6 * 8 * 5),
        (Node("ops.tensordot", {"axes": 1, "x2": [[1.0, 2.0]] * 8}), [Input(6, 8)], 6 * 8 * 2),
        (Node("ops.dot_product_attention"), [Input(6, 2, 4)] * 3, 2 * 6 * 6 * 8),
        (Node("BatchNormalization"), [Input(8)], 0),
    ],
    ids=lambda value: value.type if isinstance(value, Node) else "",
)
def test_a_node_costs_what_its_formula_says(node, inputs, count):
    assert cost(node, *inputs) == count


def test_a_block_costs_what_is_inside_and_a_shared_one_as_much_again():
    inside = Graph({"x": Input(8), "d": Node("Dense", {"units": 3}, (Link("x"),)), "y": Node("Output", {}, (Link("d"),))})
    outer = Graph({"a": Input(8), "one": Node("Block", {}, (Link("a"),), graph=inside), "two": Node("Block", {}, (Link("a"),), shares="one")})
    found = totals(reports(outer).values())
    assert (found.parameters, found.operations, found.memory) == (27, 48, 32 + 2 * 12)


def test_memory_is_that_of_one_sample_in_its_own_type():
    found = reports(Graph({"a": Input(28, 28, 3), "b": Node("ops.cast", {"dtype": "float16"}, (Link("a"),)), "y": Node("Output", {}, (Link("b"),))}))
    assert [found[name].memory for name in "aby"] == [28 * 28 * 3 * 4, 28 * 28 * 3 * 2, 0]
