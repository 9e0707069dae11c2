"""The pointer-generator: it writes words of its own and copies those of the source, also such as it never met."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml import catalog
from ml.build import Built, build, replay
from ml.data.copy_names import KNOWN
from ml.generate.reader import Translation
from ml.training.session import Session
from tests.ml.catalog.proofs import trained, trained_weights

NETWORK = 21_499_600
POINTER = 1153


@pytest.fixture(scope="module")
def built() -> Built:
    return build(catalog.new("copy_mechanism").models["model"])


def test_the_paper_preset_has_the_weights_of_the_paper_and_copying_adds_as_few() -> None:
    """See and others 2017, section 5: 21,499,600 for the network with 50,000 words, and 1,153 more for w_h*, w_s, w_x and b_ptr."""
    assert trained_weights("copy_mechanism") == {"model": NETWORK + POINTER}
    assert trained_weights("copy_mechanism", settings={"copying": False}) == {"model": NETWORK}


def test_a_word_is_as_likely_as_it_is_generated_or_looked_at_wherever_it_stands(built: Built) -> None:
    """Equation 9: p_gen times what the vocabulary says, and what is left for all places where the source has the word."""
    random = np.random.default_rng(0)
    source, target = random.integers(3, 543, (1, 18)).astype("int32"), random.integers(1, 543, (1, 8)).astype("int32")
    source[0, 3] = source[0, 7] = 500
    source[0, 12:] = 0
    results = replay(built.graph, built.layers, [source, target])
    generated, sources = (np.asarray(results[name][0]) for name in ("vocabulary", "sources"))
    p_gen, copied = sources[:, :, :1], sources[:, :, 1:]
    assert sources.shape == (1, 8, 1 + 18) and generated.shape == (1, 8, KNOWN)
    assert sources.sum(axis=-1) == pytest.approx(1, abs=1e-5) and not copied[:, :, 12:].any()
    expected = np.concatenate([p_gen * generated, np.zeros((1, 8, 543 - KNOWN))], axis=-1)
    for place, word in enumerate(source[0]):
        expected[:, :, word] += copied[:, :, place]
    np.testing.assert_allclose(built.model([source, target])[0], expected[0], atol=1e-6)


def test_words_that_it_does_not_have_are_one_to_it_and_padding_is_nothing(built: Built) -> None:
    source, target = np.full((1, 18), 7), np.full((1, 8), 9)
    source[0, 2:4] = 100, 200
    source[0, 10:] = 0
    other = np.where(source == 100, 300, source)
    said, again = (np.asarray(built.model([given, target]))[0] for given in (source, other))
    np.testing.assert_allclose(said[:, 100], again[:, 300], atol=1e-6)
    np.testing.assert_allclose(said[:, :KNOWN], again[:, :KNOWN], atol=1e-6)
    assert said[:, 100].min() > 0 and not again[:, 100].any()


def test_it_looks_at_nothing_that_is_not_written_yet(built: Built) -> None:
    source, target = np.full((1, 18), 7), np.arange(1, 9)[np.newaxis]
    changed = target.copy()
    changed[0, 5] = 20
    differs = np.abs(np.asarray(built.model([source, changed])) - np.asarray(built.model([source, target]))).max(axis=(0, 2)) > 1e-7
    assert not differs[:5].any() and differs[5:].all()


def names_right(session: Session) -> float:
    """The share of the names in headlines of the test part that the model writes, alone, where they belong."""
    x, y = session.dataset.part("test")
    said = Translation(session.models["model"], session.dataset).said(x)
    return float(np.mean((said == y)[y >= KNOWN]))


@pytest.mark.slow
def test_copying_writes_names_that_were_never_met_and_the_same_network_without_it_writes_none(tmp_path: Path) -> None:
    session, _ = trained("copy_mechanism", tmp_path)
    known = set(session.dataset.part("train")[1][session.dataset.part("train")[1] >= KNOWN])
    assert known.isdisjoint(session.dataset.part("test")[1].flat)
    assert names_right(session) >= 0.95
    without, _ = trained("copy_mechanism", tmp_path / "without", {"copying": False, "known": len(session.dataset.tokens)})
    assert names_right(without) < 0.02
