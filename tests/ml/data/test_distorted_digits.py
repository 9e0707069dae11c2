"""The distorted digits."""

from __future__ import annotations

import numpy as np
import pytest

from ml import data
from ml.data import distorted_digits
from ml.project.project import Data

PLAIN = {"rotation": 0.0, "shift": 0.0, "smallest": 1.0, "largest": 1.0}


def test_without_distortion_they_are_the_digits_on_their_own() -> None:
    plain = data.load(Data("distorted_digits", {"size": 32, **PLAIN}))
    digits = data.load(Data("digits", {"size": 32}))
    assert np.allclose(plain.x[:, 2:-2, 2:-2], digits.x[:, 2:-2, 2:-2], atol=1e-5)  # at the edge the one fades into black
    assert np.array_equal(plain.y, digits.y)


def test_the_same_seed_distorts_in_the_same_way() -> None:
    one, again, other = (data.load(Data("distorted_digits", {"seed": seed})).x for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_a_quarter_turn_is_a_quarter_turn() -> None:
    digit = np.random.default_rng(0).random((1, 8, 8)).astype("float32")
    turned = distorted_digits.placed(digit, 8, np.array([np.pi / 2]), np.array([8.0]), np.array([[4.0], [4.0]]))
    assert np.allclose(turned[0], np.rot90(digit[0], -1), atol=1e-5)


def test_a_digit_is_where_it_is_put_and_as_large() -> None:
    picture = distorted_digits.placed(np.ones((1, 8, 8), "float32"), 28, np.zeros(1), np.array([12.0]), np.array([[20.0], [9.0]]))[0]
    down, across = np.mgrid[:28, :28] + 0.5
    assert (picture * down).sum() / picture.sum() == pytest.approx(20, abs=1e-4)
    assert (picture * across).sum() / picture.sum() == pytest.approx(9, abs=1e-4)
    assert picture.sum() == pytest.approx(12 * 12, rel=0.05)
