"""Finding node types by a few letters."""

import pytest

from app.canvas.finding.search import find
from app.canvas.finding.suggest import USUAL, Source, fits
from ml.ops.table import NODE_TYPES


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


IMAGES, SEQUENCE, FEATURES, TOKENS = Source((None, 28, 28, 32)), Source((None, 64, 16)), Source((None, 10)), Source((None, 64), "int32")


def place(type, source, query="", recent=()):
    return [kind.id for kind in find(query, source=source, recent=recent, limit=999)].index(type)


@pytest.mark.parametrize(
    ("source", "before", "after"),
    [
        (IMAGES, "Conv2D", "LSTM"),
        (IMAGES, "MaxPooling2D", "Conv1D"),
        (SEQUENCE, "MultiHeadAttention", "Conv2D"),
        (SEQUENCE, "LSTM", "Flatten"),
        (FEATURES, "Dense", "LSTM"),
        (TOKENS, "Embedding", "Dense"),
        (IMAGES, "Dense", "Input"),
    ],
)
def test_what_takes_the_shape_comes_first(source, before, after):
    assert place(before, source) < place(after, source)


@pytest.mark.parametrize(("source", "first"), [(IMAGES, "MaxPooling2D"), (SEQUENCE, "MaxPooling1D"), (None, "MaxPooling1D")])
def test_and_decides_between_names_that_fit_alike(source, first):
    assert find("max pool", source=source)[0].id == first


def test_a_name_typed_in_full_is_what_is_meant():
    assert find("lstm", source=IMAGES)[0].id == "LSTM"


def test_what_was_used_last_comes_before_what_is_usual_if_it_fits():
    assert [kind.id for kind in find("", source=IMAGES, recent=["LSTM", "Dropout"])][:2] == ["Dropout", "Conv2D"]
    assert [kind.id for kind in find("", recent=["LSTM", "Dropout"])][:3] == ["LSTM", "Dropout", "Input"]
    assert place("Conv3D", None, "conv", ["Conv3D"]) == 0


def test_every_usual_type_is_in_the_table_and_fits():
    for rank, types in USUAL.items():
        assert all(fits(NODE_TYPES[type], Source((None,) * rank)) for type in types)
