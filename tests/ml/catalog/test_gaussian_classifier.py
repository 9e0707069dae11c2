"""The Gaussian classifier is linear discriminant analysis, and its border is linear."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from ml import catalog, data
from ml.project.project import Data
from tests.ml.catalog.proofs import SECONDS, held_out_accuracy, trained, trained_weights


def test_the_paper_has_a_weight_for_each_measurement_and_species_and_a_bias() -> None:
    assert trained_weights("gaussian_classifier") == {"model": 3 * 4 + 3}
    assert trained_weights("gaussian_classifier", "lite", {"data": "wine"}) == {"model": 3 * 13 + 3}


def test_the_paper_learns_from_all_flowers() -> None:
    assert len(data.load(catalog.new("gaussian_classifier", "paper").data).parts["train"]) == 150


def test_between_the_input_and_the_probabilities_there_is_one_linear_layer() -> None:
    graph = catalog.new("gaussian_classifier").models["model"]
    assert [node.type for node in graph.nodes.values()] == ["Input", "Dense", "Output"]


@pytest.mark.slow
@pytest.mark.parametrize(("source", "accuracy"), [("iris", 0.95), ("wine", 0.94)])
def test_one_step_is_linear_discriminant_analysis(source: str, accuracy: float, tmp_path: Path) -> None:
    session, done = trained("gaussian_classifier", tmp_path, {"data": source})
    x, y = session.dataset.part("train")
    theirs = LinearDiscriminantAnalysis(solver="lsqr").fit(x, y)
    everything = data.load(Data(source)).x
    np.testing.assert_allclose(session.models["model"].predict(everything, verbose=0), theirs.predict_proba(everything), atol=1e-3)
    assert done.steps == 1
    assert held_out_accuracy(session) >= accuracy
    assert done.training_seconds < SECONDS
