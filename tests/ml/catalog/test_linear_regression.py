"""Linear regression comes to the closed form, and to what scikit-learn's has on the same folds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold

from ml import catalog, data
from ml.build import build
from ml.data import Dataset
from ml.project.project import Data
from ml.recipes import closed_form
from tests.ml.catalog.proofs import SECONDS, held_out, trained, trained_weights

RAW = data.load(Data("diabetes", {"standardize_target": False}))


def solved(dataset: Dataset, rows: np.ndarray, l2: float = 0.0):
    """The template's model, given the least squares for some rows of the data, and its last layer's weights."""
    built = build(catalog.new("linear_regression", settings={"l2": l2}).models["model"], "model")
    built.layers["normalization"].adapt(dataset.x[rows])
    closed_form.trainer({"model": built.model}, None, dataset).train_step((dataset.x[rows], dataset.y[rows]))
    return built.model, built.layers["dense"].get_weights()[0][:, 0]


def test_the_paper_has_a_weight_for_each_measurement_and_a_bias() -> None:
    assert trained_weights("linear_regression") == {"model": 11}


def test_in_ten_folds_it_errs_as_much_as_least_squares_do() -> None:
    errors = []
    for fit, rest in KFold(10, shuffle=True, random_state=0).split(RAW.x):
        model, _ = solved(RAW, fit)
        errors.append(np.mean((np.asarray(model(RAW.x[rest])) - RAW.y[rest]) ** 2))
    assert np.mean(errors) == pytest.approx(2985.2, abs=0.1)


def test_weights_shrink_as_their_price_grows() -> None:
    sizes = [float(np.sum(solved(RAW, np.arange(442), l2)[1] ** 2)) for l2 in (0.0, 0.01, 0.1, 1.0, 10.0)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < sizes[0] / 20


@pytest.mark.slow
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_steps_down_the_slope_end_where_the_closed_form_is(l2: float, tmp_path: Path) -> None:
    session, done = trained("linear_regression", tmp_path, {"l2": l2})
    x, y = session.dataset.part("train")
    scaled = (x - x.mean(axis=0)) / x.std(axis=0)
    theirs = Ridge(alpha=l2 * len(x)).fit(scaled, y[:, 0])
    said, right = held_out(session)
    unseen = np.concatenate([session.dataset.part(part)[0] for part in ("validation", "test")])
    expected = theirs.predict((unseen - x.mean(axis=0)) / x.std(axis=0))
    np.testing.assert_allclose(said[:, 0], expected, atol=0.1)
    assert np.mean((said - right) ** 2) <= 1.01 * np.mean((expected - right[:, 0]) ** 2)
    assert done.training_seconds < SECONDS
