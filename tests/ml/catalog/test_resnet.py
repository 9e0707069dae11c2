"""ResNet has the published members' weights, its blocks add to what they are given, and it tells shapes apart."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from ml import catalog
from ml.build import build
from tests.ml.catalog.proofs import SECONDS, all_weights, held_out_accuracy, trained, trained_weights

TORCH = {"use_bias": False}
CIFAR = {"layout": "cifar", "filters": 16, "shortcut": "A", "use_bias": False, "data.size": 32, "classes": 10}


@pytest.mark.parametrize(("depth", "count"), [(50, 25_636_712), (101, 44_707_176), (152, 60_419_944)])
def test_the_deep_ones_have_as_many_weights_as_those_of_keras(depth: int, count: int) -> None:
    assert all_weights("resnet", settings={"depth": depth}) == {"model": count}


@pytest.mark.parametrize(("depth", "count"), [(18, 11_689_512), (34, 21_797_672), (50, 25_557_032), (101, 44_549_160)])
def test_without_biases_they_have_as_many_as_those_of_torchvision(depth: int, count: int) -> None:
    assert trained_weights("resnet", settings=TORCH | {"depth": depth}) == {"model": count}


@pytest.mark.parametrize(("depth", "count"), [(20, 269_722), (32, 464_154), (44, 658_586), (56, 853_018), (110, 1_727_962)])
def test_those_for_cifar_have_as_many_as_the_paper_says(depth: int, count: int) -> None:
    assert trained_weights("resnet", settings=CIFAR | {"depth": depth}) == {"model": count}


@pytest.mark.parametrize(("layout", "depth"), [("imagenet", 20), ("cifar", 18)])
def test_a_depth_that_the_paper_does_not_have_is_refused_with_those_that_it_has(layout: str, depth: int) -> None:
    with pytest.raises(catalog.SettingProblem, match=f"not {depth}"):
        catalog.new("resnet", settings={"layout": layout, "depth": depth})


DEEPER = {"depth": 14, "filters": 16}


def silenced(settings: dict[str, Any]) -> keras.Model:
    """One block, of 32 filters, whose last normalization multiplies by zero: its convolutions say nothing."""
    graph = catalog.new("resnet", settings=DEEPER | settings).models["model"]["conv3_block2"].graph
    assert graph is not None
    model = build(graph, given=[keras.KerasTensor((None, 8, 8, 32))]).model
    model.get_layer("2_bn").gamma.assign(np.zeros(32))
    return model


def test_a_block_whose_convolutions_say_nothing_passes_on_what_it_is_given() -> None:
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 32)).astype("float32")
    np.testing.assert_allclose(silenced({})(x), np.maximum(x, 0), atol=1e-6)


def test_without_skips_nothing_gets_through_such_a_block() -> None:
    assert not np.any(silenced({"skips": False})(np.ones((2, 8, 8, 32), "float32")))


def test_shortcut_a_takes_every_second_pixel_and_puts_zeros_around_its_channels() -> None:
    graph = catalog.new("resnet", settings=DEEPER | {"shortcut": "A"}).models["model"]["conv3_block1"].graph
    assert graph is not None
    model = build(graph, given=[keras.KerasTensor((None, 8, 8, 16))]).model
    model.get_layer("2_bn").gamma.assign(np.zeros(32))
    x = np.random.default_rng(0).random((2, 8, 8, 16)).astype("float32")
    wanted = np.zeros((2, 4, 4, 32), "float32")
    wanted[..., 8:24] = x[:, ::2, ::2]
    np.testing.assert_allclose(model(x), wanted, atol=1e-6)


@pytest.mark.slow
def test_it_tells_nine_of_ten_shapes_apart(tmp_path) -> None:
    session, done = trained("resnet", tmp_path)
    assert held_out_accuracy(session) >= 0.9
    assert done.training_seconds < SECONDS
