"""The closed form gives what scikit-learn works out, whether the data come at once or in batches."""

import keras
import numpy as np
import pytest
from sklearn import datasets
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LinearRegression, Ridge

from ml import data
from ml.project.project import Data
from ml.recipes import closed_form
from ml.training.loop import Loop


def dense(shape, units, activation=None, **arguments):
    inputs = keras.Input(shape)
    return keras.Model(inputs, keras.layers.Dense(units, activation, **arguments)(inputs))


def solved(model, x, y, classes=(), batch_size=10_000, epochs=1, **arguments):
    """The kernel and the bias that the recipe gives the model's last layer."""
    trainer = closed_form.ClosedForm(model, len(classes), **arguments)
    for first in [*range(0, len(x), batch_size)] * epochs:
        trainer.train_step((x[first : first + batch_size], y[first : first + batch_size]))
    return [keras.ops.convert_to_numpy(weight) for weight in model.layers[-1].weights]


@pytest.mark.parametrize(("batch_size", "epochs"), [(10_000, 1), (7, 1), (64, 3)])
def test_gaussians_of_one_covariance_are_linear_discriminant_analysis(batch_size, epochs):
    iris = data.load(Data("iris"))
    kernel, bias = solved(dense((4,), 3, "softmax"), iris.x, iris.y, iris.classes, batch_size, epochs)
    theirs = LinearDiscriminantAnalysis(solver="lsqr").fit(iris.x, iris.y)
    np.testing.assert_allclose(kernel, theirs.coef_.T, rtol=1e-3)
    np.testing.assert_allclose(bias, theirs.intercept_, rtol=1e-3)


def test_it_is_one_step_of_the_compiled_loop():
    iris = data.load(Data("iris"))
    model = dense((4,), 3, "softmax")
    trainer = closed_form.trainer({"model": model}, None, iris)
    loop = Loop(trainer, (iris.x, iris.y), (iris.x, iris.y), 150, 0)
    loop.begin(0)
    assert loop.compiled
    measured, _ = loop.run(0, 1)
    theirs = LinearDiscriminantAnalysis(solver="lsqr").fit(iris.x, iris.y)
    np.testing.assert_allclose(model.layers[-1].kernel, theirs.coef_.T, rtol=1e-3)
    assert measured["accuracy"] == pytest.approx(theirs.score(iris.x, iris.y))
    assert loop.evaluate() == pytest.approx(measured)


def test_two_classes_may_share_one_sigmoid():
    cancer = data.load(Data("breast_cancer"))
    model = dense((30,), 1, "sigmoid")
    solved(model, cancer.x, cancer.y, cancer.classes)
    theirs = LinearDiscriminantAnalysis(solver="lsqr").fit(cancer.x, cancer.y)
    np.testing.assert_allclose(model.predict(cancer.x, verbose=0)[:, 0], theirs.predict_proba(cancer.x)[:, 1], atol=1e-2)


def test_least_squares_on_the_body_mass_index_are_those_of_the_reference():
    x, y = datasets.load_diabetes(return_X_y=True)
    kernel, _ = solved(dense((1,), 1), x[:-20, 2:3].astype("float32"), y[:-20, None].astype("float32"))
    assert kernel.item() == pytest.approx(938.23786125, rel=1e-5)


@pytest.mark.parametrize("batch_size", [10_000, 50])
def test_the_penalty_is_that_of_ridge_regression(batch_size):
    x, y = (array.astype("float32") for array in datasets.load_diabetes(return_X_y=True))
    kernel, bias = solved(dense((10,), 1, kernel_regularizer=keras.regularizers.L2(0.001)), x, y[:, None], (), batch_size)
    theirs = Ridge(alpha=0.001 * len(x)).fit(x, y)
    np.testing.assert_allclose(kernel[:, 0], theirs.coef_, rtol=1e-3)
    np.testing.assert_allclose(bias, theirs.intercept_, rtol=1e-3)


def test_a_readout_of_series_leaves_out_the_first_steps_in_time():
    random = np.random.default_rng(0)
    x, y = random.normal(size=(5, 30, 4)).astype("float32"), random.normal(size=(5, 30, 2)).astype("float32")
    kernel, bias = solved(dense((30, 4), 2), x, y, washout=10)
    theirs = LinearRegression().fit(x[:, 10:].reshape(-1, 4), y[:, 10:].reshape(-1, 2))
    np.testing.assert_allclose(kernel, theirs.coef_.T, atol=1e-5)
    np.testing.assert_allclose(bias, theirs.intercept_, atol=1e-5)


def test_layers_before_the_last_stay_as_they_are():
    keras.utils.set_random_seed(0)
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(20, "tanh")
    model = keras.Model(inputs, keras.layers.Dense(3, "softmax")(hidden(inputs)))
    iris, before = data.load(Data("iris")), hidden.get_weights()
    solved(model, iris.x, iris.y, iris.classes)
    np.testing.assert_array_equal(before[0], hidden.get_weights()[0])
    assert np.mean(model.predict(iris.x, verbose=0).argmax(1) == iris.y) > 0.9


def test_a_column_that_is_the_same_for_all_says_nothing():
    iris = data.load(Data("iris"))
    x = np.concatenate([iris.x, np.ones((150, 1), "float32")], axis=1)
    kernel, _ = solved(dense((5,), 3, "softmax"), x, iris.y, iris.classes)
    theirs = LinearDiscriminantAnalysis(solver="lsqr").fit(iris.x, iris.y)
    np.testing.assert_allclose(kernel[:4], theirs.coef_.T, rtol=1e-3)
    np.testing.assert_allclose(kernel[4], 0, atol=1e-6)


def test_what_has_no_closed_form_is_said():
    with pytest.raises(ValueError, match="end with one"):
        closed_form.ClosedForm(keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(3, 8), keras.layers.Flatten()]))
    with pytest.raises(ValueError, match="only an L2"):
        closed_form.ClosedForm(dense((4,), 1, kernel_regularizer="l1"))
    spec = data.spec(Data("iris"))
    assert list(closed_form.problems({"model": ([(None, 4)], [(None, 3)])}, spec)) == []
    assert "end with 3 units" in next(iter(closed_form.problems({"model": ([(None, 4)], [(None, 1)])}, spec)))
    assert "shape [4]" in next(iter(closed_form.problems({"model": ([(None, 8, 8)], [(None, 3)])}, spec)))
