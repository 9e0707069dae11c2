"""The policy network: AlphaGo's for Go, every place kept, and best moves found in positions it has never seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml import catalog
from ml.build import build
from ml.catalog import policy_cnn
from ml.data import board
from ml.training.session import Session
from tests.ml.catalog.proofs import SECONDS, held_out, trained

PAPER: dict[str, Any] = {
    "shape": (19, 19, 48),
    "classes": 361,
    **{name: catalog.templates()["policy_cnn"].presets["paper"][name] for name in ("blocks", "filters", "first_kernel")},
}


def test_on_a_go_board_it_has_as_many_weights_as_the_paper_s_layers() -> None:
    """D. Silver and others, 2016, Methods: 5×5 and then eleven times 3×3 with 192 filters, and one of 1×1 with a bias for each place."""
    first, others, last = 5 * 5 * 48 * 192 + 192, 11 * (3 * 3 * 192 * 192 + 192), 192 + 19 * 19
    assert build(policy_cnn.build(**PAPER)["model"]).model.count_params() == first + others + last == 3_882_793


@pytest.mark.parametrize("filters", [128, 256, 384])
def test_the_paper_s_other_widths_come_out_too(filters: int) -> None:
    first, others, last = (5 * 5 * 48 + 1) * filters, 11 * (9 * filters + 1) * filters, filters + 361
    settings: dict[str, Any] = PAPER | {"filters": filters}
    assert build(policy_cnn.build(**settings)["model"]).model.count_params() == first + others + last


def test_nothing_is_pooled_and_there_is_a_probability_for_each_place() -> None:
    model = Session(catalog.new("policy_cnn")).models["model"]
    assert all(layer.output.shape[1:3] == (3, 3) for layer in model.layers if "conv" in layer.name)
    np.testing.assert_allclose(np.asarray(model(board.planes(0, 0)[np.newaxis])).sum(axis=1), [1], rtol=1e-5)


def test_pictures_without_a_move_for_each_place_are_refused() -> None:
    with pytest.raises(catalog.SettingProblem, match="a move for each place"):
        catalog.new("policy_cnn", settings={"data": "digits"})


@pytest.mark.slow
def test_its_moves_are_best_ones_in_positions_it_has_not_seen(tmp_path: Path) -> None:
    session, done = trained("policy_cnn", tmp_path)
    said = held_out(session)[0].argmax(axis=1)
    x = np.concatenate([session.dataset.part(name)[0] for name in ("validation", "test")])
    assert np.mean([move in board.best_moves(*board.position(each)) for move, each in zip(said, x, strict=True)]) >= 0.9
    assert done.training_seconds < SECONDS
