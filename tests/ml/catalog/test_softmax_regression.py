"""Softmax regression tells irises apart as well as the field does, and of two classes it is logistic regression."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml import catalog
from ml.build import build
from tests.ml.catalog.proofs import SECONDS, held_out_accuracy, trained, trained_weights


def test_the_paper_has_a_weight_for_each_measurement_and_species_and_a_bias() -> None:
    assert trained_weights("softmax_regression") == {"model": 3 * 4 + 3}
    assert trained_weights("softmax_regression", settings={"data": "digits"}) == {"model": 10 * 64 + 10}


def test_of_two_classes_it_is_the_sigmoid_of_the_difference() -> None:
    model = build(catalog.new("softmax_regression", settings={"data": "blobs"}).models["model"], "model").model
    normalization, dense = model.layers[1:]
    x = np.random.default_rng(0).normal(size=(20, 2)).astype("float32")
    normalization.adapt(x)
    sums = np.asarray(normalization(x)) @ dense.get_weights()[0]
    np.testing.assert_allclose(np.asarray(model(x))[:, 1], 1 / (1 + np.exp(sums[:, 0] - sums[:, 1])), rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(("source", "accuracy"), [("iris", 0.95), ("wine", 0.92)])
def test_it_learns_as_well_as_the_field_expects(source: str, accuracy: float, tmp_path: Path) -> None:
    session, done = trained("softmax_regression", tmp_path, {"data": source})
    assert held_out_accuracy(session) >= accuracy
    assert done.training_seconds < SECONDS
