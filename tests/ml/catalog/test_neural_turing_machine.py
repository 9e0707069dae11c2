"""The neural Turing machine: a step of it worked out by hand, its weights, and the copy task, also at twice the length."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from scipy.special import expit, softmax

from ml import catalog, data
from ml.build import Built, build
from tests.ml.catalog.proofs import held_out, trained, trained_weights

SMALL = {"data.length": 2, "data.bits": 3, "units": 5, "locations": 4, "width": 3}
MINUTES = 10


def built(settings: dict[str, Any]) -> Built:
    keras.utils.set_random_seed(0)
    return build(catalog.new("neural_turing_machine", settings=settings).models["model"], "model")


def dense(machine: Built, path: str, x: np.ndarray) -> np.ndarray:
    kernel, bias = machine.layers[path].get_weights()
    return x @ kernel + bias


def softplus(x: np.ndarray) -> np.ndarray:
    return np.log1p(np.exp(x))


def address(machine: Built, head: str, hidden: np.ndarray, memory: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Equations 5 to 9 of the paper, for one sample."""

    def told(name: str) -> np.ndarray:
        return dense(machine, f"cell/{head}/{name}", hidden)

    key = np.tanh(told("key"))
    alike = memory @ key / (np.linalg.norm(memory, axis=1) * np.linalg.norm(key))
    content = softmax(softplus(told("strength")) * alike)
    gate, shift = expit(told("gate")), softmax(told("shift"))
    gated = gate * content + (1 - gate) * before
    turned = np.array([sum(gated[j] * shift[(i - j + 1) % 4] for j in range(4) if (i - j + 1) % 4 < 3) for i in range(4)])
    raised = turned ** (1 + softplus(told("sharpness")))
    return raised / raised.sum()


def test_it_writes_and_reads_as_in_the_paper() -> None:
    machine = built(SMALL)
    x = data.load(catalog.new("neural_turing_machine", settings=SMALL).data).x[0]
    memory, vector, told = np.full((4, 3), 1e-6), np.zeros(3), []
    write = read = np.eye(4)[0]
    for features in x:
        hidden = np.tanh(dense(machine, "cell/controller", np.concatenate([features, vector])))
        write = address(machine, "write_head_1", hidden, memory, write)
        erase, add = expit(dense(machine, "cell/write_head_1/erase", hidden)), np.tanh(dense(machine, "cell/write_head_1/add", hidden))
        memory = memory * (1 - np.outer(write, erase)) + np.outer(write, add)
        read = address(machine, "read_head_1", hidden, memory, read)
        vector = read @ memory
        told.append(np.concatenate([hidden, vector]))
    np.testing.assert_allclose(machine.model(x[None])[0], expit(dense(machine, "bits", np.array(told[-2:]))), atol=1e-5)


def test_it_has_as_many_weights_however_long_the_memory_and_the_series() -> None:
    heads = 2 * (5 * (3 + 1 + 1 + 3 + 1) + 9) + 2 * (5 * 3 + 3)
    assert trained_weights("neural_turing_machine", "lite", SMALL) == {"model": (4 + 3) * 5 + 5 + heads + (5 + 3) * 3 + 3}
    assert trained_weights("neural_turing_machine", "lite", SMALL | {"data.length": 5, "locations": 9}) == trained_weights(
        "neural_turing_machine", "lite", SMALL
    )


@pytest.mark.parametrize("controller", ["feedforward", "LSTM"])
def test_heads_side_by_side_have_their_own_places(controller: str) -> None:
    machine = built(SMALL | {"heads": 2, "controller": controller})
    assert {path.split("/")[1] for path in machine.layers if path.count("/") == 2} == {f"{what}_head_{n}" for what in ("write", "read") for n in (1, 2)}
    said = keras.ops.convert_to_numpy(machine.model(np.random.default_rng(0).random((3, 5, 4))))
    assert said.shape == (3, 2, 3) and len(np.unique(said.round(5))) > 6


@pytest.mark.slow
def test_it_copies_and_does_so_at_twice_the_length(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    session, done = trained("neural_turing_machine", tmp_path)
    said, right = held_out(session)
    assert np.mean((said > 0.5) == right) > 0.99
    longer = catalog.new("neural_turing_machine", settings={"data.length": 2 * right.shape[1], "data.samples": 400, "data.seed": 1})
    machine = build(longer.models["model"], "model").model
    machine.set_weights(session.models["model"].get_weights())
    x, y = data.load(longer.data).x, data.load(longer.data).y
    record_property("right bits at twice the length", float(np.mean((machine.predict(x, verbose=0) > 0.5) == y)))
    assert done.training_seconds < 60 * MINUTES
