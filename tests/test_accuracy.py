"""The lite presets learn what the field expects of them, each within a minute of training on two cores."""

from functools import cache

import keras
import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

from ml.generate.latents import noise
from tests.ml.catalog.proofs import SECONDS, held_out_accuracy, trained

pytestmark = pytest.mark.slow

SAMPLES = 1000


@pytest.mark.parametrize(("template", "accuracy"), [("cnn", 0.98), ("logistic_regression", 0.96), ("mlp", 0.96), ("vit", 0.95), ("self_attention", 0.95)])
def test_classifiers_on_held_out_data(template, accuracy, tmp_path):
    session, done = trained(template, tmp_path)
    assert held_out_accuracy(session) >= accuracy
    assert done.training_seconds < SECONDS


@pytest.mark.parametrize(("template", "role", "share"), [("vae", "decoder", 0.8), ("dcgan", "generator", 0.7)])
def test_samples_are_digits_and_all_ten_of_them(template, role, share, tmp_path):
    session, done = trained(template, tmp_path)
    model = session.models[role]
    pictures = keras.ops.convert_to_numpy(model(noise(SAMPLES, model.input_shape[1], seed=1)))
    said = classifier().predict_proba(pictures.reshape(SAMPLES, 64))
    sure = said.max(axis=1) > 0.5
    assert sure.mean() >= share
    assert np.bincount(said.argmax(axis=1)[sure], minlength=10).min() >= SAMPLES * 0.02
    assert done.training_seconds < SECONDS


@cache
def classifier() -> MLPClassifier:
    """scikit-learn's, which tells digits that it has not seen apart in 98 of 100 cases."""
    x, labels = load_digits(return_X_y=True)
    return MLPClassifier(100, max_iter=500, random_state=0).fit(x / 16, labels)


def test_gpt_learns_to_spell(tmp_path):
    _, done = trained("gpt", tmp_path)
    assert done.metrics["val_loss"] < 1.7
    assert done.training_seconds < SECONDS
