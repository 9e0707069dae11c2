"""Sets of numbers and where they stand in order."""

from __future__ import annotations

import numpy as np
import pytest

from ml import data
from ml.data import DataProblem
from ml.data.preview import preview
from ml.data.words import END, PLACE, START, numbers
from ml.project.project import Data

SMALL = {"samples": 300}


def test_the_places_lead_through_the_numbers_from_the_least_to_the_greatest() -> None:
    dataset = data.load(Data("sorting", SMALL))
    assert dataset.x.shape == (300, 10, 1) and dataset.y.shape == (300, 12)
    assert (dataset.y[:, 0] == START).all() and (dataset.y[:, -1] == END).all()
    in_order = np.take_along_axis(dataset.x[..., 0], dataset.y[:, 1:-1] - PLACE, axis=1)
    assert np.array_equal(in_order, np.sort(dataset.x[..., 0], axis=1)) and (np.diff(in_order) > 0).all()


def test_shorter_sets_end_sooner() -> None:
    dataset = data.load(Data("sorting", SMALL | {"shortest": 4}))
    lengths = np.count_nonzero(dataset.x[..., 0], axis=1)
    assert set(lengths) == set(range(4, 11))
    for x, y, length in zip(dataset.x[..., 0], dataset.y, lengths, strict=True):
        assert y[length + 1] == END and not y[length + 2 :].any()
        assert np.array_equal(x[y[1 : length + 1] - PLACE], np.sort(x[:length]))


def test_the_same_seed_draws_the_same_sets() -> None:
    one, again, other = (data.load(Data("sorting", SMALL | {"seed": seed})).x for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_the_preview_shows_the_numbers_as_they_come_and_in_order() -> None:
    for text in preview(1, Data("sorting", SMALL | {"shortest": 4})).texts:
        came, ordered = (side.split() for side in text.split("  →  "))
        assert came != ordered and sorted(came, key=float) == ordered


def test_points_are_written_with_all_their_numbers() -> None:
    assert numbers(np.array([[0.5, 0.25], [0, 1], [0, 0]])) == ["0.5,0.25", "0,1"]


@pytest.mark.parametrize(
    ("arguments", "sentence"), [({"numbers": 9}, "A set of 10 needs as many different numbers, and there are 9"), ({"shortest": 11}, "can't have 11 numbers")]
)
def test_what_can_not_be_is_said_with_a_way_out(arguments: dict[str, int], sentence: str) -> None:
    with pytest.raises(DataProblem, match=sentence) as raised:
        data.spec(Data("sorting", arguments))
    (way,) = raised.value.ways
    given = {name: value for name, value in (arguments | way.arguments).items() if value is not None}
    assert data.spec(Data("sorting", given)).shape == (10, 1)
