"""Sequence to sequence: all that the decoder knows of the source is in the state that it begins with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml import catalog
from ml.generate.reader import Translation
from ml.training.session import Session
from tests.ml.catalog.proofs import trained, trained_weights


def test_the_paper_preset_has_the_384_million_weights_that_the_paper_counts() -> None:
    assert trained_weights("seq2seq") == {"model": 384_000_000}


def test_of_a_smaller_one_the_weights_are_those_of_its_parts() -> None:
    embeddings, lstm = 41 * 32 + 14 * 32, 4 * ((32 + 96) * 96 + 96)
    assert trained_weights("seq2seq", "lite") == {"model": embeddings + 2 * lstm + 96 * 14 + 14}


def samples() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    source, target = random.integers(1, 41, (1, 28)), random.integers(1, 14, (1, 11))
    source[:, 20:] = 0
    return source, target


@pytest.mark.parametrize("settings", [{}, {"reverse": True, "depth": 2}])
def test_padding_changes_nothing_and_everything_else_does(settings: dict[str, int]) -> None:
    model = Session(catalog.new("seq2seq", settings={"data.samples": 100} | settings)).models["model"]
    source, target = samples()
    first, last = source.copy(), source.copy()
    first[0, 0], last[0, 19] = 1 + first[0, 0] % 40, 1 + last[0, 19] % 40
    said = model([source, target])
    assert np.abs(model([first, target]) - said).max() > 1e-7 and np.abs(model([last, target]) - said).max() > 1e-7


def test_a_token_is_known_from_where_it_was_written_on() -> None:
    model = Session(catalog.new("seq2seq", settings={"data.samples": 100})).models["model"]
    source, target = samples()
    changed = target.copy()
    changed[0, 5] = 1 + target[0, 5] % 13
    differs = np.abs(model([source, changed]) - model([source, target])).max(axis=(0, 2)) > 1e-7
    assert not differs[:5].any() and differs[5:].all()


@pytest.mark.slow
def test_it_writes_dates_that_it_has_not_seen(tmp_path: Path) -> None:
    session, _ = trained("seq2seq", tmp_path)
    x, y = session.dataset.part("test")
    said = Translation(session.models["model"], session.dataset).said(x)
    assert np.mean((said == y).all(axis=1)) > 0.9
