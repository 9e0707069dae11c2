"""The deconvolution network: what it weighs, how it puts back what was pooled, and what it learns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml import catalog
from ml.build import build
from ml.catalog.settings import SettingProblem
from ml.check import Checker
from tests.ml.catalog.proofs import SECONDS, held_out, trained, trained_weights

DOWN = [64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512]
UP = [512, 512, 512, 512, 512, 256, 256, 256, 128, 128, 64, 64, 64]
"""The channels that each convolution of table 2 in Noh and others, 2015, gives."""


def weights_of_the_paper(classes: int) -> int:
    """Counted row by row in the paper's table 2, with biases and two numbers of batch normalization for each channel; classes at the end by a 1×1."""
    convolutions = [(9, a, b) for a, b in zip([3, *DOWN], DOWN, strict=False)] + [(49, 512, 4096), (1, 4096, 4096), (49, 4096, 512)]
    convolutions += [(9, a, b) for a, b in zip([512, *UP], UP, strict=False)]
    return sum(area * a * b + 3 * b for area, a, b in convolutions) + 64 * classes + classes


def test_the_papers_network_has_the_252_million_weights_that_it_names() -> None:
    assert trained_weights("deconvnet") == {"model": weights_of_the_paper(21)}
    assert round(weights_of_the_paper(21) / 1e6) == 252


def test_the_way_up_is_the_way_down_in_a_mirror() -> None:
    nodes = Checker().check(catalog.new("deconvnet", "paper")).roles["model"]
    sizes = {name: nodes[name].shapes[0][1:] for name in nodes}
    assert [sizes[f"pool_{n}"][0] for n in range(1, 6)] == [112, 56, 28, 14, 7]
    assert sizes["fc_1"] == sizes["fc_2"] == (1, 1, 4096)
    assert [sizes[f"unpool_{n}"][0] for n in range(5, 0, -1)] == [14, 28, 56, 112, 224]
    assert all(sizes[f"unpool_{n}"] == sizes[f"conv_{n}"] for n in range(1, 6))


def test_unpooling_puts_each_value_where_the_greatest_was() -> None:
    graph = catalog.new("deconvnet").models["model"]["unpool_3"].graph
    assert graph is not None
    model = build(graph, "unpool").model
    random = np.random.default_rng(0)
    before = random.permutation(8 * 8 * 64).reshape(1, 8, 8, 64).astype("float32")
    squares = before.reshape(1, 4, 2, 4, 2, 64)
    values = random.random((1, 4, 4, 64)).astype("float32")
    put_back = model([values, before, squares.max(axis=(2, 4))]).numpy().reshape(1, 4, 2, 4, 2, 64)
    assert np.count_nonzero(put_back) == 4 * 4 * 64
    np.testing.assert_array_equal(put_back.sum(axis=(2, 4)), values)
    np.testing.assert_array_equal(put_back > 0, squares == squares.max(axis=(2, 4), keepdims=True))


def test_without_switches_nothing_goes_across() -> None:
    graph = catalog.new("deconvnet", settings={"switches": False}).models["model"]
    assert all(sum(link.node == f"conv_{n}" for _, _, link in graph.links()) == 1 for n in (1, 2, 3))


@pytest.mark.parametrize(("settings", "sentence"), [({"data.size": 36}, "halved 3 times"), ({"convolutions": [1, 1]}, "each of its 3 stages")])
def test_what_does_not_fit_is_refused(settings: dict, sentence: str) -> None:
    with pytest.raises(SettingProblem, match=sentence):
        catalog.new("deconvnet", settings=settings)


@pytest.mark.slow
def test_it_finds_the_shapes(tmp_path: Path) -> None:
    session, done = trained("deconvnet", tmp_path)
    said, labels = held_out(session)
    assert np.mean(said.argmax(axis=-1) == labels) > np.mean(labels == 0) + 0.08
    counts = np.zeros((9, 9))
    np.add.at(counts, (labels.ravel(), said.argmax(axis=-1).ravel()), 1)
    assert np.mean(np.diag(counts) / (counts.sum(axis=0) + counts.sum(axis=1) - np.diag(counts))) > 0.33
    assert done.training_seconds < SECONDS
