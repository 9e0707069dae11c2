"""Sequence to sequence: what the model is told, what is measured, and how it writes alone."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from ml.data.dataset import Dataset, Spec
from ml.generate.reader import Translation
from ml.recipes import seq2seq

COUNTING = np.array([[1.0, 0, 0, 0, 0], [0, 0, 0, 0.9, 0.1], [1.0, 0, 0, 0, 0], [0, 0, 0.2, 0, 0.8], [0, 0, 1.0, 0, 0]])
"""After the start (1) probably 3, after that probably 4, and then the end (2)."""
EMPTY = Dataset(np.zeros(0), np.zeros(0), {}, "pairs", "translation")
X, Y = np.array([[3, 4], [4, 0]], "int32"), np.array([[1, 3, 4, 2], [1, 3, 2, 0]], "int32")


def chain(says: np.ndarray) -> keras.Model:
    """A model whose next token depends on the last one alone: (tokens, tokens)."""
    source, given = keras.Input((2,), dtype="int32"), keras.Input((3,), dtype="int32")
    return keras.Model([source, given], keras.layers.Embedding(*says.shape, embeddings_initializer=keras.initializers.Constant(says))(given))


def translator(model: keras.Model) -> keras.Model:
    return seq2seq.trainer({"model": model}, lambda variables: keras.optimizers.SGD(), EMPTY)


def test_each_place_is_told_what_was_right_before_it_and_padding_does_not_count() -> None:
    measured = translator(chain(COUNTING)).evaluate(X, Y, verbose=0, return_dict=True)
    assert measured["loss"] == pytest.approx(-np.log([0.9, 0.8, 1, 0.9, 0.2]).mean(), rel=1e-4)
    assert measured["accuracy"] == pytest.approx(4 / 5) and measured["whole"] == 0.5


def test_a_model_learns_what_follows() -> None:
    trainer = translator(chain(np.full((5, 5), 0.2)))
    before = trainer.evaluate(X[:1], Y[:1], verbose=0, return_dict=True)["loss"]
    trainer.fit(X[:1], Y[:1], epochs=20, verbose=0)
    assert trainer.evaluate(X[:1], Y[:1], verbose=0, return_dict=True)["loss"] < before


def test_alone_it_goes_on_from_what_it_said_itself() -> None:
    dataset = Dataset(X, Y, {}, "pairs", "translation", tokens=("", "<", ">", "a", "b"), target_tokens=("", "<", ">", "A", "B"))
    reading = Translation(chain(COUNTING), dataset)
    assert reading.said(X).tolist() == [[1, 3, 4, 2]] * 2
    assert reading.read(X, Y).splitlines() == ["  ab  AB", "✗ b   AB    → A"]


def test_where_it_points_is_read_as_what_stands_there() -> None:
    """A chain that says the second place after the start, and then the end."""
    says = np.zeros((6, 6))
    says[[1, 4, 2], [4, 2, 0]] = 1
    source, given = keras.Input((2, 1)), keras.Input((3,), dtype="int32")
    model = keras.Model([source, given], keras.layers.Embedding(6, 6, embeddings_initializer=keras.initializers.Constant(says))(given))
    x, y = np.array([[[0.25], [0.5]], [[0.75], [0.5]]], "float32"), np.array([[1, 3, 4, 2], [1, 4, 3, 2]], "int32")
    reading = Translation(model, Dataset(x, y, {}, "pairs", "translation"))
    assert reading.read(x, y).splitlines() == ["✗ 0.25 0.5  0.5    → 0.25 0.5", "✗ 0.75 0.5  0.5    → 0.5 0.75"]


def test_what_does_not_fit_is_said() -> None:
    spec = Spec((2,), "int32", vocabulary=5, target_shape=(4,), target_vocabulary=5)
    fits = [(None, 2), (None, 3)], [(None, 3, 5)]
    assert not list(seq2seq.problems({"model": fits}, spec))
    assert "two Inputs" in next(iter(seq2seq.problems({"model": ([(None, 2)], fits[1])}, spec)))
    assert "[3]" in next(iter(seq2seq.problems({"model": ([(None, 2), (None, 4)], fits[1])}, spec)))
    assert "3 × 5" in next(iter(seq2seq.problems({"model": (fits[0], [(None, 3, 4)])}, spec)))
    assert "dates" in next(iter(seq2seq.problems({"model": fits}, Spec((2,)))))
