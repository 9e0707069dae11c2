"""The echo state network: its weights, its reservoir, and the Mackey-Glass series running free."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from ml import catalog, data
from ml.project.project import Data
from ml.training.session import Session
from tests.ml.catalog.proofs import SECONDS, all_weights, held_out, trained, trained_weights

REFERENCE = 0.1396
"""The error of running free for 2,000 steps that an echo state network of 500 units has elsewhere; with other seeds 0.16 to 0.26."""


def test_only_the_readout_learns() -> None:
    assert trained_weights("echo_state") == {"model": 1001}
    assert all_weights("echo_state") == {"model": 1000 * (1 + 1000 + 1) + 1001}


def test_the_reservoir_is_sparse_and_its_spectral_radius_is_as_set() -> None:
    settings = {"units": 120, "data.samples": 60, "data.context": 5, "recipe.connectivity": 0.1, "recipe.spectral_radius": 0.7}
    session = Session(catalog.new("echo_state", settings=settings))
    session.trainer()
    weights = session.models["model"].get_layer("reservoir").get_weights()[1]
    assert np.abs(np.linalg.eigvals(weights)).max() == pytest.approx(0.7, rel=1e-4)
    assert np.mean(weights != 0) == pytest.approx(0.1, abs=0.01)


def test_a_reservoir_without_loops_is_refused() -> None:
    settings = {"units": 3, "data.samples": 60, "data.context": 5, "recipe.connectivity": 0.0}
    with pytest.raises(Exception, match="leaves no loops"):
        Session(catalog.new("echo_state", settings=settings)).trainer()


def running_free(model: keras.Model, window: np.ndarray, steps: int) -> np.ndarray:
    """What the network says (steps,) when it is fed with what it said, after it has read a window (time, 1)."""
    kernel, recurrent, bias, readout, offset = (weight.astype("float64") for weight in model.get_weights())
    state, said = np.zeros((1, len(bias))), []
    for value in window:
        state = np.tanh(value[np.newaxis] @ kernel + state @ recurrent + bias)
    for _ in range(steps):
        said.append(state @ readout + offset)
        state = np.tanh(said[-1] @ kernel + state @ recurrent + bias)
    return np.array(said).reshape(-1)


@pytest.mark.slow
def test_it_runs_free_on_the_mackey_glass_series(tmp_path: Path) -> None:
    session, done = trained("echo_state", tmp_path)
    said, right = held_out(session)
    assert np.sqrt(np.mean((said - right) ** 2)) < 0.001
    first = int(session.dataset.parts["train"][-1]) + 1
    longer = data.load(Data("mackey_glass", {"samples": 8000})).y[:, 0]
    window = session.dataset.x[first % len(session.dataset.x)]
    free = running_free(session.models["model"], window, 2000)
    assert np.sqrt(np.mean((free - longer[first % len(session.dataset.x) :][:2000]) ** 2)) < 2 * REFERENCE
    assert done.training_seconds < SECONDS
