"""The BiLSTM-CRF: better as a whole than a BiLSTM that tags each place alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml import catalog
from ml.training.session import Session
from tests.ml.catalog.proofs import trained, trained_weights


def test_the_weights_of_the_paper_preset_are_those_of_its_parts() -> None:
    lstm = 4 * ((50 + 300) * 300 + 300)
    assert trained_weights("lstm_crf") == {"model": 130_000 * 50 + 2 * lstm + 600 * 16 + 16 + 16 * 16}


def test_the_transitions_are_one_matrix_whatever_is_read() -> None:
    session = Session(catalog.new("lstm_crf", settings={"data.samples": 100}))
    matrix = np.random.default_rng(0).normal(size=(16, 16)).astype("float32")
    session.built["model"].layers["transition"].set_weights([matrix])
    emissions, transitions = session.models["model"](np.random.default_rng(0).integers(0, 96, (3, 40)))
    assert emissions.shape == (3, 40, 16)
    np.testing.assert_array_equal(transitions, [matrix] * 3)


@pytest.mark.slow
def test_it_is_above_a_bilstm_on_the_same_data(tmp_path: Path) -> None:
    session, done = trained("lstm_crf", tmp_path / "crf")
    alone = {"cell": "LSTM", "units": 16, "training.optimizer.learning_rate": 0.01}
    _, without = trained("birnn", tmp_path / "alone", alone)
    assert done.metrics["val_whole"] > without.metrics["val_whole"] and done.metrics["val_accuracy"] > without.metrics["val_accuracy"]
    matrix = session.built["model"].layers["transition"].get_weights()[0]
    names = session.dataset.classes
    inside, other = names.index("I-string"), names.index("B-name")
    assert matrix[names.index("B-string"), inside] > matrix[other, inside]  # a string goes on after its begin and not after a name
