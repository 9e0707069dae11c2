"""The LSTM: its weights, its arithmetic, and the adding problem."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from ml import catalog
from ml.build import build
from tests.ml.catalog.proofs import SECONDS, held_out, trained, trained_weights


def lstm_by_hand(x: np.ndarray, kernel: np.ndarray, recurrent: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Hochreiter and Schmidhuber's equations with Gers's forget gate: the last output (n, units) of series (n, time, features)."""
    h = c = np.zeros((len(x), len(recurrent)))
    for step in range(x.shape[1]):
        write, keep, candidate, read = np.split(x[:, step] @ kernel + h @ recurrent + bias, 4, axis=1)
        c = c / (1 + np.exp(-keep)) + np.tanh(candidate) / (1 + np.exp(-write))
        h = np.tanh(c) / (1 + np.exp(-read))
    return h


def weighted(model: keras.Model) -> list[np.ndarray]:
    """The model's weights, drawn anew so that biases count too."""
    drawn = [np.random.default_rng(1).normal(0, 0.4, weight.shape) for weight in model.get_weights()]
    model.set_weights(drawn)
    return drawn


SMALL = {"data.length": 6, "units": [5]}
X = np.random.default_rng(0).random((3, 6, 2))


def test_it_computes_what_its_equations_say() -> None:
    model = build(catalog.new("lstm", settings=SMALL).models["model"], "model").model
    *cell, kernel, bias = weighted(model)
    np.testing.assert_allclose(model(X), lstm_by_hand(X, *cell) @ kernel + bias, atol=1e-6)


def test_the_unrolled_cell_computes_the_same() -> None:
    built = build(catalog.new("lstm", settings=SMALL | {"unroll": True}).models["model"], "model")
    gates = [built.layers[f"cell_1/{name}"] for name in ("input_gate", "forget_gate", "candidate", "output_gate")]
    weighted(built.model)
    kernel, bias = (np.concatenate(parts, axis=-1) for parts in zip(*(gate.get_weights() for gate in gates), strict=True))
    readout = built.layers["dense"]
    np.testing.assert_allclose(built.model(X), readout(lstm_by_hand(X, kernel[:2], kernel[2:], bias)), atol=1e-6)


@pytest.mark.parametrize("unroll", [False, True])
def test_a_layer_has_four_gates_of_weights(unroll: bool) -> None:
    settings = {"data.length": 4, "units": [36, 20], "unroll": unroll}
    assert trained_weights("lstm", "lite", settings) == {"model": 4 * 36 * (2 + 36 + 1) + 4 * 20 * (36 + 20 + 1) + 21}


def test_the_paper_preset_has_a_hundred_cells() -> None:
    assert trained_weights("lstm") == {"model": 4 * 100 * (2 + 100 + 1) + 101}


@pytest.mark.slow
def test_it_solves_the_adding_problem(tmp_path: Path) -> None:
    session, done = trained("lstm", tmp_path)
    said, right = held_out(session)
    assert np.mean((said - right) ** 2) < 0.01
    assert done.training_seconds < SECONDS


def test_words_become_numbers_and_padding_is_passed_over() -> None:
    model = build(catalog.new("lstm", settings={"data": "imdb", "data.num_words": 100, "data.maxlen": 10, "units": [5]}).models["model"], "model").model
    weighted(model)
    said = model(np.array([[0, 0, 0, 0, 0, 0, 7, 8, 9, 4], [0, 7, 0, 0, 8, 9, 0, 0, 0, 4], [0, 0, 0, 0, 0, 0, 8, 7, 9, 4]]))
    np.testing.assert_allclose(said[0], said[1], atol=1e-6)
    assert np.abs(said[0] - said[2]).max() > 1e-4
