"""GoogLeNet has the paper's weights with and without its auxiliary heads, blocks of four branches, and tells shapes apart."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from ml import catalog
from ml.build import build
from ml.catalog.local_response import local_response_normalization
from ml.training.session import Session
from tests.ml.catalog.proofs import SECONDS, held_out_accuracy, trained, trained_weights


@pytest.mark.parametrize(("auxiliary", "count"), [(False, 6_998_552), (True, 13_378_280)])
def test_it_has_as_many_weights_as_the_papers(auxiliary: bool, count: int) -> None:
    assert trained_weights("googlenet", settings={"auxiliary": auxiliary}) == {"model": count}


def test_its_maps_have_the_sizes_of_the_papers_table() -> None:
    report = catalog.new("googlenet", "paper", {"width": 0.125, "classes": 10})
    model = build(report.models["model"]).model
    sizes = {"normalized1": (56, 8), "3a": (28, 32), "3b": (28, 60), "4a": (14, 64), "4d": (14, 66), "4e": (14, 104), "5b": (7, 128)}
    for name, (side, channels) in sizes.items():
        layer = model.get_layer(name if name.startswith("normalized") else f"inception_{name}")
        assert layer.output.shape[1:] == (side, side, channels)


def test_a_block_lays_its_four_branches_side_by_side() -> None:
    inside = Session(catalog.new("googlenet", settings={"normalization": "none", "data.samples": 160})).models["model"].get_layer("inception_4a")
    x = np.random.default_rng(0).random((1, 8, 8, 60)).astype("float32")
    only = np.zeros_like(x)
    only[:, 4, 4] = x[:, 4, 4]
    seen = np.abs(inside(only) - inside(np.zeros_like(x)))[0] > 1e-7
    branches = np.split(seen, np.cumsum([24, 26, 6]), axis=-1)
    assert [int(branch.any(axis=-1).any(axis=0).sum()) for branch in branches] == [1, 3, 5, 3]


def test_local_response_normalization_is_that_of_tensorflow() -> None:
    model = build(local_response_normalization(), given=[keras.KerasTensor((None, 3, 3, 8))]).model
    x = np.random.default_rng(0).normal(scale=50, size=(2, 3, 3, 8)).astype("float32")
    np.testing.assert_allclose(model(x), tf.nn.local_response_normalization(x, depth_radius=2, bias=2, alpha=1e-4, beta=0.75), rtol=1e-5)


def test_auxiliary_heads_branch_off_after_4a_and_4d_as_far_as_there_are_these() -> None:
    def outputs(blocks: list[int]) -> list[str]:
        return catalog.new("googlenet", settings={"auxiliary": True, "blocks": blocks}).models["model"].of_type("Output")

    assert outputs([2, 5, 2]) == ["output", "auxiliary_1", "auxiliary_2"]
    assert outputs([1, 2, 1]) == ["output", "auxiliary_1"]


def test_more_blocks_than_the_paper_has_are_refused() -> None:
    with pytest.raises(catalog.SettingProblem, match="up to 2, 5 and 2"):
        catalog.new("googlenet", settings={"blocks": [3, 5, 2]})


@pytest.mark.slow
def test_it_tells_nine_of_ten_shapes_apart(tmp_path) -> None:
    session, done = trained("googlenet", tmp_path)
    assert held_out_accuracy(session) >= 0.9
    assert done.training_seconds < SECONDS
