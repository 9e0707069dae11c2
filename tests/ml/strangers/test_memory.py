"""What a model needs is reckoned from as much as its file says, and older Keras says little."""

from typing import Any

from ml.strangers import memory


def sequential(*layers: dict[str, Any]) -> dict[str, Any]:
    return {"class_name": "Sequential", "config": {"layers": list(layers)}}


def test_a_layer_at_each_time_of_which_no_shape_is_told_counts_for_one_number() -> None:
    inner = {"class_name": "Dense", "config": {"units": 3}}
    assert memory.weights(sequential({"class_name": "TimeDistributed", "config": {"layer": inner}})) == 4 * (1 + 1) * 3


def test_padding_that_says_nothing_adds_nothing() -> None:
    layer = {"class_name": "ZeroPadding2D", "config": {"padding": [], "batch_input_shape": [None, 3, 3, 1]}}
    assert memory.activations(sequential(layer)) == 4 * 9
