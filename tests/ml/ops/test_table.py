"""What the window reads of a node type, without Keras."""

from __future__ import annotations

import subprocess
import sys

from ml.ops.table import NODE_TYPES, bind, constructor, outputs, ports, problem
from ml.project.graph import Graph, Link, Node


def test_the_table_needs_no_keras() -> None:
    code = "import sys, ml.ops.table, ml.tables; sys.exit('keras' in sys.modules or 'tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_layers_that_the_catalogue_needs_are_there() -> None:
    wanted = "Dense Conv2D MaxPooling2D MultiHeadAttention Attention GroupQueryAttention LayerNormalization Embedding ReversibleEmbedding LSTM Add"
    assert set(wanted.split()) | {"Input", "Output", "Block", "ops.matmul", "ops.softmax", "ops.get_item", "ops.einsum"} <= NODE_TYPES.keys()


def test_a_layer_that_attends_has_a_port_for_each_role() -> None:
    names = [port.name for port in NODE_TYPES["MultiHeadAttention"].ports]
    assert names == ["query", "value", "key", "query_mask", "value_mask", "key_mask", "attention_mask"]
    assert "use_causal_mask" in NODE_TYPES["MultiHeadAttention"].call


def test_a_block_has_the_ports_and_outputs_of_its_graph() -> None:
    inside = Graph({"x": Node("Input"), "y": Node("Input"), "sum": Node("Add", inputs=(Link("x"), Link("y"))), "out": Node("Output", inputs=(Link("sum"),))})
    block = Node("Block", graph=inside)
    assert [port.name for port in ports(block)] == ["x", "y"]
    assert outputs(block) == ("out",)


def test_problems_of_a_node_are_told_in_words() -> None:
    assert problem(Node("Dense", {"units": 8}, (Link("x"),))) is None
    assert problem(Node("Dense", {"units": "8"}, (Link("x"),))) == "units must be a whole number, not '8'."
    assert problem(Node("Dense", {"units": 8})) == "inputs is not connected."
    assert problem(Node("Danse")) == "There is no node type 'Danse'."
    assert "not a subscript" in str(problem(Node("ops.get_item", {"key": "a"}, (Link("x"),))))


def test_a_port_of_an_operation_takes_a_number_in_place_of_a_link() -> None:
    half = Node("ops.multiply", {"x2": 0.5}, (Link("x"),))
    assert problem(half) is None
    assert bind(NODE_TYPES["ops.multiply"], ["tensor"], half.arguments) == (["tensor", 0.5], {})
    assert problem(Node("ops.multiply", {}, (Link("x"),))) == "x2 is not connected and has no value."


def test_arguments_find_their_way_to_the_constructor_and_to_the_call() -> None:
    mha, arguments = NODE_TYPES["MultiHeadAttention"], {"num_heads": 2, "key_dim": 8, "use_causal_mask": True}
    assert constructor(mha, arguments) == {"num_heads": 2, "key_dim": 8}
    assert bind(mha, ["q", "v", None, None, None, None, "m"], arguments) == (["q", "v"], {"attention_mask": "m", "use_causal_mask": True})


def test_tensors_come_as_keras_takes_them() -> None:
    assert bind(NODE_TYPES["Add"], ["a", "b", "c"], {}) == ([["a", "b", "c"]], {})
    assert bind(NODE_TYPES["Attention"], ["q", "v"], {}) == ([["q", "v"]], {})
    assert bind(NODE_TYPES["Attention"], ["q", "v", None, None, "m"], {}) == ([["q", "v"]], {"mask": [None, "m"]})
    assert bind(NODE_TYPES["ops.concatenate"], ["a", "b"], {"axis": -1}) == ([["a", "b"]], {"axis": -1})
    assert bind(NODE_TYPES["ops.einsum"], ["a", "b"], {"subscripts": "ij,jk->ik"}) == (["ij,jk->ik", "a", "b"], {})
    assert bind(NODE_TYPES["ops.get_item"], ["a"], {"key": ":, 0"}) == (["a", (slice(None), 0)], {})
    assert bind(NODE_TYPES["ops.transpose"], ["a"], {"axes": [0, 2, 1]}) == (["a"], {"axes": (0, 2, 1)})
    assert bind(NODE_TYPES["ops.rearrange"], ["a"], {"pattern": "b (h w) -> b h w", "axes_lengths": {"h": 2}}) == (["a", "b (h w) -> b h w"], {"h": 2})
    assert bind(NODE_TYPES["LSTM"], ["x", None, "h", "c"], {}) == (["x"], {"initial_state": ["h", "c"]})
