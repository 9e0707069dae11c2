"""OverFeat: what it weighs, how it slides over a picture, and what it learns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from ml import catalog
from ml.build import build
from ml.catalog.settings import SettingProblem
from ml.check import Checker
from ml.recipes import detection
from tests.ml.catalog.proofs import SECONDS, all_weights, trained

BOX = {"recipe": "detection", "data.target": "box", "classes": 8, "localize": True}


def test_the_papers_fast_network_has_its_weights() -> None:
    assert all_weights("overfeat") == {"model": 145_920_872}


def test_the_papers_box_comes_from_the_same_trunk() -> None:
    localizer = 36 * 1024 * 4096 + 4096 + 4096 * 1024 + 1024 + 1024 * 4 + 4
    named = 145_920_872 - 992 * (4096 + 1)
    assert all_weights("overfeat", settings=BOX) == {"model": named + localizer}


def test_the_papers_maps_have_the_sizes_of_its_table() -> None:
    nodes = Checker().check(catalog.new("overfeat", "paper")).roles["model"]
    assert [nodes[name].shapes[0][1] for name in ("conv_1", "pool_1", "conv_2", "pool_2", "conv_5", "pool_5", "classifier")] == [56, 28, 24, 12, 12, 6, 1]


def test_a_larger_picture_is_read_at_more_positions_and_each_as_if_it_were_alone() -> None:
    graphs = [catalog.new("overfeat", settings={"data.size": size}).models["model"]["classifier"].graph for size in (32, 48)]
    model, larger = (build(graph, "head").model for graph in graphs if graph is not None)
    maps = np.random.default_rng(0).random((1, 3, 3, 64)).astype("float32")
    whole = model(maps).numpy()
    assert whole.shape == (1, 2, 2, 8)
    larger.set_weights(model.get_weights())
    spread = np.zeros((1, 5, 5, 64), "float32")
    spread[:, 2:, 2:] = maps
    np.testing.assert_allclose(larger(spread).numpy()[:, 2:, 2:], whole, atol=1e-6)


def test_a_classifier_alone_has_no_box() -> None:
    graph = catalog.new("overfeat", settings={"localize": False, "recipe": "supervised", "data.target": "class"}).models["model"]
    assert "localizer" not in graph.nodes and len(graph.of_type("Output")) == 1


@pytest.mark.parametrize(
    ("settings", "sentence"), [({"kernel_sizes": [5]}, "there are 1 kernel_sizes and 4 filters"), ({"window": 4}, "less than a window of 4")]
)
def test_what_does_not_fit_is_refused(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingProblem, match=sentence):
        catalog.new("overfeat", settings=settings)


@pytest.mark.slow
def test_it_finds_the_shapes_and_where_they_are(tmp_path: Path) -> None:
    session, done = trained("overfeat", tmp_path)
    x, y = (np.concatenate(parts) for parts in zip(*(session.dataset.part(name) for name in ("validation", "test")), strict=True))
    chances, boxes = session.models["model"].predict(x, verbose=0)
    over = keras.ops.convert_to_numpy(detection.overlap(y[:, 1:], boxes))
    right = chances.argmax(axis=-1) == y[:, 0]
    assert np.mean(right) > 0.9 and np.mean(over) > 0.8
    assert np.mean(right & (over >= 0.5)) > 0.9
    assert done.training_seconds < SECONDS
