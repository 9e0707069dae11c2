"""The pointer network: what it says are places of what it reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml import catalog
from ml.build import Built, build, replay
from ml.catalog import SettingProblem
from ml.data.words import END, PLACE, START
from ml.generate.reader import Translation
from tests.ml.catalog.proofs import trained, trained_weights

SMALL: dict[str, Any] = {"data.samples": 100, "data.length": 4, "units": 8}
X = np.array([[0.4, 0.1, 0.9, 0.2], [0.3, 0.7, 0, 0]], "float32")[..., np.newaxis]
GIVEN = np.array([[START, 4, 6, 3, 5], [START, 3, 4, END, 0]], "int32")
"""Their places in order, as the network is told them."""


def small(**settings: Any) -> Built:
    return build(catalog.new("pointer_network", settings=SMALL | settings).models["model"])


def said(built: Built, x: np.ndarray, given: np.ndarray) -> np.ndarray:
    return np.asarray(built.model([x, given]))


def test_its_weights_do_not_depend_on_the_length() -> None:
    """Two LSTMs of one number each, the two matrices and the vector of equation 3."""
    units = 512
    expected = {"model": 2 * 4 * units * (1 + units + 1) + 2 * units * units + units}
    assert trained_weights("pointer_network") == expected
    assert trained_weights("pointer_network", settings={"data.length": 50}) == expected


def test_the_pointers_are_a_softmax_of_v_tanh_of_query_plus_key_over_what_is_free() -> None:
    """Vinyals and others, equation 3: u = v tanh(W1 e + W2 d), p = softmax(u); the end is the first of the places."""
    built = small()
    results = replay(built.graph, built.layers, [X, GIVEN])
    query, key = (np.asarray(results[f"pointer/{name}"][0]) for name in ("query", "key"))
    score = np.tanh(query[:, :, None] + key[:, None]) @ built.layers["pointer/score"].get_weights()[0][:, 0]
    free = np.ones((2, 5, 5), bool)
    for sample, row in enumerate(GIVEN):
        free[sample, :, 1:] &= X[sample, :, 0] != 0
        for step, token in enumerate(row[1:], start=1):
            if token >= END:
                free[sample, step:, token - END] = False
    weights = np.exp(score) * free
    with np.errstate(invalid="ignore"):
        expected = weights / weights.sum(-1, keepdims=True)
    found = said(built, X, GIVEN)
    assert found.shape == (2, 5, 7) and not found[..., :END].any()
    np.testing.assert_allclose(found[0, :, END:], expected[0], atol=1e-6)
    np.testing.assert_allclose(found[1, :3, END:], expected[1, :3], atol=1e-6)


def test_it_never_points_to_what_is_not_there() -> None:
    found = said(small(chosen_once=False), X, GIVEN)
    np.testing.assert_allclose(found[1, :, PLACE + 2 :], 0, atol=1e-7)
    np.testing.assert_allclose(found.sum(-1), 1, atol=1e-5)
    assert found[0, -1, PLACE:].min() > 0  # and again to what it has chosen


def test_what_is_not_there_changes_nothing() -> None:
    """The same sets with more room behind them, built longer, with the same weights."""
    built, longer = small(), small(**{"data.length": 6})
    longer.model.set_weights(built.model.get_weights())
    room = np.pad(X, [(0, 0), (0, 2), (0, 0)])
    np.testing.assert_allclose(said(longer, room, np.pad(GIVEN, [(0, 0), (0, 2)]))[1, :3, :5], said(built, X, GIVEN)[1, :3, :5], atol=1e-6)


def test_it_is_fed_the_numbers_at_the_places_that_it_chose() -> None:
    built = small()
    fed = np.asarray(replay(built.graph, built.layers, [X, GIVEN])["last_chosen"][0])
    np.testing.assert_allclose(fed[..., 0], [[0, 0.1, 0.2, 0.4, 0.9], [0, 0.3, 0.7, 0, 0]])


def test_it_takes_points_too_but_no_tokens() -> None:
    """The paper's own problems are of points in the plane."""
    points = catalog.new("pointer_network", settings=SMALL | {"shape": [4, 2]}).models["model"]
    assert said(build(points), np.repeat(X, 2, axis=-1), GIVEN).shape == (2, 5, 7)
    with pytest.raises(SettingProblem, match="try seq2seq_attention"):
        catalog.new("pointer_network", settings={"data": "dates"})
    with pytest.raises(SettingProblem, match="seq2seq reads tokens, and sorting is made of numbers"):
        catalog.new("seq2seq", settings={"data": "sorting"})


@pytest.mark.slow
def test_it_sorts_ten_numbers_that_it_has_not_seen(tmp_path: Path) -> None:
    session, _ = trained("pointer_network", tmp_path)
    x, y = session.dataset.part("test")
    assert x.shape[1] == 10
    found = Translation(session.models["model"], session.dataset).said(x)
    assert np.mean((found == y).all(axis=1)) >= 0.95
