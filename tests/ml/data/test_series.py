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


def test_the_next_value_of_a_sine_is_that_of_the_next_piece() -> None:
    dataset = data.load(Data("sine", {"samples": 100, "context": 12}))
    np.testing.assert_array_equal(dataset.x[1:, -1, 0], dataset.y[:-1, 0])
    assert np.abs(dataset.y).max() < 1.3


def test_parts_of_a_series_do_not_mix_in_time() -> None:
    rows = data.load(Data("sine")).parts["train"]
    assert (np.diff(rows) % 2000 == 1).all()


def test_mackey_glass_obeys_its_equation() -> None:
    """Where there is chaos the series stays within bounds and never repeats; a short delay settles to rest at 1."""
    chaos = data.load(Data("mackey_glass", {"samples": 1500})).y[:, 0]
    assert -0.8 < chaos.min() < -0.4 and 0.2 < chaos.max() < 0.5
    assert min(np.abs(chaos[lag:] - chaos[:-lag]).mean() for lag in range(20, 700)) > 0.02
    assert np.abs(data.load(Data("mackey_glass", {"samples": 200, "delay": 2})).y[-1]) < 0.01
