"""Two logistic units make of exclusive or what a third can divide by a line."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from ml import catalog
from ml.build import build
from tests.ml.catalog.proofs import SECONDS, held_out_accuracy, trained, trained_weights


def test_the_network_for_exclusive_or_has_nine_weights() -> None:
    assert trained_weights("cascaded_logistic") == {"model": 9}
    assert trained_weights("cascaded_logistic", settings={"units": 5}) == {"model": 5 * 3 + 6}


def test_or_and_not_and_make_exclusive_or() -> None:
    """The weights that D. E. Rumelhart, G. E. Hinton and R. J. Williams, 1986, show in principle: one unit for or, one for and."""
    model = build(catalog.new("cascaded_logistic").models["model"], "model").model
    model.get_layer("features").set_weights([np.full((2, 2), 20.0), np.array([10.0, -10.0])])
    model.get_layer("decision").set_weights([np.array([[20.0], [-20.0]]), np.array([-10.0])])
    corners = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]], "float32")
    inner = keras.Sequential(model.layers[2:])
    assert (np.asarray(inner(corners))[:, 0] > 0.5).tolist() == [False, True, True, False]


@pytest.mark.slow
def test_what_no_line_divides_a_line_divides_in_the_hidden_space(tmp_path: Path) -> None:
    session, done = trained("cascaded_logistic", tmp_path)
    model = session.models["model"]
    hidden = keras.Model(model.input, model.get_layer("features").output)
    x, y = session.dataset.x, session.dataset.y
    assert LogisticRegression().fit(x, y).score(x, y) < 0.7
    assert LogisticRegression(C=100).fit(hidden.predict(x, verbose=0), y).score(hidden.predict(x, verbose=0), y) >= 0.98
    assert held_out_accuracy(session) >= 0.98
    assert done.training_seconds < SECONDS
