"""Network in network: the counts of the ImageNet and the CIFAR-10 network, a small network at every place, a map for each class."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from ml import catalog
from ml.build import build
from tests.ml.catalog.proofs import SECONDS, held_out_accuracy, trained, trained_weights

CIFAR = {
    "data.size": 32,
    "classes": 10,
    "filters": [192, 160, 96, 192, 192, 192, 192, 192],
    "kernel_size": [5, 5, 3],
    "strides": [1, 1, 1],
}


@pytest.mark.parametrize(("settings", "count"), [({}, 7_595_176), (CIFAR, 966_986)], ids=["ImageNet", "CIFAR-10"])
def test_it_has_as_many_weights_as_the_published(settings: dict, count: int) -> None:
    assert trained_weights("network_in_network", settings=settings) == {"model": count}


def test_a_1x1_convolution_is_one_dense_network_at_every_place() -> None:
    keras.utils.set_random_seed(0)
    model = build(catalog.new("network_in_network", settings={"batch_normalization": False}).models["model"]).model
    block = model.get_layer("mlpconv_2")
    maps = np.random.default_rng(0).normal(size=(2, 7, 7, 32)).astype("float32")
    said = keras.Model(block.input, block.get_layer("conv").output)(maps)
    for name in ("conv_1x1_1", "conv_1x1_2"):
        kernel, bias = block.get_layer(name).get_weights()
        said = np.maximum(np.maximum(said, 0) @ kernel[0, 0] + bias, 0)
    np.testing.assert_allclose(block(maps), said, atol=1e-4)


def test_a_class_is_the_mean_of_its_map() -> None:
    keras.utils.set_random_seed(0)
    model = build(catalog.new("network_in_network").models["model"]).model
    x = np.random.default_rng(0).random((2, 32, 32, 3)).astype("float32")
    maps = keras.ops.convert_to_numpy(keras.Model(model.input, model.get_layer("global_average_pooling2d").input)(x))
    assert maps.shape == (2, 4, 4, 8)
    np.testing.assert_allclose(model(x), keras.ops.softmax(maps.mean(axis=(1, 2))), atol=1e-5)


def test_each_block_is_given_its_numbers() -> None:
    with pytest.raises(catalog.SettingProblem, match="3 strides and 8 filters"):
        catalog.new("network_in_network", settings={"strides": [1, 1]})
    with pytest.raises(catalog.SettingProblem, match="window of 9 pixels, and the picture is 4 × 4"):
        catalog.new("network_in_network", settings={"kernel_size": [5, 3, 9]})


@pytest.mark.slow
def test_lite_knows_90_of_100_shapes(tmp_path) -> None:
    session, done = trained("network_in_network", tmp_path)
    assert held_out_accuracy(session) >= 0.9
    assert done.training_seconds < SECONDS
