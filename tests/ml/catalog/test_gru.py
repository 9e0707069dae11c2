"""The GRU: its weights, its arithmetic, and the adding problem."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from ml import catalog
from ml.build import build
from tests.ml.catalog.proofs import SECONDS, held_out, trained, trained_weights


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def gru_by_hand(x: np.ndarray, kernel: np.ndarray, recurrent: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """The equations of Cho et al. (one bias: reset before the product), or of cuDNN (two: after it), for series (n, time, features)."""
    h = np.zeros((len(x), len(recurrent)))
    after = bias.ndim == 2
    of_input, of_state = bias if after else (bias, np.zeros_like(bias))
    for step in range(x.shape[1]):
        xz, xr, xh = np.split(x[:, step] @ kernel + of_input, 3, axis=1)
        hz, hr, hh = np.split(h @ recurrent + of_state, 3, axis=1)
        z, r = sigmoid(xz + hz), sigmoid(xr + hr)
        candidate = np.tanh(xh + (r * hh if after else (r * h) @ np.split(recurrent, 3, axis=1)[2]))
        h = z * h + (1 - z) * candidate
    return h


def weighted(model: keras.Model) -> list[np.ndarray]:
    """The model's weights, drawn anew so that biases count too."""
    drawn = [np.random.default_rng(1).normal(0, 0.4, weight.shape) for weight in model.get_weights()]
    model.set_weights(drawn)
    return drawn


X = np.random.default_rng(0).random((3, 6, 2))
RESET = pytest.mark.parametrize("reset_after", [True, False])


@RESET
def test_it_computes_what_its_equations_say(reset_after: bool) -> None:
    model = build(catalog.new("gru", settings={"data.length": 6, "units": [5], "reset_after": reset_after}).models["model"], "model").model
    *cell, kernel, bias = weighted(model)
    np.testing.assert_allclose(model(X), gru_by_hand(X, *cell) @ kernel + bias, atol=1e-6)


@RESET
def test_the_unrolled_cell_computes_the_same(reset_after: bool) -> None:
    settings = {"data.length": 6, "units": [5], "reset_after": reset_after, "unroll": True}
    built = build(catalog.new("gru", settings=settings).models["model"], "model")
    weighted(built.model)
    of_input, of_state = ([built.layers[f"cell_1/{gate}_of_{what}"] for gate in ("update", "reset", "candidate")] for what in ("input", "state"))
    kernel, recurrent = (np.concatenate([layer.get_weights()[0] for layer in each], axis=1) for each in (of_input, of_state))
    biases = [np.concatenate([layer.get_weights()[1] for layer in each]) for each in ((of_input, of_state) if reset_after else (of_input,))]
    wanted = gru_by_hand(X, kernel, recurrent, np.stack(biases) if reset_after else biases[0])
    np.testing.assert_allclose(built.model(X), built.layers["dense"](wanted), atol=1e-6)


@RESET
@pytest.mark.parametrize("unroll", [False, True])
def test_a_layer_has_three_gates_of_weights(reset_after: bool, unroll: bool) -> None:
    settings = {"data.length": 4, "units": [36, 20], "reset_after": reset_after, "unroll": unroll}
    biases = 2 if reset_after else 1
    assert trained_weights("gru", "lite", settings) == {"model": 3 * 36 * (2 + 36 + biases) + 3 * 20 * (36 + 20 + biases) + 21}


def test_the_published_speech_model_has_168_900_weights() -> None:
    """Chung et al., 2014, table 1: 227 units on the 20 inputs of speech, 168.9 thousand, without the last layer."""
    layer = build(catalog.new("gru", "paper", {"shape": [20, 20]}).models["model"], "model").layers["gru"]
    assert layer.count_params() == 168_888


@pytest.mark.slow
def test_it_solves_the_adding_problem(tmp_path: Path) -> None:
    session, done = trained("gru", tmp_path)
    said, right = held_out(session)
    assert np.mean((said - right) ** 2) < 0.01
    assert done.training_seconds < SECONDS
