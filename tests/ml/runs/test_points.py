"""Room that doesn't grow with the run, and what stays in it."""

import numpy as np
import pytest

from ml.runs.points import MOST, Points


def points_of(values):
    points = Points(2)
    for step, value in enumerate(values):
        points.append(step, value)
    return points


def test_all_of_them_stay_while_there_is_room():
    values = np.random.default_rng(0).normal(size=MOST)
    assert np.array_equal(points_of(values).table[-1], values)


@pytest.mark.parametrize("lost", [0.0, 0.5, 0.9])
def test_of_very_many_the_least_and_the_greatest_stay_where_they_were_whatever_is_not_a_number(lost):
    random = np.random.default_rng(1)
    values = random.normal(size=5 * MOST)
    values[random.random(len(values)) < lost] = np.nan
    steps, kept = points_of(values).table
    assert len(kept) <= MOST and (np.diff(steps) > 0).all()
    assert np.array_equal(kept, values[steps.astype(int)], equal_nan=True)
    assert np.nanmin(kept) == np.nanmin(values) and np.nanmax(kept) == np.nanmax(values)


@pytest.mark.parametrize("value", [1.0, np.nan, np.inf])
def test_equal_values_are_spread_over_the_whole(value):
    steps = points_of([value] * (2 * MOST)).table[0]
    assert steps[0] == 0 and steps[-1] == 2 * MOST - 1 and np.diff(steps).max() < 16


def test_whether_others_went_is_said_and_how_many_came():
    points = Points(1)
    assert [points.append(step) for step in range(MOST + 1)] == [False] * MOST + [True]
    assert points.taken == MOST + 1
    points.pop()
    assert len(points) == MOST // 2
