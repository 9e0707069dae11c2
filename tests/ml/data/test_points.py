"""The small data that the foundations of the catalogue learn from."""

import numpy as np
import pytest
from sklearn import datasets
from sklearn.linear_model import LogisticRegression

from ml import data
from ml.project.project import Data


def best_line(loaded):
    """How many of all points the best straight border has right."""
    return LogisticRegression(C=100).fit(loaded.x, loaded.y).score(loaded.x, loaded.y)


def test_wine_is_scikit_learns():
    loaded, (x, y) = data.load(Data("wine")), datasets.load_wine(return_X_y=True)
    np.testing.assert_allclose(loaded.x, x, rtol=1e-6)
    assert np.array_equal(loaded.y, y)
    assert list(loaded.features) == list(datasets.load_wine().feature_names)


def test_a_line_parts_two_blobs_and_no_line_parts_exclusive_or():
    assert best_line(data.load(Data("blobs"))) == 1
    assert best_line(data.load(Data("xor"))) < 0.7


@pytest.mark.parametrize("centers", [2, 3, 7])
def test_blobs_lie_around_a_circle(centers):
    loaded = data.load(Data("blobs", {"samples": 7000, "centers": centers}))
    means = np.stack([loaded.x[loaded.y == cloud].mean(axis=0) for cloud in range(centers)])
    assert np.linalg.norm(means, axis=1) == pytest.approx(2, abs=0.1)
    assert loaded.x[loaded.y == 0].std(axis=0) == pytest.approx(0.6, abs=0.05)


def test_exclusive_or_without_noise_is_its_truth_table():
    loaded = data.load(Data("xor", {"samples": 20, "noise": 0.0}))
    assert {(*map(float, point), int(label)) for point, label in zip(loaded.x, loaded.y, strict=True)} == {(-1, -1, 0), (-1, 1, 1), (1, -1, 1), (1, 1, 0)}


@pytest.mark.parametrize("source", ["blobs", "xor"])
def test_the_seed_chooses_the_points(source):
    assert np.array_equal(data.load(Data(source)).x, data.load(Data(source)).x)
    assert not np.array_equal(data.load(Data(source)).x, data.load(Data(source, {"seed": 1})).x)
