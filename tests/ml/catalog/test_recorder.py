"""What is recorded is the graph that the same lines of Keras would make."""

import pytest

from ml.catalog.recorder import Input, Model, block, layers, ops
from ml.project.graph import Graph, Link


def recorded(function, shape=(4,)) -> Graph:
    inputs = Input(shape)
    return Model(inputs, function(inputs))


def test_layers_are_linked_and_keep_only_what_is_not_the_default():
    graph = recorded(lambda x: layers.Dense(3, activation="relu", use_bias=True)(x))
    assert list(graph.nodes) == ["input", "dense", "output"]
    assert graph["dense"].arguments == {"units": 3, "activation": "relu"}
    assert graph["dense"].inputs == (Link("input"),)
    assert graph["output"].inputs == (Link("dense"),)


def test_names_are_those_of_keras():
    graph = recorded(lambda x: layers.BatchNormalization()(layers.Dense(1)(layers.Dense(2)(x))))
    assert list(graph.nodes) == ["input", "dense", "dense_1", "batch_normalization", "output"]


@pytest.mark.parametrize(
    ("type", "name"),
    [("MaxPooling2D", "max_pooling2d"), ("GlobalAveragePooling1D", "global_average_pooling1d"), ("ReLU", "re_lu"), ("ZeroPadding2D", "zero_padding2d")],
)
def test_a_layer_is_called_what_keras_calls_it(type, name):
    assert name in recorded(lambda x: getattr(layers, type)()(x)).nodes


def test_a_name_that_was_given_is_kept_from_the_others():
    graph = recorded(lambda x: layers.Dense(1)(layers.Dense(2, name="dense")(x)))
    assert graph["dense"].arguments["units"] == 2
    assert graph["dense_1"].inputs == (Link("dense"),)


def test_a_name_can_be_given_once():
    with pytest.raises(ValueError, match="a is given twice"):
        recorded(lambda x: layers.Dense(1, name="a")(layers.Dense(2, name="a")(x)))


def test_a_layer_that_is_called_twice_shares_its_weights():
    def tied(x):
        embedding = layers.ReversibleEmbedding(9, 4, name="embedding")
        return embedding(embedding(x), reverse=True)

    graph = recorded(tied)
    assert graph["embedding"].shares is None
    assert graph["embedding_1"].shares == "embedding"
    assert graph["embedding_1"].arguments == {"reverse": True}


def test_operators_are_operations_with_their_constants():
    graph = recorded(lambda x: 1 - x * 0.5)
    assert graph["multiply"].arguments == {"x2": 0.5}
    assert graph["subtract"].arguments == {"x1": 1}
    assert graph["subtract"].inputs == (None, Link("multiply"))


def test_a_subscript_is_an_operation():
    graph = recorded(lambda x: x[:, 0], shape=(4, 2))
    assert graph["get_item"].type == "ops.get_item"
    assert graph["get_item"].arguments == {"key": ":, 0"}


def test_a_list_of_tensors_goes_to_a_port_that_takes_many():
    graph = recorded(lambda x: layers.Add()([x, ops.exp(x), x]))
    assert graph["add"].inputs == (Link("input"), Link("exp"), Link("input"))


def test_text_is_never_a_tensor():
    graph = recorded(lambda x: ops.einsum("bi,bj->bij", x, x))
    assert graph["einsum"].arguments == {"subscripts": "bi,bj->bij"}
    assert graph["einsum"].inputs == (Link("input"), Link("input"))


def test_call_arguments_and_named_ports_find_their_places():
    graph = recorded(lambda x: layers.MultiHeadAttention(2, 3)(x, x, attention_mask=x, use_causal_mask=True), shape=(5, 4))
    node = graph["multi_head_attention"]
    assert node.arguments == {"num_heads": 2, "key_dim": 3, "use_causal_mask": True}
    assert node.inputs == (Link("input"), Link("input"), None, None, None, None, Link("input"))


def test_a_block_holds_a_graph():
    inner = recorded(lambda x: layers.Dense(4)(x))
    graph = recorded(lambda x: block(inner, name="second")(block(inner, name="first")(x)))
    assert graph["first"].graph == inner
    assert graph["second"].inputs == (Link("first"),)


def test_a_call_with_several_outputs_can_be_taken_apart():
    graph = recorded(lambda x: ops.add(*layers.LSTM(2, return_state=True)(x).outputs(3)[1:]), shape=(5, 4))
    assert graph["add"].inputs == (Link("lstm", 1), Link("lstm", 2))


def test_outputs_have_the_names_that_they_were_given():
    inputs = Input((4,))
    graph = Model(inputs, {"mean": inputs, "spread": ops.exp(inputs)})
    assert graph.of_type("Output") == ["mean", "spread"]


def test_an_input_that_was_left_out_is_named():
    with pytest.raises(ValueError, match="depend on other"):
        Model(Input((4,)), Input((4,), name="other") * 2)


def test_what_keras_does_not_have_is_refused():
    with pytest.raises(AttributeError, match="There is no node type Dence"):
        layers.Dence(3)
    with pytest.raises(TypeError, match="Dense takes no argument unit"):
        layers.Dense(unit=3)
    with pytest.raises(TypeError, match="matmul takes 2 values at most, not 3"):
        ops.matmul(1, 2, 3)
