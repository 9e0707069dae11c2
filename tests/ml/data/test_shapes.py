"""The drawn shapes."""

from __future__ import annotations

import numpy as np
import pytest

from ml import data
from ml.data import shapes
from ml.project.project import Data


def test_each_shape_is_drawn_as_often_as_the_others() -> None:
    dataset = data.load(Data("shapes", {"samples": 80}))
    assert dataset.x.shape == (80, 32, 32, 3) and dataset.x.min() >= 0 and dataset.x.max() <= 1
    assert np.bincount(dataset.y).tolist() == [10] * len(dataset.classes)


def test_the_same_seed_draws_the_same_pictures() -> None:
    one, again, other = (data.load(Data("shapes", {"samples": 80, "seed": seed})).x for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)


@pytest.mark.parametrize(("shape", "area"), [("circle", np.pi), ("square", 2.0), ("triangle", 3**1.5 / 4), ("hexagon", 3**1.5 / 2), ("ring", np.pi * 0.64)])
def test_a_shape_has_the_area_that_geometry_gives_it(shape: str, area: float) -> None:
    y, x = np.mgrid[-1:1:801j, -1:1:801j]
    inside = shapes.SHAPES[shape](np.hypot(x, y), np.arctan2(y, x)) > 0
    assert inside.mean() * 4 == pytest.approx(area, abs=0.02)


def test_styles_keep_place_and_form() -> None:
    filled, outline = (data.load(Data("shapes", {"samples": 80, "noise": 0.0, "style": style})).x for style in ("filled", "outline"))
    differ = np.abs(filled - outline).max(axis=(1, 2, 3)) > 0
    assert differ.all() and np.array_equal(filled[:, 0, 0], outline[:, 0, 0])
