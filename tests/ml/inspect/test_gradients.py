"""The lens gives the gradient that training follows, layer by layer, and leaves everything as it was."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from ml import catalog
from ml.events import Gradients, Log
from ml.inspect import gradients
from ml.project.graph import Graph, Link, Node
from ml.project.project import Choice, Data, Project, Training
from ml.training.session import Session

NOISY = {
    "x": Node("Input", {"shape": [2]}),
    "wide": Node("Dense", {"units": 8, "kernel_regularizer": "l2"}, (Link("x"),)),
    "normal": Node("BatchNormalization", {}, (Link("wide"),)),
    "drop": Node("Dropout", {"rate": 0.5}, (Link("normal"),)),
    "frozen": Node("Dense", {"units": 4, "trainable": False}, (Link("drop"),)),
    "answer": Node("Dense", {"units": 2, "activation": "softmax"}, (Link("frozen"),)),
    "y": Node("Output", {}, (Link("answer"),)),
}
VAE = catalog.new("vae", settings={"data.split.validation": 0.05})


def project(**nodes: Node) -> Project:
    return Project("small", Data("moons"), {"model": Graph(nodes)}, Choice("supervised"), Training(batch_size=16))


def followed(made: Project) -> tuple[Session, keras.Model, list[Any]]:
    """A session, its trainer, and every variable that training depends on."""
    session = Session(made)
    trainer, optimizers, _ = session.trainer()
    return session, trainer, [*trainer.variables, *trainer.metrics_variables, *optimizers.variables]


def test_the_norms_are_those_of_the_gradient_that_a_tape_gives() -> None:
    session, trainer, _ = followed(project(**{name: NOISY[name] for name in ("x", "wide", "y")} | {"y": Node("Output", {}, (Link("wide"),))}))
    x, y = (array[: gradients.SAMPLES] for array in session.dataset.part("validation"))
    model = session.models["model"]
    with tf.GradientTape() as tape:
        loss = trainer.compute_loss(x, y, model(x), None)
    wanted = tape.gradient(loss, model.trainable_variables)
    seen = session.gradients.read(3)
    assert isinstance(seen, Gradients) and (seen.step, seen.samples) == (3, gradients.SAMPLES)
    assert [(layer.role, layer.name, layer.type, layer.count) for layer in seen.layers] == [("model", "wide", "Dense", 24)]
    assert seen.layers[0].norm == pytest.approx(float(tf.linalg.global_norm(wanted)), rel=1e-5)


@pytest.mark.parametrize("made", [project(**NOISY), VAE], ids=["noise", "vae"])
def test_it_changes_nothing(made: Project) -> None:
    session, _, variables = followed(made)
    before = [variable.numpy().copy() for variable in variables]
    seen = [session.gradients.read(step) for step in (1, 1)]
    assert seen[0] == seen[1] and isinstance(seen[0], Gradients)
    assert all(np.array_equal(variable.numpy(), value) for variable, value in zip(variables, before, strict=True))


def test_layers_that_do_not_learn_have_no_gradient() -> None:
    session, *_ = followed(project(**NOISY))
    seen = session.gradients.read(1)
    assert isinstance(seen, Gradients) and [layer.name for layer in seen.layers] == ["wide", "normal", "answer"]


def test_what_is_changed_while_it_trains_changes_the_gradient() -> None:
    session, trainer, _ = followed(VAE)
    trainer.beta = 0.0
    before = session.gradients.read(1)
    trainer.beta = 100.0
    after = session.gradients.read(1)
    assert isinstance(before, Gradients) and isinstance(after, Gradients)
    mean = [layer.norm for seen in (before, after) for layer in seen.layers if layer.name == "mean"]
    assert mean[1] > 2 * mean[0]


def test_where_nothing_descends_there_is_nothing_to_see() -> None:
    session, *_ = followed(catalog.new("gaussian_classifier"))
    assert session.gradients.read(1) is None and Session(catalog.new("mlp")).gradients.read(1) is None


def test_what_can_not_be_asked_is_said_once() -> None:
    session, trainer, _ = followed(project(**NOISY))
    trainer.train_step = None  # as a method that some future Keras has no more
    said = session.gradients.read(1)
    assert isinstance(said, Log) and said.level == "warning" and session.gradients.read(2) is None


def test_of_very_many_layers_some_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradients, "LAYERS", 2)
    session, *_ = followed(project(**NOISY))
    seen = session.gradients.read(1)
    assert isinstance(seen, Gradients) and [layer.name for layer in seen.layers] == ["wide", "answer"]
