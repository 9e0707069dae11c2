"""Of two networks with equally many weights the deep one winds with the spirals."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from tests.ml.catalog.proofs import SECONDS, trained, trained_weights


@pytest.mark.parametrize("settings", [{}, {"depth": 4}, {"depth": 5, "units": 8}, {"data.arms": 3, "units": 12}])
def test_both_have_equally_many_weights(settings: dict) -> None:
    counts = trained_weights("deep_vs_wide", "lite", settings)
    assert counts["wide"] == pytest.approx(counts["deep"], abs=3)


def test_by_default_the_numbers_are_exactly_equal() -> None:
    assert trained_weights("deep_vs_wide", "lite") == {"deep": 609, "wide": 609}


def test_the_papers_figure_has_two_layers_of_ten_against_one_of_twenty() -> None:
    assert trained_weights("deep_vs_wide") == {"deep": 3 * 10 + 11 * 10 + 11, "wide": 3 * 20 + 21}


@pytest.mark.slow
def test_the_deep_one_winds_with_the_spirals(tmp_path: Path) -> None:
    session, done = trained("deep_vs_wide", tmp_path)
    x, labels = (np.concatenate(parts) for parts in zip(*(session.dataset.part(name) for name in ("validation", "test")), strict=True))
    right = {role: np.mean((keras.ops.convert_to_numpy(model(x))[:, 0] > 0.5) == labels) for role, model in session.models.items()}
    assert right["deep"] >= 0.97
    assert right["wide"] <= right["deep"] - 0.05
    assert done.training_seconds < SECONDS
