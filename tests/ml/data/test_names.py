"""Names of cities, one after the other."""

from __future__ import annotations

import numpy as np

from ml import data
from ml.data.names import CITIES
from ml.project.project import Data


def test_windows_are_cut_from_all_names_and_each_character_is_followed_by_the_next() -> None:
    dataset = data.load(Data("names"))
    assert dataset.x.shape == dataset.y.shape and dataset.x.shape[1] == 32
    np.testing.assert_array_equal(dataset.x[:, 1:], dataset.y[:, :-1])
    known = set(" ".join(CITIES.split()).split(", "))
    whole = {name for row in dataset.x for name in dataset.decode(row).split("\n")[1:-1]}
    assert len(known) > 350 and len(whole) > 150 and whole <= known
    assert {"Berlin", "Sao Paulo", "Port-au-Prince"} <= known


def test_the_seed_changes_the_order_alone() -> None:
    one, again, other = (data.load(Data("names", {"seed": seed, "context": 8})).x for seed in (1, 1, 2))
    assert np.array_equal(one, again) and one.shape == other.shape and not np.array_equal(one, other)
