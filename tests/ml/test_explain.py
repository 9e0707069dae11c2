"""An error names the shapes that do not go together, and what would."""

import pytest

from ml.check import Checker
from ml.project.graph import Graph, Link, Node


def Input(*shape, dtype="float32"):
    return Node("Input", {"shape": list(shape), "dtype": dtype})


def node(type, *inputs, **arguments):
    return Node(type, arguments, tuple(map(Link, inputs)))


def error(**nodes):
    return Checker().check_graph(Graph(nodes))["wrong"].error


def test_a_sum_names_both_shapes_and_where_they_come_from():
    smaller = node("Conv2D", "x", filters=32, kernel_size=3, padding="same", strides=2)
    assert error(x=Input(28, 28, 32), conv=smaller, wrong=node("Add", "x", "conv")) == (
        "this Add gets (None, 28, 28, 32) from x and (None, 14, 14, 32) from conv: "
        "make them equal, for example with stride 1 before the second or a pooling on the first."
    )


@pytest.mark.parametrize(
    ("wrong", "inputs", "words"),
    [
        (node("Add", "a", "b"), [(28, 28, 3), (26, 26, 3)], 'padding "same" before the second'),
        (node("Multiply", "a", "b"), [(28, 28, 3), (28, 28, 8)], "as many filters in both or a 1×1 convolution on the first"),
        (node("ops.add", "a", "b"), [(3,), (8,)], "as many units in both or a Dense on the first"),
        (node("Add", "a", "b"), [(8, 8, 3), (8,)], "they must have as many sizes"),
        (node("Subtract", "a", "a", "a"), [(8,)], "takes two inputs and gets 3"),
        (node("Concatenate", "a", "b"), [(7, 3), (5, 3)], "along axis -1, so all other sizes must be equal, and 7 is not 5"),
        (node("Concatenate", "a", "b", axis=9), [(7, 3), (7, 3)], "axis 9 is none of (None, 7, 3)"),
        (node("ops.matmul", "a", "b"), [(7, 3), (5, 3)], "the last size of the first, 3, must be the last but one of the second, 5"),
        (node("Dot", "a", "b", axes=1), [(7, 3), (5, 3)], "7 is not 5"),
        (node("Conv2D", "a", filters=4, kernel_size=5), [(3, 3, 8)], "its kernel of 5×5 is larger than the 3×3 that a gives"),
        (node("MaxPooling2D", "a", pool_size=2), [(1, 1, 8)], "its window of 2×2 is larger than the 1×1"),
        (node("Conv2D", "a", filters=4, kernel_size=3, groups=4), [(8, 8, 6)], "6 channels can't be divided into 4 groups; 2 would work"),
        (node("Conv2D", "a", filters=4, kernel_size=3), [(784,)], "takes (batch, height, width, channels) and gets (None, 784) from a"),
        (node("LSTM", "a", units=4), [(8, 8, 3)], "takes (batch, time, features) and gets (None, 8, 8, 3) from a: give it one size less"),
        (node("Reshape", "a", target_shape=[4, 4, 16]), [(28, 28)], "784 numbers, and target_shape [4, 4, 16] has 256"),
        (node("Reshape", "a", target_shape=[-1, 5]), [(28, 28)], "can't be divided by the 5"),
        (node("Permute", "a", dims=[1, 2, 3]), [(8, 4)], "each of the numbers 1 to 2 once"),
        (node("GroupQueryAttention", "a", "a", head_dim=4, num_query_heads=4, num_key_value_heads=3), [(8, 4)], "4 query heads can't be divided among 3"),
        (node("MultiHeadAttention", "a", "b", "c", num_heads=2, key_dim=4), [(8, 4), (6, 4), (5, 4)], "key and value must be of one length"),
        (node("Dense", "a", units=3), [(8, None)], "its last size must be known"),
        (node("Cropping2D", "a", cropping=5), [(8, 8, 3)], "(None, 8, 8, 3)"),
    ],
    ids=lambda value: value.type if isinstance(value, Node) else "",
)
def test_an_error_is_told_in_the_words_of_shapes(wrong, inputs, words):
    found = error(**{name: Input(*shape) for name, shape in zip("abc", inputs, strict=False)}, wrong=wrong)
    assert words in found
    assert "Exception" not in found
    assert found.endswith(".")


def test_weights_that_were_made_for_another_shape_are_told():
    found = error(x=Input(28), owner=node("Dense", "x", units=3), wrong=Node("Dense", {}, (Link("owner"),), shares="owner"))
    assert found == "it shares the weights of owner, which were made for (None, 28), and gets (None, 3) from owner."


def test_what_is_wrong_with_an_argument_is_told_before_the_shapes():
    assert error(x=Input(8), wrong=node("Dense", "x", units=0)) == "units must be at least 1, not 0."


@pytest.mark.parametrize(
    "wrong",
    [
        node("MaxPooling2D", "a", pool_size=[[1, 2], [3, 4]]),
        node("Conv2D", "a", filters=4, kernel_size=[None, 3]),
        node("Conv2D", "a", filters=4, kernel_size=3, dilation_rate=[None, 3]),
        node("Dot", "a", "a", axes=[1.5, 2]),
        node("Dot", "a", "a", axes=["height", "width"]),
        node("ops.expand_dims", "a", axis=[2, 2]),
        node("Dense", "a", units=float("inf")),
        node("ops.top_k", "a", k=float("nan")),
    ],
    ids=str,
)
def test_whatever_a_person_wrote_for_an_argument_is_an_error_of_its_node(wrong):
    assert error(a=Input(8, 8, 3), wrong=wrong)
