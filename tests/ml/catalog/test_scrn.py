"""SCRN: its weights, the arithmetic of its two states, and that it learns to spell."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml import catalog
from ml.build import build
from tests.ml.catalog.proofs import SECONDS, trained, trained_weights


def test_the_paper_preset_has_the_six_matrices_of_the_paper() -> None:
    """A, B, P, R, U and V for 10,000 words, 100 fast and 40 slow units, as in its tables; none has a bias."""
    words, fast, slow = 10_000, 100, 40
    assert trained_weights("scrn") == {"model": words * fast + words * slow + slow * fast + fast * fast + fast * words + slow * words}


def test_it_computes_what_its_equations_say() -> None:
    alpha, units, slow = 0.9, 5, 3
    built = build(catalog.new("scrn", settings={"data.context": 6, "vocabulary": 96, "units": units, "slow": slow, "alpha": alpha}).models["model"], "model")
    weights = {name: built.layers[name].get_weights() for name in ("into_slow", "fast_state", "next_letter")}
    (b,), (kernel, r), (readout,) = weights.values()
    a, p = kernel[:96], kernel[96:]
    tokens = np.array([3, 1, 4, 1, 5, 9])
    s, h, logits = np.zeros(slow), np.zeros(units), []
    for token in tokens:
        s = (1 - alpha) * b[token] + alpha * s
        h = 1 / (1 + np.exp(-(p.T @ s + a[token] + r.T @ h)))
        logits.append(readout.T @ np.concatenate([h, s]))
    np.testing.assert_allclose(built.model(tokens[np.newaxis])[0], logits, atol=1e-5)


def test_the_slow_state_is_held_fast() -> None:
    layer = build(catalog.new("scrn", settings={"data.context": 4}).models["model"], "model").layers["slow_state"]
    assert not layer.trainable_weights
    np.testing.assert_allclose(layer.get_weights()[1], 0.95 * np.eye(40), rtol=1e-6)


@pytest.mark.slow
def test_it_learns_to_spell(tmp_path: Path) -> None:
    _, done = trained("scrn", tmp_path)
    assert done.metrics["val_loss"] < 2.2
    assert done.training_seconds < SECONDS
