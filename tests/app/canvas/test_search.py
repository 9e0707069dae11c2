"""Finding node types by a few letters."""

import pytest

from app.canvas.search import find


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("dense", "Dense"),
        ("conv2d", "Conv2D"),
        ("max pool", "MaxPooling1D"),
        ("relu", "ReLU"),
        ("batchnorm", "BatchNormalization"),
        ("mha", "MultiHeadAttention"),
        ("matmul", "ops.matmul"),
        ("skip", "Add"),
        ("softmax", "Softmax"),
        ("pooling2d", "MaxPooling2D"),
    ],
)
def test_what_is_meant_comes_first(query, first):
    found = [kind.id for kind in find(query)]
    assert found[0] == first


def test_nothing_typed_shows_the_beginning_of_the_table():
    assert [kind.id for kind in find("")][:2] == ["Input", "Output"]


def test_nonsense_finds_nothing():
    assert find("qqzzx") == []


def test_letters_in_order_are_enough():
    assert "LayerNormalization" in [kind.id for kind in find("lyrnorm")]
