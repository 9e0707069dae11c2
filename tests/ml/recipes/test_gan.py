"""The generative adversarial network's losses are those of the paper, and each model learns only when it is its turn."""

import keras
import numpy as np
import pytest

from ml import data
from ml.project.project import Data
from ml.recipes import gan
from ml.training.loop import Loop

DIGITS = Data("digits")


def built_adam(variables):
    optimizer = keras.optimizers.Adam(1e-3)
    optimizer.build(variables)
    return optimizer


def models(logits=False):
    keras.utils.set_random_seed(0)
    noise = keras.Input((16,))
    x = keras.layers.ReLU()(keras.layers.BatchNormalization()(keras.layers.Dense(64)(noise)))
    generator = keras.Model(noise, keras.layers.Reshape((8, 8, 1))(keras.layers.Dense(64, "sigmoid")(x)))
    pixels = keras.Input((8, 8, 1))
    x = keras.layers.Dropout(0.2, seed=1)(keras.layers.Dense(64, "leaky_relu")(keras.layers.Flatten()(pixels)))
    return {"generator": generator, "discriminator": keras.Model(pixels, keras.layers.Dense(1, None if logits else "sigmoid")(x))}


def trained(compiled=False, steps=40, **arguments):
    dataset = data.load(DIGITS)
    made = models(arguments.get("from_logits", False))
    before = {role: [v.numpy() for v in model.trainable_variables] for role, model in made.items()}
    trainer = gan.trainer(made, built_adam, dataset, **arguments)
    loop = Loop(trainer, gan.arrays(dataset, "train"), gan.arrays(dataset, "validation"), 64, 0)
    loop.compiled = compiled
    loop.trace()
    loop.begin(0)
    for _ in range(steps // 10 - 1):
        loop.run(0, 10)
    logs, _ = loop.run(0, 10)
    changed = {role for role, model in made.items() if any((v.numpy() != old).any() for v, old in zip(model.trainable_variables, before[role], strict=True))}
    return changed, logs, loop.evaluate()


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("from_logits", [False, True])
def test_both_learn_in_the_compiled_loop(compiled, from_logits):
    changed, logs, validation = trained(compiled, from_logits=from_logits)
    assert changed == {"generator", "discriminator"}
    assert set(logs) == set(gan.RECIPE.metrics) == set(validation)
    assert 0 < logs["fake_output"] < logs["real_output"] < 1


@pytest.mark.parametrize("role", ["generator", "discriminator"])
def test_one_of_them_can_be_trained_alone(role):
    changed, logs, _ = trained(steps=10, train=role)
    assert changed == {role}
    assert logs["generator_loss"] > 0
    assert logs["discriminator_loss"] > 0


def test_losses_are_those_of_the_paper():
    made = models()
    trainer = gan.GenerativeAdversarialNetwork(**made, label_smoothing=0.1)
    real = data.load(DIGITS).x[:32]
    noise = keras.random.normal((32, 16), seed=keras.random.SeedGenerator(0))
    d_real, d_fake = (np.asarray(made["discriminator"](x), "float64") for x in (real, made["generator"](noise)))
    expected = -np.mean(0.9 * np.log(d_real) + 0.1 * np.log(1 - d_real)) - np.mean(np.log(1 - d_fake))
    assert float(trainer.judge(real, training=False)) == pytest.approx(expected, rel=1e-5)
    again = gan.GenerativeAdversarialNetwork(**made)
    assert float(again.deceive(real, training=False)) == pytest.approx(-np.mean(np.log(d_fake)), rel=1e-5)


def test_the_same_seed_makes_the_same_run():
    assert trained(steps=20, seed=3)[1:] == trained(steps=20, seed=3)[1:]
    assert trained(steps=20, seed=3)[1] != trained(steps=20, seed=4)[1]


def test_fit_takes_the_same_step():
    dataset = data.load(DIGITS)
    trainer = gan.trainer(models(), built_adam, dataset)
    history = trainer.fit(dataset.x[:256], batch_size=64, epochs=2, verbose=0)
    assert set(history.history) == set(gan.RECIPE.metrics)


def test_what_does_not_fit_is_said():
    spec = data.spec(DIGITS)
    good = {"generator": ([(None, 16)], [(None, 8, 8, 1)]), "discriminator": ([(None, 8, 8, 1)], [(None, 1)])}
    assert list(gan.problems(good, spec, train="both")) == []
    large = good | {"generator": ([(None, 16)], [(None, 28, 28, 1)])}
    assert list(gan.problems(large, spec)) == ["The generator must have one Output, of the data's shape [8, 8, 1]."]
