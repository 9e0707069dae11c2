"""Detection says what a picture shows and where."""

import keras
import numpy as np
import pytest

from ml import data
from ml.project.project import Data
from ml.recipes import detection

BOXES = Data("shapes", {"samples": 80, "target": "box"})


def test_boxes_overlap_as_geometry_says():
    one = np.array([[0.5, 0.5, 0.4, 0.4], [0.5, 0.5, 0.4, 0.4], [0.2, 0.2, 0.2, 0.2], [0.5, 0.5, 0.4, 0.4]], "float32")
    other = np.array([[0.5, 0.5, 0.4, 0.4], [0.5, 0.7, 0.4, 0.4], [0.8, 0.8, 0.2, 0.2], [0.5, 0.5, 0.2, 0.2]], "float32")
    np.testing.assert_allclose(detection.overlap(one, other), [1, 1 / 3, 0, 0.25], atol=1e-6)


def test_a_model_that_guesses_the_middle_is_measured_as_it_deserves():
    dataset = data.load(BOXES)
    inputs = keras.Input(dataset.shape)
    pooled = keras.layers.GlobalAveragePooling2D()(inputs)
    outputs = [keras.layers.Dense(units, activation=kind, kernel_initializer="zeros")(pooled) for units, kind in ((8, "softmax"), (4, "sigmoid"))]
    trainer = detection.trainer({"model": keras.Model(inputs, outputs)}, lambda variables: keras.optimizers.Adam(), dataset, box_weight=3.0)
    x, y = detection.arrays(dataset, "train")
    measured = trainer.evaluate(x, y, verbose=0, return_dict=True, batch_size=len(x))
    assert set(measured) == set(detection.RECIPE.metrics)
    assert measured["loss"] == pytest.approx(np.log(8) + 3 * np.mean((y[:, 1:] - 0.5) ** 2), rel=1e-4)
    assert measured["accuracy"] == pytest.approx(np.mean(y[:, 0] == 0), abs=1e-5)
    middle = np.full((len(y), 4), 0.5, "float32")
    over = keras.ops.convert_to_numpy(detection.overlap(y[:, 1:], middle))
    assert measured["box_overlap"] == pytest.approx(over.mean(), rel=1e-4)
    assert measured["found"] == pytest.approx(np.mean((y[:, 0] == 0) & (over >= 0.5)), abs=1e-5)


def test_what_does_not_fit_is_said():
    boxes, classes = data.spec(BOXES), data.spec(Data("shapes"))
    picture = [(None, 32, 32, 3)]
    assert list(detection.problems({"model": (picture, [(None, 8), (None, 4)])}, boxes)) == []
    assert "8 classes" in next(iter(detection.problems({"model": (picture, [(None, 8)])}, boxes)))
    assert "a class and a box" in next(iter(detection.problems({"model": (picture, [(None, 8), (None, 4)])}, classes)))
