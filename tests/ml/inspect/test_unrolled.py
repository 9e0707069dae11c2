"""Of a recurrence that is written out the lens tells what goes on in its block at every call, and how far back its last state feels."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from ml import catalog
from ml.build import Built, build
from ml.inspect.recurrent import UNROLLED
from ml.inspect.unrolled import over_time, unrolled
from ml.snapshots import Recurrent
from ml.training.session import Session

X = np.random.default_rng(0).random((1, 6, 1)).astype("float32")


def jordan(decay: float) -> Built:
    return build(catalog.new("jordan", settings={"data.context": 6, "units": 5, "decay": decay}).models["model"], "model")


def test_a_block_has_what_its_layers_say_at_every_call() -> None:
    built = jordan(0.5)
    (block,) = unrolled(built)
    assert (block.name, len(block.calls), list(block.shown)) == ("step", 6, ["hidden", "said", "new state"])
    rows, reach = over_time(built, [block], tf.constant(X))["step"]
    (kernel, bias), (readout, offset) = (built.layers[f"step/{name}"].get_weights() for name in ("hidden", "said"))
    state = np.zeros(1)
    for time in range(6):
        hidden = np.tanh(np.concatenate([X[0, time], state]) @ kernel + bias)
        state = 0.5 * state + hidden @ readout + offset
        np.testing.assert_allclose(rows["hidden"][time], hidden, atol=1e-6)
        np.testing.assert_allclose(rows["new state"][time], state, atol=1e-6)
    assert float(reach[-1]) == pytest.approx(abs(state[0]), rel=1e-5), "half the square of a number changes with it by that number"


def test_what_only_fades_reaches_back_by_as_much_as_stays() -> None:
    built = jordan(0.5)
    built.layers["step/hidden"].set_weights([np.zeros((2, 5)), np.ones(5)])  # so that nothing hears the state
    _, reach = over_time(built, unrolled(built), tf.constant(X))["step"]
    np.testing.assert_allclose(reach / reach[-1], 0.5 ** np.arange(5, -1, -1), rtol=1e-5)


def test_groups_that_tick_more_seldom_have_fewer_calls() -> None:
    found = unrolled(build(catalog.new("clockwork_rnn", settings={"periods": [1, 4]}).models["model"], "model"))
    assert {block.name: len(block.calls) for block in found} == {"every_1": 16, "every_4": 4}


def test_gates_come_first() -> None:
    (block,) = unrolled(build(catalog.new("lstm", settings={"unroll": True, "data.length": 4}).models["model"], "model"))
    assert set(list(block.shown)[:3]) == {"input gate", "forget gate", "output gate"} and set(list(block.shown)[3:]) == {"candidate", "new h", "new c"}


def test_a_session_shows_them() -> None:
    session = Session(catalog.new("jordan", settings={"data.samples": 40}))
    event = next(event for event in session.seen() if isinstance(event, Recurrent))
    (layer,) = event.layers
    assert (layer.name, layer.type, layer.values["hidden"].shape, layer.reach.shape) == ("step", UNROLLED, (12, 16), (12,))


def test_blocks_that_are_called_once_or_twice_are_no_recurrence() -> None:
    assert not unrolled(build(catalog.new("resnet").models["model"], "model"))
