"""The CTC template: its weights, its cells with peepholes, and the lines that it reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml import catalog
from ml.build import build
from ml.recipes.ctc import read
from tests.ml.catalog.proofs import SECONDS, held_out, trained, trained_weights


def test_the_weights_of_the_paper_preset_are_those_of_the_paper() -> None:
    assert trained_weights("ctc") == {"model": 114_662}
    assert trained_weights("ctc", "paper", {"peepholes": False}) == {"model": 114_662 - 2 * 3 * 100}


def test_the_weights_follow_from_the_parameters() -> None:
    convolutions = 9 * 1 * 4 + 2 * 4 + 9 * 4 * 8 + 2 * 8
    readers = 2 * 4 * ((3 * 8 + 5) * 5 + 5)
    assert trained_weights("ctc", "lite", {"filters": 4, "units": 5}) == {"model": convolutions + readers + 10 * 11 + 11}


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def along(layers: dict, path: str, x: np.ndarray) -> np.ndarray:
    """LSTM cells whose gates see the cells, in NumPy: (batch, time, features) to (batch, time, units)."""
    weights = {name: layers[f"{path}/cell/{name}"].get_weights() for name in ("candidate", *(f"{gate}_gate" for gate in ("input", "forget", "output")))}
    peepholes = {gate: layers[f"{path}/cell/{gate}_peephole"].get_weights()[0] for gate in ("input", "forget", "output")}
    h = c = np.zeros((len(x), len(peepholes["input"])))
    states = []
    for step in range(x.shape[1]):
        both = np.concatenate([x[:, step], h], axis=1)
        summed = {name: both @ kernel + bias for name, (kernel, bias) in weights.items()}
        write, keep = (sigmoid(summed[f"{gate}_gate"] + peepholes[gate] * c) for gate in ("input", "forget"))
        c = keep * c + write * np.tanh(summed["candidate"])
        h = sigmoid(summed["output_gate"] + peepholes["output"] * c) * np.tanh(c)
        states.append(h)
    return np.stack(states, axis=1)


def test_with_peepholes_the_gates_see_the_cells_in_both_directions() -> None:
    settings = {"data.longest": 1, "data.shortest": 1, "data.farthest": -1, "data.height": 9, "units": 3, "classes": 11}
    built = build(catalog.new("ctc", "paper", settings).models["model"], "model")
    random = np.random.default_rng(0)
    for layer in built.layers.values():
        layer.set_weights([random.normal(size=weight.shape) for weight in layer.get_weights()])
    x = random.random((2, 9, 8, 1)).astype("float32")
    columns = x[..., 0].transpose(0, 2, 1)
    both = np.concatenate([along(built.layers, "forward", columns), along(built.layers, "backward", columns[:, ::-1])[:, ::-1]], axis=-1)
    kernel, bias = built.layers["label"].get_weights()
    raised = np.exp(both @ kernel + bias)
    np.testing.assert_allclose(built.model(x), raised / raised.sum(-1, keepdims=True), atol=1e-5)


@pytest.mark.slow
def test_it_reads_lines_of_digits_that_it_has_never_seen(tmp_path: Path) -> None:
    session, done = trained("ctc", tmp_path)
    said, right = held_out(session)
    labels, many = (np.asarray(each) for each in read(said, right.shape[1]))
    whole = (labels == right).all(axis=1) & (many == (right > 0).sum(axis=1))
    assert len(whole) > 1000 and whole.mean() >= 0.9
    assert done.training_seconds < SECONDS
