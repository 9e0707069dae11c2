"""The series: what they are made of, and that the parts do not overlap in time."""

from __future__ import annotations

import numpy as np

from ml import data
from ml.project.project import Data


def test_the_adding_problem_asks_for_the_sum_of_the_two_marked_numbers() -> None:
    dataset = data.load(Data("adding", {"samples": 500, "length": 20}))
    numbers, marks = dataset.x[..., 0], dataset.x[..., 1]
    assert dataset.x.shape == (500, 20, 2) and (marks[:, :10].sum(axis=1) == 1).all() and (marks[:, 10:].sum(axis=1) == 1).all()
    for row, marked, target in zip(numbers, marks, dataset.y[:, 0], strict=True):
        np.testing.assert_allclose(row[marked == 1].sum(), target, rtol=1e-6)


def test_always_answering_one_has_the_known_error() -> None:
    assert abs(np.mean((data.load(Data("adding", {"samples": 50_000})).y - 1) ** 2) - 1 / 6) < 0.003


def test_the_same_seed_gives_the_same_series() -> None:
    one, again, other = (data.load(Data("adding", {"samples": 50, "seed": seed})).x for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)
