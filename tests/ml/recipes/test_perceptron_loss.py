"""The perceptron loss moves a unit as Rosenblatt's rule does."""

import keras
import numpy as np
import pytest

from ml import data
from ml.project.project import Data
from ml.recipes import supervised
from ml.recipes.supervised import PerceptronLoss

BLOBS = Data("moons", {"samples": 200})


def linear(shape, units=1):
    inputs = keras.Input(shape)
    return keras.Model(inputs, keras.layers.Dense(units, kernel_initializer="zeros")(inputs))


def rosenblatt(x, y):
    """Weights and bias after one pass of the rule, from nothing, sample by sample."""
    weights, bias = np.zeros(x.shape[1]), 0.0
    for sample, label in zip(x, y, strict=True):
        target = 2 * label - 1
        if target * (weights @ sample + bias) <= 0:
            weights, bias = weights + target * sample, bias + target
    return weights, bias


def test_a_pass_of_stochastic_gradient_descent_is_a_pass_of_the_rule():
    moons = data.load(BLOBS)
    model = linear((2,))
    trainer = supervised.trainer({"model": model}, lambda variables: keras.optimizers.SGD(1.0), moons, loss="perceptron")
    trainer.fit(moons.x, moons.y, batch_size=1, shuffle=False, verbose=0)
    kernel, bias = model.get_weights()
    weights, threshold = rosenblatt(moons.x, moons.y)
    np.testing.assert_allclose(kernel[:, 0], weights, rtol=1e-4)
    assert bias[0] == pytest.approx(threshold)


def test_only_what_is_wrong_or_undecided_costs():
    loss = PerceptronLoss(reduction="none")
    said = np.array([[2.0], [-3.0], [0.0], [-0.5]], "float32")
    assert keras.ops.convert_to_numpy(loss(np.array([1, 1, 1, 0]), said)) == pytest.approx([0, 3, 0, 0])


def test_with_several_units_each_knows_its_class_from_all_others():
    loss = PerceptronLoss(reduction="none")
    assert keras.ops.convert_to_numpy(loss(np.array([2]), np.array([[1.0, -1.0, -4.0]], "float32"))) == pytest.approx([5.0])


def test_a_linear_unit_says_the_second_class_above_zero():
    moons = data.load(BLOBS)
    model = linear((2,))
    model.set_weights([np.array([[0.0], [-1.0]]), np.array([0.25])])
    trainer = supervised.trainer({"model": model}, lambda variables: keras.optimizers.SGD(1.0), moons, loss="perceptron")
    measured = trainer.evaluate(moons.x, moons.y, verbose=0, return_dict=True)
    assert measured["accuracy"] == pytest.approx(np.mean((moons.x[:, 1] < 0.25) == moons.y))


def test_it_is_for_classes():
    told = list(supervised.problems({"model": ([(None, 10)], [(None, 1)])}, data.spec(Data("diabetes")), loss="perceptron"))
    assert told == ["Rosenblatt's loss is for classes, and this data has a number to predict: choose mean_squared_error."]
