"""The clockwork RNN: its weights, its clocks, and the sine waves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml import catalog
from ml.build import build
from ml.catalog.settings import SettingProblem
from tests.ml.catalog.proofs import SECONDS, held_out, trained, trained_weights


def test_groups_tick_by_their_periods() -> None:
    graph = catalog.new("clockwork_rnn", settings={"data.context": 16}).models["model"]
    calls = [node.shares or name for name, node in graph.nodes.items()]
    assert [calls.count(f"every_{period}") for period in (1, 2, 4, 8)] == [16, 8, 4, 2]


def test_it_computes_what_its_equations_say() -> None:
    periods, units = [1, 2, 4], 3
    built = build(catalog.new("clockwork_rnn", settings={"data.context": 7, "units": units, "periods": periods}).models["model"], "model")
    weights = [built.layers[f"every_{period}/dense"].get_weights() for period in periods]
    x = np.random.default_rng(0).random((2, 7, 1))
    states = [np.zeros((2, units))] * 3
    for time in range(7):
        before = list(states)
        for number, (period, (kernel, bias)) in enumerate(zip(periods, weights, strict=True)):
            if time % period == 0:
                states[number] = np.tanh(np.concatenate([x[:, time], *before[number:]], axis=1) @ kernel + bias)
    np.testing.assert_allclose(built.model(x), built.layers["dense"](np.concatenate(states, axis=1)), atol=1e-6)


def test_the_slow_speak_to_the_fast_and_not_the_other_way() -> None:
    """A group of k units has k (inputs + k · groups as slow or slower + 1) weights: the block upper triangle of the paper."""
    weights = sum(8 * (1 + 8 * heard + 1) for heard in range(1, 8)) + 7 * 8 + 1
    assert trained_weights("clockwork_rnn") == {"model": weights}


def test_periods_go_from_fast_to_slow() -> None:
    with pytest.raises(SettingProblem, match="from fast to slow"):
        catalog.new("clockwork_rnn", settings={"periods": [4, 2]})


@pytest.mark.slow
def test_it_foretells_sine_waves(tmp_path: Path) -> None:
    session, done = trained("clockwork_rnn", tmp_path)
    said, right = held_out(session)
    assert np.mean((said - right) ** 2) < 0.01, "the noise alone makes 0.0025, and always saying 0 makes 0.25"
    assert done.training_seconds < SECONDS
