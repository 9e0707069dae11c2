"""AlexNet: the counts with two groups and with one, its normalization, its overlapping pooling, and the pictures as it turns them."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from ml import catalog
from ml.build import build
from ml.check import Checker
from tests.ml.catalog.proofs import SECONDS, held_out_accuracy, trained, trained_weights

TORCHVISION = {"groups": 1, "filters": [64, 192, 384, 256, 256], "normalization": "none"}


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(0)
    return build(catalog.new("alexnet", settings={"normalization": "local_response", "groups": 2}).models["model"]).model


def random(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).random(shape).astype("float32")


@pytest.mark.parametrize(
    ("settings", "count"),
    [({}, 60_965_224), (TORCHVISION, 61_100_840), ({"groups": 1}, 62_378_344)],
    ids=["two groups", "torchvision's", "one group"],
)
def test_it_has_as_many_weights_as_the_published(settings: dict, count: int) -> None:
    assert trained_weights("alexnet", settings=settings) == {"model": count}


def test_pooling_overlaps_and_the_sides_are_the_paper_s() -> None:
    report = Checker().check(catalog.new("alexnet", "paper")).roles["model"]
    shapes = {name: report[name].shapes[0][1:] for name in ("conv_1", "pool_1", "pool_2", "pool_5")}
    assert shapes == {"conv_1": (55, 55, 96), "pool_1": (27, 27, 96), "pool_2": (13, 13, 256), "pool_5": (6, 6, 256)}


def test_local_response_normalization_is_the_paper_s_formula(model: keras.Model) -> None:
    x = 100 * random(2, 28, 28, 24)
    wanted = np.empty_like(x)
    for i in range(24):
        strength = (x[..., max(0, i - 2) : i + 3] ** 2).sum(axis=-1)
        wanted[..., i] = x[..., i] / (2 + 1e-4 * strength) ** 0.75
    np.testing.assert_allclose(model.get_layer("normalization_1")(x), wanted, rtol=1e-4)


def test_the_two_groups_do_not_see_each_other(model: keras.Model) -> None:
    maps = random(1, 13, 13, 24)
    before, changed = model.get_layer("conv_2")(maps), maps.copy()
    changed[..., :12] += 1
    moved = np.abs(model.get_layer("conv_2")(changed) - before).max(axis=(0, 1, 2)) > 0
    assert moved[:24].any() and not moved[24:].any()


def test_training_sees_parts_and_mirror_pictures_and_the_rest_sees_the_middle(model: keras.Model) -> None:
    seen = model.get_layer("augmentation")
    picture = np.broadcast_to(random(1, 32, 32, 3), (20, 32, 32, 3))
    training, calm = (keras.ops.convert_to_numpy(seen(picture, training=training)) for training in (True, False))
    assert training.shape == calm.shape == (20, 28, 28, 3)
    assert len(np.unique(training.reshape(20, -1), axis=0)) > 1 and all(np.array_equal(seen, picture[0, 2:30, 2:30]) for seen in calm)
    whole = picture[0]
    for part in training:
        assert any(np.array_equal(part, side[y : y + 28, x : x + 28]) for side in (whole, whole[:, ::-1]) for y in range(5) for x in range(5))


@pytest.mark.parametrize(("settings", "sentence"), [({"data.size": 24}, "at least 28 pixels"), ({"filters": [24]}, "five"), ({"groups": 5}, "multiples of 5")])
def test_what_it_can_t_be_is_said(settings: dict, sentence: str) -> None:
    with pytest.raises(catalog.SettingProblem, match=sentence):
        catalog.new("alexnet", settings=settings)


@pytest.mark.slow
def test_lite_knows_90_of_100_shapes(tmp_path) -> None:
    session, done = trained("alexnet", tmp_path)
    assert held_out_accuracy(session) >= 0.9
    assert done.training_seconds < SECONDS
