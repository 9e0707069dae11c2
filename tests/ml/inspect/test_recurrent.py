"""The lens tells what Keras's recurrent layers do inside, and how far back their last state feels."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from msgspec.structs import replace

from ml import catalog
from ml.catalog.recorder import Input, Model, layers, ops
from ml.inspect.recurrent import states
from ml.project.project import Choice, Data, Project
from ml.snapshots import Recurrent
from ml.training.session import Session

X = np.random.default_rng(0).normal(size=(1, 7, 3)).astype("float32")


@pytest.mark.parametrize(
    ("type", "arguments"),
    [
        ("LSTM", {}),
        ("GRU", {}),
        ("GRU", {"reset_after": False}),
        ("SimpleRNN", {}),
        ("SimpleRNN", {"activation": "relu", "use_bias": False}),
        ("LSTM", {"go_backwards": True}),
    ],
)
def test_the_states_are_those_that_keras_computes(type: str, arguments: dict[str, Any]) -> None:
    layer = getattr(keras.layers, type)(5, return_sequences=True, **arguments)
    layer.build(X.shape)
    layer.set_weights([np.random.default_rng(1).normal(0, 0.5, weight.shape) for weight in layer.get_weights()])
    rows, _ = states(layer, tf.constant(X))
    wanted = layer(X)[0]
    np.testing.assert_allclose(rows["state"], wanted[::-1] if arguments.get("go_backwards") else wanted, atol=1e-5)
    assert all(((values >= 0) & (values <= 1)).numpy().all() for name, values in rows.items() if "gate" in name)


def test_the_reach_of_the_identity_is_the_same_everywhere_and_that_of_a_half_shrinks_by_half() -> None:
    for gain in (1.0, 0.5):
        layer = keras.layers.SimpleRNN(4, activation="linear", recurrent_initializer=keras.initializers.Identity(gain))
        layer.build(X.shape)
        _, reach = states(layer, tf.constant(X))
        np.testing.assert_allclose(reach / reach[-1], gain ** np.arange(6, -1, -1), rtol=1e-5)


def test_a_session_shows_the_gates_of_what_it_reads() -> None:
    session = Session(catalog.new("lstm", settings={"data.samples": 40, "data.length": 8}))
    event = next(event for event in session.seen() if isinstance(event, Recurrent))
    (layer,) = event.layers
    assert (layer.name, layer.type, event.features) == ("lstm", "LSTM", ("number", "mark"))
    assert {name: array.shape for name, array in layer.values.items()} == dict.fromkeys(("input gate", "forget gate", "output gate", "cell", "state"), (8, 32))
    assert event.series is not None
    np.testing.assert_array_equal(event.series.numpy(), session.lens.probe[0])


def test_the_sentences_of_a_story_are_steps_without_names() -> None:
    words = Input([5, 7], dtype="int32")
    answer = layers.Dense(6, activation="softmax")(layers.LSTM(3)(ops.cast(words, "float32")))
    project = Project("stories", Data("stories", {"samples": 100, "sentences": 4}), {"model": Model(words, answer)}, Choice("supervised"))
    (seen,) = [message for message in Session(project).seen() if isinstance(message, Recurrent)]
    assert seen.tokens == () and seen.layers[0].values["state"].shape == (5, 3)


def test_of_a_model_without_recurrent_layers_there_is_nothing_to_show() -> None:
    project = catalog.new("mlp")
    assert not any(event.__class__.__name__ == "Recurrent" for event in Session(replace(project, data=Data("digits"))).seen())
