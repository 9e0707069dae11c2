"""The looks of a memory network at a story, as one map with the sentences as its keys."""

from __future__ import annotations

import numpy as np

from ml import catalog, data
from ml.build import Built, build, replay
from ml.data import words
from ml.events import Array, AttentionLayer
from ml.inspect.attention import AttentionLens
from ml.inspect.hops import hops

SMALL = {"data.samples": 100, "data.sentences": 6, "hops": 2}


def lens(**settings: object) -> tuple[AttentionLens, Built]:
    project = catalog.new("memory_network", settings=SMALL | settings)
    built = {"model": build(project.models["model"], "model")}
    return AttentionLens(project, built, data.load(project.data)), built["model"]


def test_each_hop_is_a_row_over_the_sentences_that_there_are() -> None:
    watched, built = lens()
    watched.watch(3)
    event = watched.read(5)
    assert event is not None
    dataset = data.load(catalog.new("memory_network", settings=SMALL).data)
    x, y = (part[3] for part in dataset.part("validation"))
    *story, question = words.sentences(dataset, x)
    assert event.tokens == tuple(story) and event.queries == ("hop_1", "hop_2")
    assert event.about == f"{question}?  →  {dataset.classes[y]}"
    (layer,) = event.layers
    scores = layer.scores.numpy()
    assert scores.shape == (1, 2, len(story))
    np.testing.assert_allclose(scores.sum(-1), 1, atol=1e-5)  # the sentences that are cut off, for they are empty, had nothing
    results = replay(built.graph, built.layers, [x[np.newaxis]])
    np.testing.assert_allclose(scores[0, 1], np.asarray(results["hop_2/attention"][0])[0, 0, -len(story) :], atol=1e-6)


def test_layer_wise_hops_are_seen_too() -> None:
    event = lens(tying="layer-wise", hops=3)[0].read(0)
    assert event is not None and event.layers[0].scores.shape[1] == 3


def test_what_is_no_single_look_at_the_sentences_is_no_hop() -> None:
    def layer(name: str, *shape: int) -> AttentionLayer:
        return AttentionLayer(name, Array.of(np.full(shape, 1 / shape[-1], "float32")))

    there = np.array([False, True, True])
    assert hops([layer("self", 1, 4, 4), layer("heads", 2, 1, 3)], there) is None
    found = hops([layer("self", 1, 4, 4), layer("look", 1, 1, 3)], there)
    assert found is not None and found[1] == ("look",) and found[0].scores.shape == (1, 1, 2)
