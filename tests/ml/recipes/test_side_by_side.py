"""Side by side, each of two models takes the step that it would take alone."""

import keras
import numpy as np
import pytest

from ml import data
from ml.project.project import Data
from ml.recipes import side_by_side


def model(units, activation, outputs=1):
    inputs = keras.Input((2,))
    return keras.Model(inputs, keras.layers.Dense(outputs, activation)(keras.layers.Dense(units, "tanh")(inputs)))


def descent(variables):
    optimizer = keras.optimizers.SGD(0.5)
    optimizer.build(variables)
    return optimizer


@pytest.mark.parametrize(
    ("source", "outputs", "activation", "loss"),
    [
        (Data("moons"), 1, "sigmoid", "binary_crossentropy"),
        (Data("blobs", {"centers": 3}), 3, "softmax", "sparse_categorical_crossentropy"),
    ],
)
def test_each_learns_as_it_would_alone(source, outputs, activation, loss):
    dataset = data.load(source)
    x, y = dataset.x[:64], dataset.y[:64]
    models = {"deep": model(3, activation, outputs), "wide": model(9, activation, outputs)}
    alone = {role: keras.models.clone_model(made) for role, made in models.items()}
    for role, made in alone.items():
        made.set_weights(models[role].get_weights())
        made.compile(descent(made.trainable_variables), loss, metrics=["accuracy"])
    together = side_by_side.trainer(models, descent, dataset)
    measured = together.train_step((x, y))
    for role, made in alone.items():
        theirs = made.train_on_batch(x, y, return_dict=True)
        assert float(measured[f"{role}_loss"]) == pytest.approx(float(theirs["loss"]), rel=1e-5)
        assert float(measured[f"{role}_accuracy"]) == pytest.approx(float(theirs["accuracy"]))
        for ours, other in zip(models[role].get_weights(), made.get_weights(), strict=True):
            np.testing.assert_allclose(ours, other, atol=1e-6)


def test_numbers_are_learned_by_their_squared_error():
    diabetes = data.load(Data("diabetes"))
    together = side_by_side.trainer({"deep": linear(), "wide": linear()}, descent, diabetes)
    measured = together.test_step(diabetes.part("test"))
    assert set(measured) == {"deep_loss", "wide_loss", "deep_mean_absolute_error", "wide_mean_absolute_error"}
    assert float(measured["deep_loss"]) == pytest.approx(np.mean(diabetes.part("test")[1] ** 2), rel=1e-5)


def linear():
    inputs = keras.Input((10,))
    return keras.Model(inputs, keras.layers.Dense(1, kernel_initializer="zeros")(inputs))


def test_what_does_not_fit_is_said():
    good = ([(None, 2)], [(None, 1)])
    spec = data.spec(Data("spirals"))
    assert list(side_by_side.problems({"deep": good, "wide": good}, spec)) == []
    told = list(side_by_side.problems({"deep": good, "wide": ([(None, 3)], [(None, 1)])}, spec))
    assert told == ["The wide model's Input must have the shape [2], as the data has."]
