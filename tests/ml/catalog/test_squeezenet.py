"""SqueezeNet: the counts of 1.0 and 1.1 and of the bypass, the fire module's two ways, and what lite learns."""

from __future__ import annotations

import pytest

from ml import catalog
from ml.check import Checker
from tests.ml.catalog.proofs import SECONDS, held_out_accuracy, trained, trained_weights

VERSION_1_1 = {"filters": 64, "kernel_size": 3, "pools": [1, 3, 5]}
TABLE = {2: (16, 64), 3: (16, 64), 4: (32, 128), 5: (32, 128), 6: (48, 192), 7: (48, 192), 8: (64, 256), 9: (64, 256)}
"""Table 1 of the paper: squeezed maps, and those of each of the two ways, by module."""


@pytest.mark.parametrize(("settings", "count"), [({}, 1_248_424), ({"bypass": True}, 1_248_424), (VERSION_1_1, 1_235_496)], ids=["1.0", "bypass", "1.1"])
def test_it_has_as_many_weights_as_the_published(settings: dict, count: int) -> None:
    assert trained_weights("squeezenet", settings=settings) == {"model": count}


def test_it_has_a_fiftieth_of_alexnet_s() -> None:
    assert 60_965_224 / trained_weights("squeezenet")["model"] == pytest.approx(50, rel=0.03)


def test_the_fire_modules_are_those_of_the_paper_s_table() -> None:
    report = Checker().check(catalog.new("squeezenet", "paper")).roles["model"]
    for number, (squeeze, expand) in TABLE.items():
        inside = report[f"fire{number}"].inside
        assert inside is not None
        maps = [inside[name].shapes[0][-1] for name in ("squeeze", "expand_1x1", "expand_3x3", "output")]
        assert maps == [squeeze, expand, expand, 2 * expand]


def test_the_bypass_goes_around_each_second_module() -> None:
    graph = catalog.new("squeezenet", "paper", {"bypass": True}).models["model"]
    assert [name for name in graph.nodes if name.startswith("bypass")] == ["bypass3", "bypass5", "bypass7", "bypass9"]


def test_the_share_of_3x3_may_be_all_or_nothing() -> None:
    graph = catalog.new("squeezenet", settings={"pct_3x3": 1}).models["model"]
    inside = graph["fire2"].graph
    assert inside is not None and "expand_1x1" not in inside.nodes and inside["expand_3x3"].arguments["filters"] == 32


@pytest.mark.slow
def test_lite_knows_90_of_100_shapes(tmp_path) -> None:
    session, done = trained("squeezenet", tmp_path)
    assert held_out_accuracy(session) >= 0.9
    assert done.training_seconds < SECONDS
