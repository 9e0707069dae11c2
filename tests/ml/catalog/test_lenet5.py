"""LeNet-5: the counts of 1998 and of today, the table of C3, the subsampling and the drawings at its end."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from ml import catalog
from ml.build import build
from ml.catalog import lenet5
from tests.ml.catalog.proofs import SECONDS, held_out_accuracy, trained, trained_weights

MODERN = {"activation": "tanh", "pooling": "average", "connections": "full", "output": "softmax"}
TABLE = """
X . . . X X X . . X X X X . X X
X X . . . X X X . . X X X X . X
X X X . . . X X X . . X . X X X
. X X X . . X X X X . . X . X X
. . X X X . . X X X X . X X . X
. . . X X X . . X X X X . X X X
"""
"""Table I of the paper: a row for each map of S2, a column for each of C3."""


@pytest.fixture(scope="module")
def paper() -> keras.Model:
    keras.utils.set_random_seed(0)
    return build(catalog.new("lenet5", "paper").models["model"]).model


def random(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype("float32")


@pytest.mark.parametrize(
    ("settings", "count"),
    [({}, 60_000), (MODERN | {"data.size": 28}, 44_426), (MODERN, 61_706)],
    ids=["as published in 1998", "28 × 28 without padding", "32 × 32, dense"],
)
def test_it_has_as_many_weights_as_the_published(settings: dict, count: int) -> None:
    assert trained_weights("lenet5", settings=settings) == {"model": count}


def test_each_map_of_c3_sees_the_maps_that_the_table_says(paper: keras.Model) -> None:
    table = np.array([row.split() for row in TABLE.split("\n") if row]) == "X"
    maps = random(1, 14, 14, 6)
    before = paper.get_layer("c3")(maps)
    for number in range(6):
        changed = maps.copy()
        changed[..., number] += 1
        moved = np.abs(paper.get_layer("c3")(changed) - before).max(axis=(0, 1, 2)) > 1e-6
        np.testing.assert_array_equal(moved, table[number])


def test_subsampling_is_a_mean_with_a_weight_and_a_bias_for_each_map(paper: keras.Model) -> None:
    s2, maps = paper.get_layer("s2"), random(1, 28, 28, 6)
    weight, bias = random(6), random(6) + 1
    s2.set_weights([weight.reshape(1, 1, 6, 1), bias])
    mean = maps.reshape(1, 14, 2, 14, 2, 6).mean(axis=(2, 4))
    np.testing.assert_allclose(s2(maps), 1.7159 * np.tanh(2 / 3 * (weight * mean + bias)), atol=1e-5)


def test_the_end_measures_how_far_84_numbers_are_from_ten_drawings(paper: keras.Model) -> None:
    drawings = np.array(lenet5.codes())
    assert drawings.shape == (10, 84) and set(drawings.flat) == {-1, 1} and len(np.unique(drawings, axis=0)) == 10
    said = random(3, 84)
    wanted = -((said[:, np.newaxis] - drawings) ** 2).sum(axis=-1)
    np.testing.assert_allclose(paper.get_layer("rbf")(said), wanted, rtol=1e-5)
    np.testing.assert_array_equal(np.argmax(paper.get_layer("rbf")(drawings.astype("float32")), axis=1), range(10))


def test_pictures_are_large_enough() -> None:
    with pytest.raises(catalog.SettingProblem, match=r"16 × 16.*set data\.size to 28"):
        catalog.new("lenet5", settings={"data.size": 8})


@pytest.mark.parametrize("settings", [{"connections": "sparse", "filters": [6, 12]}, {"output": "rbf", "units": [120, 80]}, {"filters": [6]}])
def test_what_the_paper_fixes_stays(settings: dict) -> None:
    with pytest.raises(catalog.SettingProblem):
        catalog.new("lenet5", settings=settings)


@pytest.mark.slow
def test_lite_reads_97_of_100_digits(tmp_path) -> None:
    session, done = trained("lenet5", tmp_path)
    assert held_out_accuracy(session) >= 0.97
    assert done.training_seconds < SECONDS
