"""VGG: the counts of the paper's table 2, the layers of its table 1, and what lite learns."""

from __future__ import annotations

import pytest

from ml import catalog
from ml.check import Checker
from tests.ml.catalog.proofs import SECONDS, held_out_accuracy, trained, trained_weights


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ({"depth": 11}, 132_863_336),
        ({"depth": 13}, 133_047_848),
        ({"depth": 16}, 138_357_544),
        ({"depth": 19}, 143_667_240),
        ({"depth": 16, "batch_normalization": True}, 138_365_992),
    ],
)
def test_it_has_as_many_weights_as_the_published(settings: dict, count: int) -> None:
    assert trained_weights("vgg", settings=settings) == {"model": count}


@pytest.mark.parametrize("depth", [11, 13, 16, 19])
def test_depth_counts_the_layers_with_weights(depth: int) -> None:
    graph = catalog.new("vgg", "paper", {"depth": depth}).models["model"]
    inside = [node for block in graph.nodes.values() if block.graph is not None for node in block.graph.nodes.values()]
    layers = [node.type for node in (*graph.nodes.values(), *inside)]
    assert layers.count("Conv2D") + layers.count("Dense") == depth
    assert all(node.arguments["kernel_size"] == 3 for node in inside if node.type == "Conv2D")


def test_each_block_halves_the_side_as_in_the_paper() -> None:
    report = Checker().check(catalog.new("vgg", "paper")).roles["model"]
    sides = [(112, 64), (56, 128), (28, 256), (14, 512), (7, 512)]
    assert [report[f"block_{number}"].shapes for number in range(1, 6)] == [((None, side, side, maps),) for side, maps in sides]


@pytest.mark.parametrize(("settings", "sentence"), [({"data.size": 16}, "32 × 32 at least"), ({"filters": [64, 128]}, "five sizes")])
def test_what_it_can_t_be_is_said(settings: dict, sentence: str) -> None:
    with pytest.raises(catalog.SettingProblem, match=sentence):
        catalog.new("vgg", settings=settings)


@pytest.mark.slow
def test_lite_knows_90_of_100_shapes(tmp_path) -> None:
    session, done = trained("vgg", tmp_path)
    assert held_out_accuracy(session) >= 0.9
    assert done.training_seconds < SECONDS
