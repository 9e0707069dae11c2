"""The perceptron makes no more mistakes than Novikoff proved, and none of exclusive or's lines is right."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
from sklearn.svm import LinearSVC

from ml import catalog
from ml.training.session import Session
from tests.ml.catalog.proofs import SECONDS, all_weights, held_out, trained, trained_weights


def test_mark_i_learns_only_behind_its_512_association_units() -> None:
    assert trained_weights("perceptron") == {"model": 512 * 10 + 10}
    assert all_weights("perceptron") == {"model": 400 * 512 + 512 * 10 + 10}


def test_a_unit_in_the_plane_has_two_weights_and_a_threshold() -> None:
    assert trained_weights("perceptron", "lite") == {"model": 3}


def test_it_makes_no_more_mistakes_than_novikoff_proved() -> None:
    """A. B. Novikoff, On convergence proofs on perceptrons, 1962: at most (radius / margin)² corrections, however long it goes on."""
    session = Session(catalog.new("perceptron", settings={"data.samples": 60}))
    x, y = session.dataset.part("train")
    unit, corrections = session.models["model"].layers[-1], 0
    trainer, _, _ = session.trainer()
    for sample, label in zip(np.tile(x, (3, 1)), np.tile(y, 3), strict=True):
        before = [weight.copy() for weight in unit.get_weights()]
        trainer.train_on_batch(sample[np.newaxis], label[np.newaxis])
        corrections += any(not np.array_equal(old, new) for old, new in zip(before, unit.get_weights(), strict=True))
    assert 1 <= corrections <= bound(x, y)


def bound(x: np.ndarray, y: np.ndarray) -> float:
    """(radius / margin)² of points that a line parts, with the threshold as the weight of a constant 1."""
    points = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    weights = LinearSVC(C=1000, fit_intercept=False, max_iter=100_000).fit(points, y).coef_[0]
    margin = np.min((2 * y - 1) * (points @ weights)) / np.linalg.norm(weights)
    return float(np.max(np.sum(points**2, axis=1)) / margin**2)


@pytest.mark.slow
@pytest.mark.parametrize(("settings", "least", "most"), [({}, 0.98, 1.0), ({"data": "xor"}, 0.0, 0.8)])
def test_it_parts_two_clouds_and_not_exclusive_or(settings: dict[str, str], least: float, most: float, tmp_path: Path) -> None:
    session, done = trained("perceptron", tmp_path, settings)
    said, labels = held_out(session)
    assert least <= np.mean((said[:, 0] > 0) == labels) <= most
    if not settings:
        x, y = session.dataset.part("train")
        assert np.array_equal(session.models["model"].predict(x, verbose=0)[:, 0] > 0, y == 1)
    assert done.training_seconds < SECONDS


def test_association_units_are_on_or_off_and_stay_as_they_were_wired() -> None:
    model = Session(catalog.new("perceptron", settings={"association": 16})).models["model"]
    association = keras.Model(model.input, model.get_layer("response").input)
    said = np.asarray(association(np.random.default_rng(0).normal(size=(50, 2)).astype("float32")))
    assert set(np.unique(said)) == {0.0, 1.0}
    assert [weight.path.split("/")[0] for weight in model.trainable_weights] == ["response", "response"]
