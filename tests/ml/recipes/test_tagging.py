"""Tagging: what is measured at the places that count."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest

from ml.data.dataset import Dataset, Spec
from ml.generate.reader import TagReader
from ml.recipes import tagging

CLASSES = ("padding", "space", "B-name", "I-name")


def tagger(says: np.ndarray, from_logits: bool = False) -> keras.Model:
    """A model that says the same of each token, whatever stands around it: (tokens, tags)."""
    tokens = keras.Input((3,), dtype="int32")
    model = keras.Model(tokens, keras.layers.Embedding(*says.shape, embeddings_initializer=keras.initializers.Constant(says))(tokens))
    dataset: Any = SimpleNamespace()
    return tagging.trainer({"model": model}, lambda variables: keras.optimizers.SGD(), dataset, from_logits)


def test_loss_and_accuracy_are_those_of_the_places_that_count() -> None:
    says = np.array([[0, 0, 0, 1.0], [0, 0.5, 0.25, 0.25], [0, 0, 0.8, 0.2]])
    x, y = np.array([[1, 2, 0], [2, 0, 0]], "int32"), np.array([[1, 3, 0], [2, 0, 0]], "int32")
    measured = tagger(says).evaluate(x, y, verbose=0, return_dict=True)
    assert measured["loss"] == pytest.approx(-np.log([0.5, 0.2, 0.8]).mean(), rel=1e-5)
    assert measured["accuracy"] == pytest.approx(2 / 3)
    assert measured["whole"] == 0.5


def test_logits_are_taken_as_such() -> None:
    measured = tagger(np.zeros((2, 4)), from_logits=True).evaluate(np.ones((1, 3), "int32"), np.ones((1, 3), "int32"), verbose=0, return_dict=True)
    assert measured["loss"] == pytest.approx(np.log(4))


def test_a_model_learns_the_tags() -> None:
    model = tagger(np.full((3, 4), 0.25))
    x, y = np.array([[1, 2, 0]] * 32, "int32"), np.array([[1, 3, 0]] * 32, "int32")
    model.optimizer.learning_rate = 0.5
    before = model.evaluate(x, y, verbose=0, return_dict=True)
    model.fit(x, y, epochs=20, verbose=0)
    after = model.evaluate(x, y, verbose=0, return_dict=True)
    assert after["loss"] < before["loss"] and after["whole"] == 1


def test_what_a_model_reads_is_said_in_words_with_what_is_right() -> None:
    x, y = np.array([[1, 1, 2], [2, 0, 0]], "int32"), np.array([[2, 3, 1], [2, 0, 0]], "int32")
    dataset = Dataset(x, y, {}, "text", "tagging", CLASSES, tokens=("", "a", " "))
    says = np.array([[1.0, 0, 0, 0], [9.0, 0, 2, 1], [0, 1.0, 0, 0]])
    assert TagReader(tagger(says).model, dataset).read(x, y) == "✗ a[name]a[name] \n→ aa[name] \n✗  \n→  [name]"


def test_what_does_not_fit_is_said() -> None:
    spec = Spec((3,), "int32", CLASSES, 3)
    assert not list(tagging.problems({"model": ([(None, 3)], [(None, 3, 4)])}, spec))
    assert "3 × 4" in next(iter(tagging.problems({"model": ([(None, 3)], [(None, 4)])}, spec)))
    assert "[3]" in next(iter(tagging.problems({"model": ([(None, 5)], [(None, 3, 4)])}, spec)))
