"""CapsNet: as many weights as the paper's, routing as in its procedure, and digits told apart by length."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from ml.build import build
from ml.catalog import capsnet
from tests.ml.catalog.proofs import SECONDS, trained, trained_weights


def squashed(vectors: np.ndarray) -> np.ndarray:
    """Equation 1, by hand."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return length**2 / (1 + length**2) * vectors / length


def routed(predictions: np.ndarray, times: int) -> np.ndarray:
    """Procedure 1, by hand: predictions (capsules, classes, size) to (classes, size)."""
    logits, capsules = np.zeros(predictions.shape[:2]), np.zeros(predictions.shape[1:])
    for _ in range(times):
        coupling = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        capsules = squashed((coupling[..., np.newaxis] * predictions).sum(axis=0))
        logits = logits + (predictions * capsules).sum(axis=-1)
    return capsules


def test_it_has_as_many_weights_as_the_paper_s() -> None:
    assert trained_weights("capsnet") == {"model": 6_804_224, "decoder": 8_215_568 - 6_804_224}


def test_for_pictures_of_three_colours_only_the_first_convolution_and_the_last_layer_grow() -> None:
    counts = trained_weights("capsnet", settings={"data.channels": 3})
    assert counts == {"model": 6_804_224 + 2 * 81 * 256, "decoder": 1_411_344 + 2 * 784 * 1025}


@pytest.mark.parametrize("times", [1, 2, 3])
def test_routing_is_procedure_1(times: int) -> None:
    predictions = np.random.default_rng(times).normal(size=(2, 7, 5, 4)).astype("float32")
    made = build(capsnet.routing(7, 5, 4, times)).model(predictions)
    np.testing.assert_allclose(made, np.stack([routed(each, times) for each in predictions]), atol=1e-5)


def test_who_agrees_is_heard() -> None:
    predictions = np.random.default_rng(0).normal(0, 0.3, (1, 12, 3, 4)).astype("float32")
    predictions[0, :8, 1] = [2.0, 0, 0, 0]
    lengths = [np.linalg.norm(build(capsnet.routing(12, 3, 4, times)).model(predictions), axis=-1)[0] for times in (1, 3)]
    assert lengths[1][1] > lengths[0][1] and lengths[1].argmax() == 1


def test_no_capsule_is_longer_than_one() -> None:
    vectors = np.random.default_rng(0).normal(0, 30, (1, 50, 8)).astype("float32")
    made = keras.ops.convert_to_numpy(build(capsnet.squash([50, 8])).model(vectors))
    np.testing.assert_allclose(made, squashed(vectors), atol=1e-5)
    assert np.linalg.norm(made, axis=-1).max() < 1


@pytest.mark.slow
def test_it_reads_digits_and_paints_them_again(tmp_path: Path) -> None:
    session, done = trained("capsnet", tmp_path)
    x, y = (np.concatenate(parts) for parts in zip(*(session.dataset.part(name) for name in ("validation", "test")), strict=True))
    lengths, capsules = session.models["model"].predict(x, verbose=0)
    said = lengths.argmax(axis=1)
    assert np.mean(said == y) >= 0.97
    painted = session.models["decoder"].predict(capsules * (np.arange(10) == said[:, np.newaxis])[..., np.newaxis], verbose=0)
    assert np.mean((painted - x) ** 2) < 0.6 * x.var(axis=0).mean()
    assert done.training_seconds < SECONDS
