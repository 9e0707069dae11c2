"""The character model: its weights, that it sees nothing of what comes, and that it learns to spell."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml import catalog
from ml.build import build
from tests.ml.catalog.proofs import SECONDS, trained, trained_weights


def test_the_published_model_has_as_many_weights_as_its_program_prints() -> None:
    """char-rnn prints 240,321 for two layers of 128 on 65 characters; its LSTM has a second bias of 4 · 128 in each layer."""
    model = build(catalog.new("char_rnn", "paper", {"vocabulary": 65}).models["model"], "model").model
    assert model.count_params() + 2 * 4 * 128 == 240_321


@pytest.mark.parametrize(("cell", "gates"), [("LSTM", 4), ("SimpleRNN", 1)])
def test_each_cell_has_its_gates_of_weights(cell: str, gates: int) -> None:
    counts = trained_weights("char_rnn", "lite", {"cell": cell, "units": [20]})
    assert counts == {"model": gates * 20 * (96 + 20 + 1) + 96 * 21}


def test_it_sees_nothing_of_what_comes() -> None:
    model = build(catalog.new("char_rnn", settings={"data.context": 12, "units": [8, 8]}).models["model"], "model").model
    tokens = np.arange(24).reshape(2, 12)
    changed = np.where(np.arange(12) >= 7, 50, tokens)
    np.testing.assert_array_equal(model(tokens)[:, :7], model(changed)[:, :7])
    assert not np.allclose(model(tokens)[:, 7], model(changed)[:, 7])


@pytest.mark.slow
def test_it_learns_to_spell(tmp_path: Path) -> None:
    _, done = trained("char_rnn", tmp_path)
    assert done.metrics["val_loss"] < 2.0
    assert done.training_seconds < SECONDS
