"""Denoising gives a picture back without its noise."""

import keras
import numpy as np
import pytest

from ml import data
from ml.project.project import Data
from ml.recipes import denoising

NOISY = Data("shapes", {"samples": 80, "target": "clean", "noise": 0.2})


@pytest.mark.parametrize("border", [0, 4])
def test_a_model_that_changes_nothing_leaves_all_the_noise(border):
    dataset = data.load(NOISY)
    inputs = keras.Input(dataset.shape)
    outputs = keras.layers.Cropping2D(border)(inputs) if border else keras.layers.Identity()(inputs)
    trainer = denoising.trainer({"model": keras.Model(inputs, outputs)}, lambda variables: keras.optimizers.Adam(), dataset)
    x, y = denoising.arrays(dataset, "validation")
    measured = trainer.evaluate(x, y, verbose=0, return_dict=True)
    inside = np.s_[:, border : 32 - border, border : 32 - border]
    errors = np.mean((x - y)[inside] ** 2, axis=(1, 2, 3))
    assert measured["loss"] == pytest.approx(errors.mean(), rel=1e-4)
    assert measured["peak_signal_to_noise"] == pytest.approx(np.mean(-10 * np.log10(errors)), rel=1e-4)


def test_what_does_not_fit_is_said():
    clean, classes = data.spec(NOISY), data.spec(Data("shapes"))
    picture = [(None, 32, 32, 3)]
    assert list(denoising.problems({"model": (picture, picture)}, clean)) == []
    assert "must give a picture" in next(iter(denoising.problems({"model": (picture, [(None, 8)])}, clean)))
    assert "noisy pictures" in next(iter(denoising.problems({"model": (picture, picture)}, classes)))
