"""The compiled loop makes the updates that `fit` makes."""

import keras
import numpy as np
import pytest

from ml.training.loop import Loop, epoch_order, evaluation_rows, weighted_mean, xla_pays

STEPS, BATCH = 50, 16


def model(convolution: bool, dropout: bool) -> keras.Model:
    keras.utils.set_random_seed(1)
    x = inputs = keras.Input((8, 8, 1))
    if convolution:
        x = keras.layers.Conv2D(4, 3, activation="relu")(x)
        x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(16, activation="relu")(x)
    x = keras.layers.Dropout(0.3)(x) if dropout else x
    made = keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(x))
    made.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return made


def ready(made: keras.Model) -> keras.Model:
    made.optimizer.build(made.trainable_variables)
    return made


@pytest.fixture(scope="module")
def samples():
    rng = np.random.default_rng(0)
    return rng.normal(size=(STEPS * BATCH, 8, 8, 1)).astype("float32"), rng.integers(0, 10, STEPS * BATCH).astype("int32")


@pytest.mark.parametrize("convolution", [False, True], ids=["dense", "convolution"])
@pytest.mark.parametrize("dropout", [False, True], ids=["plain", "dropout"])
def test_weights_after_fifty_steps_are_those_of_fit(samples, convolution, dropout):
    x, y = samples
    ours, theirs = ready(model(convolution, dropout)), model(convolution, dropout)
    loop = Loop(ours, (x, y), (), BATCH, seed=0)
    loop.begin(0)
    loop.run(0, 1)
    logs, seen = loop.run(1, STEPS)
    order = epoch_order(0, 0, len(x))
    history = theirs.fit(x[order], y[order], batch_size=BATCH, shuffle=False, verbose=0)
    assert seen == (STEPS - 1) * BATCH
    for mine, keras_own in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(mine, keras_own, rtol=2e-3, atol=2e-5)
    assert logs["loss"] == pytest.approx(history.history["loss"][0], rel=0.05)


def test_dense_models_are_compiled_and_convolutions_are_not():
    assert xla_pays(model(convolution=False, dropout=False))
    assert not xla_pays(model(convolution=True, dropout=False))


def test_what_draws_random_numbers_is_not_compiled_for_xla_draws_others():
    assert not xla_pays(model(convolution=False, dropout=True))


def test_preparing_makes_no_step(samples):
    x, y = samples
    made = ready(model(False, True))
    before = made.get_weights()
    loop = Loop(made, (x, y), (x[:10], y[:10]), BATCH, seed=0)
    loop.prepare()
    for old, new in zip(before, made.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert int(made.optimizer.iterations) == 0


def test_an_epoch_takes_every_sample_once_the_rest_too(samples):
    x, y = samples[0][:37], samples[1][:37]
    loop = Loop(ready(model(False, False)), (x, y), (), BATCH, seed=0)
    loop.begin(0)
    assert [loop.run(0, 9)[1], loop.run(2, 9)[1]] == [32, 5]
    assert loop.steps_per_epoch == 3
    assert sorted(epoch_order(0, 0, 37)) == list(range(37))


def test_the_order_is_the_seeds_and_the_epochs():
    np.testing.assert_array_equal(epoch_order(5, 2, 20), epoch_order(5, 2, 20))
    assert any(epoch_order(5, 2, 20) != epoch_order(5, 3, 20))


def test_evaluation_is_kerass_own(samples):
    x, y = samples
    made = ready(model(True, True))
    ours = Loop(made, (x, y), (x[:300], y[:300]), BATCH, seed=0).evaluate()
    theirs = made.evaluate(x[:300], y[:300], verbose=0, return_dict=True)
    assert ours == pytest.approx(theirs, rel=1e-4)


def test_without_a_validation_part_there_is_nothing_to_evaluate(samples):
    x, y = samples
    assert Loop(ready(model(False, False)), (x, y), (x[:0], y[:0]), BATCH, seed=0).evaluate() == {}


@pytest.mark.parametrize("samples", [1, 255, 256, 1024, 1025, 2000])
def test_evaluation_sees_every_sample_once(samples):
    assert sorted(row for rows in evaluation_rows(samples) for row in rows.ravel()) == list(range(samples))


def test_means_of_unequal_parts_are_weighted():
    assert weighted_mean([({"loss": 1.0}, 3), ({"loss": 5.0}, 1)]) == {"loss": 2.0}
