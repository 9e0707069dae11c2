"""Xception has Keras's weights, looks at each map for itself before it mixes them, and tells shapes apart."""

from __future__ import annotations

import numpy as np
import pytest

from ml import catalog
from ml.build import build
from ml.training.session import Session
from tests.ml.catalog.proofs import SECONDS, all_weights, held_out_accuracy, trained, trained_weights


def test_it_has_as_many_weights_as_that_of_keras() -> None:
    assert all_weights("xception") == {"model": 22_910_480}
    assert trained_weights("xception") == {"model": 22_855_952}


def test_plain_convolutions_need_about_eight_times_as_many_weights() -> None:
    lite, plain = (trained_weights("xception", "lite", {"separable": separable})["model"] for separable in (True, False))
    assert 5 < plain / lite < 9


def test_its_lite_network_halves_the_maps_in_each_block_but_those_of_the_middle() -> None:
    model = Session(catalog.new("xception", settings={"data.samples": 160})).models["model"]
    sizes = {name: model.get_layer(name).output.shape[1] for name in ("entry_1", "entry_2", "middle_1", "middle_2", "exit_block")}
    assert sizes == {"entry_1": 14, "entry_2": 7, "middle_1": 7, "middle_2": 7, "exit_block": 4}


def test_a_block_of_the_middle_adds_to_what_it_is_given() -> None:
    session = Session(catalog.new("xception", settings={"data.samples": 160}))
    middle = session.models["model"].get_layer("middle_1")
    middle.get_layer("sepconv3_bn").gamma.assign(np.zeros(64))
    x = np.random.default_rng(0).normal(size=(2, 7, 7, 64)).astype("float32")
    np.testing.assert_allclose(middle(x), x, atol=1e-6)


def test_a_depthwise_step_keeps_maps_apart() -> None:
    graph = catalog.new("xception").models["model"]
    layer = build(graph).layers["middle_1/sepconv1"]
    assert layer.depthwise_kernel.shape == (3, 3, 64, 1)
    assert layer.pointwise_kernel.shape == (1, 1, 64, 64)


def test_an_exit_flow_of_another_length_is_refused() -> None:
    with pytest.raises(catalog.SettingProblem, match="three numbers"):
        catalog.new("xception", settings={"exit": [96, 128]})


@pytest.mark.slow
def test_it_tells_nine_of_ten_shapes_apart(tmp_path) -> None:
    session, done = trained("xception", tmp_path)
    assert held_out_accuracy(session) >= 0.9
    assert done.training_seconds < SECONDS
