"""Segmentation says of every pixel what it belongs to."""

import keras
import numpy as np
import pytest

from ml import data
from ml.project.project import Data
from ml.recipes import segmentation

MASKS = Data("shapes", {"samples": 80, "target": "mask", "figures": 2})


def trainer(model):
    return segmentation.trainer({"model": model}, lambda variables: keras.optimizers.Adam(), data.load(MASKS))


def pixelwise(padding="same"):
    """A model that gives every pixel the same chances."""
    inputs = keras.Input((32, 32, 3))
    return keras.Model(inputs, keras.layers.Conv2D(9, 3, padding=padding, activation="softmax", kernel_initializer="zeros")(inputs))


@pytest.mark.parametrize("padding", ["same", "valid"])
def test_an_untrained_model_is_as_good_as_a_guess(padding):
    x, y = segmentation.arrays(data.load(MASKS), "train")
    measured = trainer(pixelwise(padding)).evaluate(x, y, verbose=0, return_dict=True, batch_size=len(x))
    answered = y if padding == "same" else y[:, 1:-1, 1:-1]
    ground = np.mean(answered == 0)
    assert measured["loss"] == pytest.approx(np.log(9), rel=1e-5)
    assert measured["accuracy"] == pytest.approx(ground, abs=1e-5)
    classes = [len(np.unique(labels)) for labels in answered]
    assert measured["mean_iou"] == pytest.approx(np.mean(np.mean(answered == 0, axis=(1, 2)) / classes), abs=1e-5)


def test_without_padding_the_answer_is_about_the_middle():
    labels = np.arange(36).reshape(1, 6, 6)
    assert segmentation.middle(labels, (1, 2, 4, 9)).tolist() == [[[13, 14, 15, 16], [19, 20, 21, 22]]]


def test_what_does_not_fit_is_said():
    masks, classes = data.spec(MASKS), data.spec(Data("shapes"))
    picture = [(None, 32, 32, 3)]
    assert list(segmentation.problems({"model": (picture, [(None, 28, 28, 9)])}, masks)) == []
    assert "9 classes of pixels" in next(iter(segmentation.problems({"model": (picture, [(None, 9)])}, masks)))
    assert "larger than the picture" in next(iter(segmentation.problems({"model": (picture, [(None, 64, 64, 9)])}, masks)))
    assert "a label for every pixel" in next(iter(segmentation.problems({"model": (picture, [(None, 32, 32, 9)])}, classes)))
