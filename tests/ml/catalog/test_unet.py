"""U-Net: what it weighs, how it is put together, and what it learns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from ml import catalog
from ml.build import build
from ml.catalog import unet
from ml.catalog.settings import SettingProblem
from ml.check import Checker
from tests.ml.catalog.proofs import SECONDS, all_weights, held_out, trained


def weights_of_the_paper(channels: int, classes: int) -> int:
    """Of the network in figure 1 of Ronneberger and others, 2015, counted arrow by arrow: 3×3 convolutions, 2×2 up-convolutions, and 1×1 at the end."""
    widths = [64, 128, 256, 512, 1024]
    down = sum(9 * (a * b + b * b) + 2 * b for a, b in zip([channels, *widths], widths, strict=False))
    up = sum(4 * a * b + b + 9 * (2 * b * b + b * b) + 2 * b for a, b in zip(widths[:0:-1], widths[-2::-1], strict=True))
    return down + up + 64 * classes + classes


def test_the_papers_network_has_the_weights_of_its_figure() -> None:
    assert all_weights("unet") == {"model": weights_of_the_paper(3, 9)}
    graph = unet.build(shape=[572, 572, 1], classes=2, filters=64, depth=4, padding="valid", batch_normalization=False)["model"]
    assert build(graph, "model").model.count_params() == weights_of_the_paper(1, 2) == 31_030_658


def test_the_papers_picture_shrinks_as_in_its_figure() -> None:
    nodes = Checker().check(catalog.new("unet", "paper")).roles["model"]
    heights = [nodes[name].shapes[0][1] for name in ("down_1", "down_2", "down_3", "down_4", "bottom", "up_4", "up_3", "up_2", "up_1", "answer")]
    assert heights == [568, 280, 136, 64, 28, 52, 100, 196, 388, 388]


def test_what_comes_across_stands_beside_what_comes_up_pixel_for_pixel() -> None:
    graph = catalog.new("unet", settings={"padding": "valid", "shape": [44, 44, 3], "depth": 1, "filters": 1}).models["model"]
    step = graph["up_1"].graph
    assert step is not None
    model = build(step, "up").model
    below, across = np.zeros((1, 16, 16, 2), "float32"), np.arange(40 * 40, dtype="float32").reshape(1, 40, 40, 1)
    beside = keras.Model(model.inputs, next(layer for layer in model.layers if isinstance(layer, keras.layers.Concatenate)).output)([below, across])
    np.testing.assert_array_equal(beside[0, :, :, 0], across[0, 4:-4, 4:-4, 0])


def test_without_the_ways_across_it_is_an_hourglass() -> None:
    graph = catalog.new("unet", settings={"skips": False}).models["model"]
    assert all(sum(link.node == name for _, _, link in graph.links()) == 1 for name in ("down_1", "down_2", "down_3"))


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [({"data.size": 36}, "can't be halved"), ({"padding": "valid", "data.size": 16, "depth": 1}, "too small"), ({"data": "iris"}, "is for classification")],
)
def test_pictures_that_do_not_fit_are_refused(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingProblem, match=sentence):
        catalog.new("unet", settings=settings)


@pytest.mark.slow
def test_it_finds_the_shapes(tmp_path: Path) -> None:
    session, done = trained("unet", tmp_path)
    said, labels = held_out(session)
    assert np.mean(said.argmax(axis=-1) == labels) > 0.9
    assert covered(said, labels).mean() > 0.4
    assert done.training_seconds < SECONDS


@pytest.mark.slow
def test_it_takes_noise_away(tmp_path: Path) -> None:
    session, done = trained("unet", tmp_path, catalog.templates()["unet"].presets["denoising"])
    noisy = np.concatenate([session.dataset.part(name)[0] for name in ("validation", "test")])
    restored, clean = held_out(session)
    assert signal_to_noise(restored, clean) > signal_to_noise(noisy, clean) + 9
    assert done.training_seconds < SECONDS


def signal_to_noise(pictures: np.ndarray, clean: np.ndarray) -> float:
    """The mean over pictures, in decibels."""
    return float(np.mean(-10 * np.log10(np.mean((pictures - clean) ** 2, axis=(1, 2, 3)))))


def covered(said: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Intersection over union of each class over all pixels, (classes,)."""
    counts = np.zeros((said.shape[-1], said.shape[-1]))
    np.add.at(counts, (labels.ravel(), said.argmax(axis=-1).ravel()), 1)
    return np.diag(counts) / (counts.sum(axis=0) + counts.sum(axis=1) - np.diag(counts))
