"""The Elman network: its weights, its feedback, the sine waves, and what it fails at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml import catalog
from ml.build import build
from tests.ml.catalog.proofs import SECONDS, held_out, trained, trained_weights

X = np.random.default_rng(0).random((3, 6, 1))


def elman_by_hand(x: np.ndarray, kernel: np.ndarray, recurrent: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """The last hidden layer (n, units) of series (n, time, features)."""
    h = np.zeros((len(x), len(recurrent)))
    for step in range(x.shape[1]):
        h = np.tanh(x[:, step] @ kernel + h @ recurrent + bias)
    return h


def test_its_hidden_layer_is_fed_back() -> None:
    model = build(catalog.new("elman", settings={"data.context": 6, "units": 5}).models["model"], "model").model
    *cell, kernel, bias = model.get_weights()
    np.testing.assert_allclose(model(X), elman_by_hand(X, *cell) @ kernel + bias, atol=1e-6)


def test_the_unrolled_step_computes_the_same() -> None:
    built = build(catalog.new("elman", settings={"data.context": 6, "units": 5, "unroll": True}).models["model"], "model")
    (kernel, bias), (recurrent,) = (built.layers[f"step/{name}"].get_weights() for name in ("from_input", "from_context"))
    np.testing.assert_allclose(built.model(X), built.layers["dense"](elman_by_hand(X, kernel, recurrent, bias)), atol=1e-6)


@pytest.mark.parametrize("unroll", [False, True])
def test_it_has_weights_from_the_input_and_from_itself(unroll: bool) -> None:
    assert trained_weights("elman", "lite", {"data.context": 4, "units": 7, "unroll": unroll}) == {"model": 7 * (1 + 7 + 1) + 8}
    assert trained_weights("elman") == {"model": 20 * (1 + 20 + 1) + 21}


@pytest.mark.slow
def test_it_foretells_sine_waves(tmp_path: Path) -> None:
    session, done = trained("elman", tmp_path)
    said, right = held_out(session)
    assert np.mean((said - right) ** 2) < 0.01, "the noise alone makes 0.0025, and always saying 0 makes 0.25"
    assert done.training_seconds < SECONDS


@pytest.mark.slow
def test_it_fails_the_adding_problem(tmp_path: Path) -> None:
    session, _ = trained("elman", tmp_path, {"data": "adding", "units": 32, "training.epochs": 10, "training.batch_size": 50})
    said, right = held_out(session)
    assert np.mean((said - right) ** 2) > 0.1, "the LSTM and the GRU, of as many units and in as many epochs, come below 0.01"
