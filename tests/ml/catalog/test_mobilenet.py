"""MobileNet has Keras's weights at every width, costs an eighth of plain convolutions, and tells shapes apart."""

from __future__ import annotations

from typing import Any

import pytest

from ml import catalog
from ml.check import Checker
from ml.project.report import totals
from tests.ml.catalog.proofs import SECONDS, all_weights, held_out_accuracy, trained, trained_weights


@pytest.mark.parametrize(("alpha", "count"), [(1.0, 4_253_864), (0.75, 2_601_976), (0.5, 1_342_536), (0.25, 475_544)])
def test_every_width_has_as_many_weights_as_that_of_keras(alpha: float, count: int) -> None:
    assert all_weights("mobilenet", settings={"alpha": alpha}) == {"model": count}


def test_the_paper_counts_4_2_million_and_29_3_with_plain_convolutions() -> None:
    assert trained_weights("mobilenet")["model"] == pytest.approx(4.2e6, rel=0.01)
    assert trained_weights("mobilenet", settings={"separable": False})["model"] == pytest.approx(29.3e6, rel=0.01)


def test_the_shallow_one_of_the_paper_lacks_five_blocks_of_512_maps() -> None:
    assert trained_weights("mobilenet", settings={"blocks": [1, 2, 2, 1, 2]})["model"] == pytest.approx(2.9e6, rel=0.01)


def multiplications(settings: dict[str, Any]) -> int:
    """Of one picture through the paper preset."""
    return totals(Checker().check(catalog.new("mobilenet", "paper", settings)).roles["model"].values()).operations


@pytest.mark.parametrize(("settings", "millions"), [({}, 569), ({"alpha": 0.5}, 149), ({"separable": False}, 4866), ({"data.size": 128}, 186)])
def test_a_picture_costs_as_many_multiplications_as_the_paper_says(settings: dict[str, Any], millions: int) -> None:
    assert multiplications(settings) == pytest.approx(millions * 1e6, rel=0.02)


@pytest.mark.slow
def test_it_tells_nine_of_ten_shapes_apart(tmp_path) -> None:
    session, done = trained("mobilenet", tmp_path)
    assert held_out_accuracy(session) >= 0.9
    assert done.training_seconds < SECONDS
