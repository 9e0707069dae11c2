"""The variational autoencoder's bound is that of the paper, and its step improves it."""

import keras
import numpy as np
import pytest
from scipy import integrate, stats

from ml import data
from ml.project.project import Data
from ml.recipes import vae
from ml.training.loop import Loop

DIGITS = Data("digits")


def built_adam(variables):
    optimizer = keras.optimizers.Adam(1e-3)
    optimizer.build(variables)
    return optimizer


def models(third=False, regularizer=None):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((8, 8, 1))
    x = keras.layers.Dense(32, "relu", kernel_regularizer=regularizer)(keras.layers.Flatten()(inputs))
    mean, log_variance = keras.layers.Dense(2)(x), keras.layers.Dense(2)(x)
    noise = keras.layers.GaussianNoise(1.0, seed=1)(keras.ops.zeros_like(mean))
    drawn = [mean + keras.ops.exp(log_variance * 0.5) * noise] if third else []
    code = keras.Input((2,))
    pixels = keras.layers.Dense(64, "sigmoid")(keras.layers.Dense(32, "relu")(code))
    decoder = keras.Model(code, keras.layers.Reshape((8, 8, 1))(pixels))
    return {"encoder": keras.Model(inputs, [mean, log_variance, *drawn]), "decoder": decoder}


def trained(compiled, steps=50, **arguments):
    dataset = data.load(DIGITS)
    trainer = vae.trainer(models(arguments.pop("third", False)), built_adam, dataset, **arguments)
    loop = Loop(trainer, vae.arrays(dataset, "train"), vae.arrays(dataset, "validation"), 64, 0)
    loop.compiled = compiled
    loop.trace()
    loop.begin(0)
    before = loop.evaluate()
    for _ in range(steps // 10):
        loop.run(0, 10)
    return before, loop.evaluate()


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("third", [False, True])
def test_the_bound_improves_in_the_compiled_loop(compiled, third):
    before, after = trained(compiled, third=third)
    assert after["loss"] < before["loss"] - 5
    assert after["loss"] == pytest.approx(after["reconstruction"] + after["kl"], rel=1e-4)


def test_kl_is_the_integral_that_it_stands_for():
    mean, deviation = 0.7, 1.8
    q, p = stats.norm(mean, deviation), stats.norm()
    expected, _ = integrate.quad(lambda z: q.pdf(z) * (q.logpdf(z) - p.logpdf(z)), -30, 30)
    fixed = keras.Input((3,))
    ones = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones", trainable=False)(fixed) * 0 + 1
    encoder = keras.Model(fixed, [ones * mean, ones * float(2 * np.log(deviation))])
    code = keras.Input((1,))
    trainer = vae.VariationalAutoencoder(encoder, keras.Model(code, keras.layers.Dense(3, "sigmoid")(code)))
    _, _, kl = trainer.bound(np.zeros((4, 3), "float32"), training=False)
    assert keras.ops.convert_to_numpy(kl) == pytest.approx(expected, rel=1e-4)


def test_reconstruction_is_summed_over_a_sample():
    made = models()
    x = data.load(DIGITS).x[:4]
    trainer = vae.VariationalAutoencoder(made["encoder"], made["decoder"], reconstruction="mean_squared_error")
    _, reconstruction, _ = trainer.bound(x, training=False)
    assert reconstruction.shape == (4,)
    assert float(reconstruction[0]) > 64 * 0.01


def test_beta_weighs_the_kl():
    _, plain = trained(False, beta=1.0)
    _, heavy = trained(False, beta=50.0)
    assert heavy["kl"] < plain["kl"]


def test_a_kernel_regularizer_counts():
    x = data.load(DIGITS).x[:8]
    plain, heavy = (vae.VariationalAutoencoder(**models(True, regularizer)) for regularizer in (None, keras.regularizers.L2(1.0)))
    heavy.set_weights(plain.get_weights())
    kernel = heavy.encoder.trainable_variables[0].numpy()
    assert float(heavy.bound(x, False)[0] - plain.bound(x, False)[0]) == pytest.approx(np.square(kernel).sum(), rel=1e-4)


def test_fit_takes_the_same_step():
    dataset = data.load(DIGITS)
    trainer = vae.trainer(models(), built_adam, dataset)
    history = trainer.fit(dataset.x[:256], batch_size=64, epochs=3, verbose=0, validation_data=(dataset.x[:64],))
    assert history.history["loss"][-1] < history.history["loss"][0]
    assert set(history.history) == {"loss", "reconstruction", "kl", "val_loss", "val_reconstruction", "val_kl"}


def test_what_does_not_fit_is_said():
    spec = data.spec(DIGITS)
    good = {"encoder": ([(None, 8, 8, 1)], [(None, 2), (None, 2)]), "decoder": ([(None, 2)], [(None, 8, 8, 1)])}
    assert list(vae.problems(good, spec)) == []
    narrow = good | {"decoder": ([(None, 3)], [(None, 8, 8, 1)])}
    assert list(vae.problems(narrow, spec)) == ["The decoder must have one Input, of the code's shape [2]."]
    single = good | {"encoder": ([(None, 8, 8, 1)], [(None, 2)])}
    assert "two Outputs" in next(iter(vae.problems(single, spec)))
