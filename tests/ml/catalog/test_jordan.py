"""The Jordan network: its weights, what it feeds back, and the sine waves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml import catalog
from ml.build import build
from tests.ml.catalog.proofs import SECONDS, held_out, trained, trained_weights


@pytest.mark.parametrize("decay", [0.0, 0.5])
def test_what_it_said_is_fed_back(decay: float) -> None:
    built = build(catalog.new("jordan", settings={"data.context": 6, "units": 5, "decay": decay}).models["model"], "model")
    (kernel, bias), (readout, offset) = (built.layers[f"step/{name}"].get_weights() for name in ("hidden", "said"))
    x = np.random.default_rng(0).random((3, 6, 1))
    said = state = np.zeros((3, 1))
    for time in range(6):
        said = np.tanh(np.concatenate([x[:, time], state], axis=1) @ kernel + bias) @ readout + offset
        state = decay * state + said
    np.testing.assert_allclose(built.model(x), said, atol=1e-6)


def test_every_step_has_the_same_weights() -> None:
    assert trained_weights("jordan", "lite", {"data.context": 4, "units": 7}) == {"model": 7 * (1 + 1 + 1) + 8}
    assert trained_weights("jordan") == {"model": 10 * (1 + 1 + 1) + 11}


@pytest.mark.slow
def test_it_foretells_sine_waves(tmp_path: Path) -> None:
    session, done = trained("jordan", tmp_path)
    said, right = held_out(session)
    assert np.mean((said - right) ** 2) < 0.02, "the noise alone makes 0.0025, and always saying 0 makes 0.25"
    assert done.training_seconds < SECONDS
