"""Attention: the decoder looks where it needs to."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from ml import catalog
from ml.build import build, replay
from ml.generate.reader import Translation
from ml.inspect.attention import watched
from ml.training.session import Session
from tests.ml.catalog.proofs import trained, trained_weights


def gru(inputs: int, units: int) -> int:
    """The weights of a GRU as Keras has them, with two biases for each gate."""
    return 3 * (inputs * units + units * units + 2 * units)


def test_the_weights_of_the_paper_preset_are_those_of_its_parts() -> None:
    embeddings, recurrent = 2 * 30_000 * 620, 3 * gru(620, 1000)
    attention = (1000 * 1000 + 1000) + 2000 * 1000 + 1000
    ends = (1000 * 1000 + 1000) + (3000 * 1000 + 1000) + (1000 * 30_000 + 30_000)
    assert trained_weights("seq2seq_attention") == {"model": embeddings + recurrent + attention + ends}


def test_the_weights_are_a_softmax_of_v_tanh_of_query_plus_key_over_what_was_read() -> None:
    """Bahdanau and others, equation 6 and the one below it: e = v tanh(W s + U h), and nothing for padding."""
    graph = catalog.new("seq2seq_attention", settings={"data.samples": 100}).models["model"]
    built = build(graph)
    random = np.random.default_rng(0)
    source, target = random.integers(1, 41, (1, 28)).astype("int32"), random.integers(1, 14, (1, 11)).astype("int32")
    source[:, 20:] = 0
    results = replay(watched(built.graph), built.layers, [source, target])
    query, key = (np.asarray(results[name][0]) for name in ("query", "key"))
    scale = np.asarray(built.layers["alignment"].get_weights()[0])
    energy = (np.tanh(query[:, :, None] + key[:, None]) * scale).sum(-1)[:, :, :20]
    expected = np.exp(energy) / np.exp(energy).sum(-1, keepdims=True)
    context, scores = (keras.ops.convert_to_numpy(value) for value in results["alignment"])
    np.testing.assert_allclose(scores[:, :, :20], expected, atol=1e-5)
    np.testing.assert_allclose(scores[:, :, 20:], 0, atol=1e-6)
    annotations = np.asarray(results["encoder"][0])
    np.testing.assert_allclose(context, scores @ annotations, atol=1e-5)


def test_it_looks_at_nothing_that_is_not_written_yet() -> None:
    model = Session(catalog.new("seq2seq_attention", settings={"data.samples": 100})).models["model"]
    source, target = np.full((1, 28), 7), np.arange(1, 12)[np.newaxis]
    changed = target.copy()
    changed[0, 5] = 13
    differs = np.abs(model([source, changed]) - model([source, target])).max(axis=(0, 2)) > 1e-7
    assert not differs[:5].any() and differs[5:].all()


@pytest.mark.slow
def test_it_writes_dates_that_it_has_not_seen(tmp_path: Path) -> None:
    session, _ = trained("seq2seq_attention", tmp_path)
    x, y = session.dataset.part("test")
    said = Translation(session.models["model"], session.dataset).said(x)
    assert np.mean((said == y).all(axis=1)) >= 0.95
