"""The bidirectional RNN: two readings, the second from the right, and what both together know."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from ml import catalog
from ml.build import build
from ml.training.session import Session
from tests.ml.catalog.proofs import trained, trained_weights


def test_the_paper_preset_has_the_weights_of_graves_and_schmidhuber() -> None:
    """185 units a direction on 26 numbers and 61 phonemes: about 100,000 weights, the paper says; here the numbers come from an embedding."""
    recurrent = 2 * (26 * 185 + 185 * 185 + 185)
    assert recurrent + 370 * 61 + 61 == 101_071
    assert trained_weights("birnn", settings={"classes": 16}) == {"model": 96 * 26 + recurrent + 370 * 16 + 16}


@pytest.mark.parametrize("cell", ["SimpleRNN", "GRU", "LSTM"])
def test_it_is_what_keras_calls_bidirectional(cell: str) -> None:
    built = build(catalog.new("birnn", settings={"cell": cell}).models["model"])
    theirs = keras.layers.Bidirectional(getattr(keras.layers, cell)(32, return_sequences=True))
    theirs.build((None, 40, 16))
    theirs.set_weights([*built.layers["forward_1"].get_weights(), *built.layers["backward_1"].get_weights()])
    tokens = np.random.default_rng(0).integers(1, 96, (3, 40))
    tokens[:, 30:] = 0
    embedded = built.layers["embedding"](tokens)
    expected = built.layers["tag"](theirs(embedded, mask=tokens != 0))
    np.testing.assert_allclose(built.model(tokens)[:, :30], expected[:, :30], atol=1e-5)


@pytest.mark.parametrize(("direction", "before", "after"), [("both", True, True), ("forward", True, False), ("backward", False, True)])
def test_a_place_knows_what_its_directions_have_read(direction: str, before: bool, after: bool) -> None:
    model = Session(catalog.new("birnn", settings={"direction": direction})).models["model"]
    tokens = np.random.default_rng(0).integers(1, 96, (1, 40))
    changed = tokens.copy()
    changed[0, 20] = 1 + tokens[0, 20] % 95
    differs = np.abs(model(tokens) - model(changed)).max(axis=(0, 2)) > 1e-7
    assert differs[20] and differs[:20].any() == after and differs[21:].any() == before


@pytest.mark.slow
def test_it_tags_lines_that_it_has_not_seen(tmp_path: Path) -> None:
    _, done = trained("birnn", tmp_path)
    assert done.metrics["val_accuracy"] > 0.97 and done.metrics["val_whole"] > 0.82


@pytest.mark.slow
def test_one_direction_is_not_enough(tmp_path: Path) -> None:
    _, done = trained("birnn", tmp_path, {"direction": "forward"})
    assert done.metrics["val_accuracy"] < 0.9
