"""Words as papers write them."""

import pytest

from app.drawings.captions import caption
from ml.project.graph import Link, Node


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (Node("Conv2D", {"filters": 64, "kernel_size": [3, 3]}), "Conv 3×3, 64"),
        (Node("Conv2D", {"filters": 64, "kernel_size": 7, "strides": 2, "activation": "relu"}), "Conv 7×7, 64, /2, ReLU"),
        (Node("MaxPooling2D"), "Max pool 2×2"),
        (Node("GlobalAveragePooling2D"), "Global average pool"),
        (Node("Conv2DTranspose", {"filters": 3, "kernel_size": 4, "strides": [2, 2]}), "Transposed conv 4×4, 3, /2"),
        (Node("Dense", {"units": 1000, "activation": "softmax"}), "Dense, 1,000, softmax"),
        (Node("MultiHeadAttention", {"num_heads": 8, "key_dim": 64}), "Multi-head attention, 8 heads"),
        (Node("Dropout", {"rate": 0.5}), "Dropout 0.5"),
        (Node("Activation", {"activation": "gelu"}), "GELU"),
        (Node("Conv2D", {"filters": {"expression": "2 * width"}, "kernel_size": 3}), "Conv 3×3, 2 * width"),
        (Node("Conv2D", {"filters": 8, "kernel_size": 3, "strides": {"expression": "stride"}}), "Conv 3×3, 8, /stride"),
        (Node("MultiHeadAttention", {"num_heads": {"expression": "width // 64"}, "key_dim": 64}), "Multi-head attention, width // 64 heads"),
        (Node("Reshape", {"target_shape": [-1, {"expression": "width"}]}), "Reshape -1×width"),
        (Node("Conv3D", {"filters": 8, "kernel_size": 3, "strides": [1, 1, 1]}), "Conv 3×3×3, 8"),
        (Node("AdaptiveAveragePooling2D", {"output_size": 7}), "Adaptive average pool 7×7"),
        (Node("LSTM", {"units": 32}), "LSTM, 32"),
        (Node("ops.zeros_like", {}, (Link("x"),)), "zeros like"),
    ],
)
def test_a_node_is_called_what_papers_call_it(node, words):
    assert caption(node, "name", (), named=False, arguments=True) == words


def test_small_layers_are_named_after_their_layer():
    joined = (Node("BatchNormalization"), Node("ReLU"))
    assert caption(Node("Conv2D", {"filters": 64, "kernel_size": 1}), "c", joined, named=False, arguments=True) == "Conv 1×1, 64, BN, ReLU"


def test_the_name_may_stand_in_the_place_of_the_type():
    assert caption(Node("Dense", {"units": 5}), "head", (), named=True, arguments=False) == "head"
