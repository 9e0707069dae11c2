"""The copy task: what comes in is what is to be said, after the mark."""

from __future__ import annotations

import numpy as np

from ml import data
from ml.data.preview import preview
from ml.project.project import Data


def test_the_bits_before_the_mark_are_the_answer_and_nothing_comes_after_it() -> None:
    dataset = data.load(Data("copy", {"samples": 40, "length": 5, "bits": 3}))
    assert dataset.x.shape == (40, 11, 4) and dataset.y.shape == (40, 5, 3)
    np.testing.assert_array_equal(dataset.x[:, :5, :3], dataset.y)
    assert (dataset.x[:, 5] == [0, 0, 0, 1]).all() and not dataset.x[:, :5, 3].any() and not dataset.x[:, 6:].any()


def test_a_bit_is_1_as_often_as_not_and_says_nothing_of_the_others() -> None:
    bits = data.load(Data("copy", {"samples": 20_000, "length": 2, "bits": 2})).y.reshape(20_000, 4)
    assert abs(bits.mean() - 0.5) < 0.01
    assert np.abs(np.corrcoef(bits.T) - np.eye(4)).max() < 0.03


def test_the_same_seed_draws_the_same_bits() -> None:
    one, again, other = (data.load(Data("copy", {"samples": 50, "seed": seed})).y for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_a_preview_says_how_long_the_answer_is() -> None:
    shown = preview(0, Data("copy", {"length": 7}))
    assert shown.spec is not None and shown.spec.target_shape == (7, 8) and shown.arrays["y"].shape[1:] == (7, 8)
