"""The IRNN: its weights, how they begin, and the adding problem."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml import catalog
from ml.build import build
from tests.ml.catalog.proofs import SECONDS, held_out, trained, trained_weights


def test_the_paper_preset_has_a_hundred_units() -> None:
    assert trained_weights("irnn") == {"model": 100 * (2 + 100 + 1) + 101}


@pytest.mark.parametrize("gain", [1.0, 0.5])
def test_its_recurrent_weights_begin_as_the_identity(gain: float) -> None:
    kernel, recurrent, bias, *_ = build(catalog.new("irnn", settings={"gain": gain}).models["model"], "model").model.get_weights()
    np.testing.assert_array_equal(recurrent, gain * np.eye(100, dtype="float32"))
    assert 0 < kernel.std() < 0.2 and not bias.any()


def test_before_it_learns_its_state_is_the_sum_of_what_it_read() -> None:
    """Rectified units with the identity add up: that is why nothing is lost, and why the gradient stays what it is."""
    built = build(catalog.new("irnn", settings={"data.length": 6}).models["model"], "model")
    kernel, *_ = built.model.get_weights()
    x = np.random.default_rng(0).random((3, 6, 2))
    state = np.zeros((3, 100))
    for step in range(6):
        state = np.maximum(0, state + x[:, step] @ kernel)
    np.testing.assert_allclose(built.model(x), built.layers["dense"](state), atol=1e-5)


@pytest.mark.slow
def test_it_learns_the_adding_problem(tmp_path: Path) -> None:
    session, done = trained("irnn", tmp_path)
    said, right = held_out(session)
    assert np.mean((said - right) ** 2) < 0.03, "always answering 1 makes 0.167"
    assert done.training_seconds < SECONDS
