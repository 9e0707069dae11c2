"""Graphs as data: whom each node is linked to, against what is published of them, and where they are drawn."""

from __future__ import annotations

import numpy as np
import pytest

from ml import data
from ml.data.dataset import Dataset
from ml.data.placing import distances, places
from ml.data.preview import preview
from ml.project.project import Data

GRAPHS = ("karate", "les_miserables")


def load(source: str) -> Dataset:
    return data.load(Data(source))


def met(source: str, name: str) -> dict[str, float]:
    """With whom somebody is linked, and how strongly."""
    dataset = load(source)
    row = dataset.x[dataset.features.index(name)]
    return {dataset.features[other]: float(row[other]) for other in np.flatnonzero(row)}


@pytest.mark.parametrize(("source", "nodes", "links", "weight"), [("karate", 34, 78, 78), ("les_miserables", 77, 254, 820)])
def test_there_are_as_many_nodes_and_links_as_published(source: str, nodes: int, links: int, weight: int) -> None:
    x = load(source).x
    assert x.shape == (nodes, nodes)
    assert np.count_nonzero(x) == 2 * links and x.sum() == 2 * weight
    assert np.array_equal(x, x.T) and not x.diagonal().any()
    assert np.isfinite(distances(x)).all() and distances(x).max() == 5, "all are linked, and 5 steps lead from anyone to anyone"


def test_the_club_breaks_around_its_instructor_and_its_president() -> None:
    dataset = load("karate")
    assert np.bincount(dataset.y).tolist() == [17, 17]
    sides = {name: dataset.classes[label] for name, label in zip(dataset.features, dataset.y, strict=True)}
    assert (sides["1"], sides["34"]) == dataset.classes
    assert len(met("karate", "1")) == 16 and len(met("karate", "34")) == 17 and list(met("karate", "12")) == ["1"]


def test_valjean_meets_36_and_cosette_most_often() -> None:
    meetings = met("les_miserables", "Valjean")
    assert len(meetings) == 36 and sum(meetings.values()) == 158
    assert max(meetings, key=lambda name: meetings[name]) == "Cosette" and meetings["Cosette"] == 31


@pytest.mark.parametrize("source", GRAPHS)
def test_the_preview_places_all_nodes_apart(source: str) -> None:
    shown, dataset = preview(1, Data(source)), load(source)
    np.testing.assert_array_equal(shown.arrays["x"].numpy(), dataset.x)
    found = shown.arrays["places"].numpy()
    assert found.min() == 0 and found.max() == 1
    apart = np.linalg.norm(found[:, None] - found[None], axis=-1)[np.triu_indices(len(found), 1)]
    assert apart.min() > 0.06
    assert np.corrcoef(apart, distances(dataset.x)[np.triu_indices(len(found), 1)])[0, 1] > 0.6


def test_a_path_is_drawn_as_a_line_and_parts_without_links_apart() -> None:
    path = np.eye(5, k=1) + np.eye(5, k=-1)
    along = places(path)[:, 1]
    np.testing.assert_allclose(np.sort(along), along if along[0] < along[-1] else along[::-1])
    np.testing.assert_allclose(np.abs(np.diff(along)), 0.25, atol=0.01)
    assert distances(np.kron(np.eye(2), np.ones((2, 2)) - np.eye(2)))[0, 3] == 2
