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


def test_every_target_is_of_the_same_pictures() -> None:
    of = {target: data.load(Data("shapes", {"samples": 80, "target": target})) for target in shapes.TASKS}
    assert all(np.array_equal(dataset.x, of["class"].x) for dataset in of.values())
    assert {target: dataset.task for target, dataset in of.items()} == shapes.TASKS
    labels = of["class"].y
    assert np.array_equal(of["box"].y[:, 0], labels)
    assert np.array_equal(of["mask"].y.max(axis=(1, 2)), labels + 1)


def test_a_mask_is_where_the_clean_picture_is_not_the_ground() -> None:
    given = {"samples": 80, "noise": 0.0}
    mask, clean = (data.load(Data("shapes", given | {"target": target})).y for target in ("mask", "clean"))
    corner = clean[:, :1, :1]
    changed = np.abs(clean - corner).max(axis=-1) > 0.2
    assert np.mean(changed == (mask > 0)) > 0.98


def test_a_box_holds_the_figure_and_nothing_beside_it() -> None:
    mask, boxes = (data.load(Data("shapes", {"samples": 80, "target": target})).y for target in ("mask", "box"))
    for figure, (_, down, across, height, width) in zip(mask > 0, boxes, strict=True):
        rows, columns = np.flatnonzero(figure.any(axis=1)), np.flatnonzero(figure.any(axis=0))
        assert (down - height / 2) * 32 == pytest.approx(rows[0]) and (down + height / 2) * 32 == pytest.approx(rows[-1] + 1)
        assert (across - width / 2) * 32 == pytest.approx(columns[0]) and (across + width / 2) * 32 == pytest.approx(columns[-1] + 1)


def test_several_figures_lie_over_each_other() -> None:
    one, three = (data.load(Data("shapes", {"samples": 400, "target": "mask", "figures": figures})).y for figures in (1, 3))
    kinds = [len(np.unique(mask)) - 1 for mask in three]
    assert {len(np.unique(mask)) - 1 for mask in one} == {1}
    assert set(kinds) == {1, 2, 3}
    assert np.array_equal(np.unique(three), np.arange(9))


@pytest.mark.parametrize("target", ["class", "box"])
def test_several_figures_have_no_one_name(target: str) -> None:
    with pytest.raises(data.DataProblem, match="make figures 1"):
        data.spec(Data("shapes", {"target": target, "figures": 2}))


def test_the_noise_is_what_makes_a_picture_differ_from_the_clean_one() -> None:
    dataset = data.load(Data("shapes", {"samples": 80, "target": "clean", "noise": 0.05}))
    inner = (dataset.y > 0.25) & (dataset.y < 0.75)
    assert (dataset.x - dataset.y)[inner].std() == pytest.approx(0.05, rel=0.02)
