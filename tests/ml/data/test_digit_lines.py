"""Lines of digits."""

from __future__ import annotations

import numpy as np
import pytest

from ml import data
from ml.data.preview import preview
from ml.data.words import transcribed
from ml.project.project import Data


def lines(**arguments: int) -> data.Dataset:
    return data.load(Data("digit_lines", {"samples": 600, **arguments}))


def test_digits_stand_side_by_side_as_they_are() -> None:
    apart = lines(shortest=3, longest=3, nearest=2, farthest=2, height=8)
    digits = data.load(Data("digits"))
    assert apart.shape == (8, 30, 1) and apart.y.shape == (600, 3)
    for index in (0, 300, 599):
        for place in range(3):
            found = apart.x[index, :, 2 + 10 * place : 10 + 10 * place]
            same = np.flatnonzero((digits.x == found).all(axis=(1, 2, 3)))
            assert len(same) == 1 and digits.y[same[0]] == apart.y[index, place] - 1


def test_labels_end_in_blanks_where_a_line_is_shorter() -> None:
    counts = (lines().y > 0).sum(axis=1)
    assert set(counts) == {2, 3, 4, 5}
    assert all((row[:count] > 0).all() and not row[count:].any() for row, count in zip(lines().y, counts, strict=True))


def test_no_digit_is_in_two_parts() -> None:
    alone = lines(shortest=1, longest=1, nearest=0, farthest=0, height=8)
    train, *others = ({digit.tobytes() for digit in alone.part(name)[0]} for name in ("train", "validation", "test"))
    assert len(train) > 200 and all(len(other) > 50 and not train & other for other in others)


def test_the_same_seed_makes_the_same_lines() -> None:
    one, again, other = (lines(seed=seed).x for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_the_preview_counts_digits_and_no_blanks() -> None:
    shown = preview(0, Data("digit_lines", {"samples": 600}))
    assert shown.arrays["counts"].numpy().sum(axis=0)[0] == 0
    assert shown.arrays["counts"].numpy().sum() == (lines().y > 0).sum()


def test_labels_are_read_as_text() -> None:
    assert transcribed([3, 1, 10, 0], lines().classes) == "209"
    assert transcribed([1, 2, 0], ("blank", "on", "off")) == "on off"


@pytest.mark.parametrize("arguments", [{"shortest": 6}, {"nearest": 5}])
def test_what_can_not_be_is_said_with_a_way_out(arguments: dict[str, int]) -> None:
    with pytest.raises(data.DataProblem, match="at least and") as problem:
        lines(**arguments)
    assert len(lines(**arguments | problem.value.ways[0].arguments).x) == 600
