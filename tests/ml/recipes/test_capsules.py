"""The margin loss is that of the paper, and a step makes capsules and decoder better."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from ml import catalog, data
from ml.build import build
from ml.project.project import Data
from ml.recipes import capsules
from ml.training.session import Session


def network(**arguments: float) -> capsules.CapsuleNetwork:
    inputs = keras.Input((8, 8, 1))
    rows = keras.layers.Reshape((10, 4))(keras.layers.Dense(40)(keras.layers.Flatten()(inputs)))
    model = keras.Model(inputs, [keras.ops.norm(rows, axis=-1), rows])
    taken = keras.Input((10, 4))
    painted = keras.layers.Reshape((8, 8, 1))(keras.layers.Dense(64, "sigmoid")(keras.layers.Flatten()(taken)))
    return capsules.CapsuleNetwork(model, keras.Model(taken, painted), **arguments)


def test_the_margin_loss_is_equation_4() -> None:
    lengths = np.array([[0.95, 0.05, 0.6], [0.5, 0.1, 0.3]], "float32")
    expected = [0.5 * 0.5**2, (0.9 - 0.1) ** 2 + 0.5 * (0.4**2 + 0.2**2)]
    np.testing.assert_allclose(network().margin(keras.ops.convert_to_tensor([0, 1]), keras.ops.convert_to_tensor(lengths)), expected, rtol=1e-6)


def test_the_decoder_sees_the_right_capsule_while_it_learns_and_the_longest_one_otherwise() -> None:
    trained = network()
    x, y = (array[:4] for array in data.load(Data("digits")).part("train"))
    lengths, rows = (keras.ops.convert_to_numpy(values) for values in trained.model(x))
    for training, kept in ((True, y), (False, lengths.argmax(axis=1))):
        masked = rows * (np.arange(10) == kept[:, np.newaxis])[..., np.newaxis]
        error = np.square(x - keras.ops.convert_to_numpy(trained.decoder(masked))).sum(axis=(1, 2, 3))
        np.testing.assert_allclose(trained.losses_of(x, y, training)[2], error, rtol=1e-4)


def test_the_loss_is_the_margin_and_some_of_the_reconstruction() -> None:
    trained = network(reconstruction=0.5)
    x, y = (array[:4] for array in data.load(Data("digits")).part("train"))
    loss, margin, error = (np.mean(values) for values in trained.losses_of(x, y, training=False))
    assert loss == pytest.approx(margin + 0.5 * error, rel=1e-5)


def test_what_does_not_fit_is_said_in_words() -> None:
    project = catalog.new("capsnet")
    models = {role: build(graph, role).model for role, graph in project.models.items()}
    ends = {role: ([t.shape for t in model.inputs], [t.shape for t in model.outputs]) for role, model in models.items()}
    spec = data.spec(project.data)
    assert list(capsules.problems(ends, spec)) == []
    wrong = {"model": (ends["model"][0], [(None, 10)]), "decoder": ends["decoder"]}
    assert "two Outputs" in next(iter(capsules.problems(wrong, spec)))
    other = {"model": ends["model"], "decoder": ([(None, 160)], ends["decoder"][1])}
    assert "the capsules' shape [10, 16]" in next(iter(capsules.problems(other, spec)))


def test_the_template_learns() -> None:
    session = Session(catalog.new("capsnet", settings={"training.epochs": 2}))
    _, _, loop = session.trainer()
    loop.begin(0)
    first, _ = loop.run(0, 3)
    last, _ = loop.run(3, 20)
    assert last["loss"] < first["loss"] and last["reconstruction"] < first["reconstruction"]
