"""The end-to-end memory network: its weights, its hops against the paper's formulas, and questions that need two facts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml import catalog
from ml.build import Built, build, replay
from tests.ml.catalog.proofs import SECONDS, held_out_accuracy, trained, trained_weights

SMALL = {"data.samples": 100, "data.sentences": 4, "width": 6, "hops": 2}


def built(**settings: object) -> Built:
    """A small network with numbers that are far enough from each other to be looked at."""
    made = build(catalog.new("memory_network", settings=SMALL | settings).models["model"], "model")
    random = np.random.default_rng(0)
    made.model.set_weights([random.normal(0, 0.8, weight.shape) for weight in made.model.get_weights()])
    return made


def stories(count: int) -> np.ndarray:
    """Stories of four sentences, the first of which are empty, with their questions; sentences have two to seven words."""
    random = np.random.default_rng(1)
    x = np.zeros((count, 5, 7), "int32")
    for story, row in np.ndindex(count, 5):
        if row >= story % 3:
            x[story, row, : 2 + (story + row) % 6] = random.integers(1, 43, 2 + (story + row) % 6)
    return x


def sentence(words: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Section 4.1: the sum of l_j times A x_j, where l_kj = (1 - j/J) - (k/d)(1 - 2j/J), with j and k counted from 1."""
    words = words[words > 0]
    count, width = len(words), table.shape[1]
    total = np.zeros(width)
    for j, word in enumerate(words, 1):
        for k in range(1, width + 1):
            total[k - 1] += ((1 - j / count) - (k / width) * (1 - 2 * j / count)) * table[word, k - 1]
    return total


def softmax(values: np.ndarray) -> np.ndarray:
    return np.exp(values - values.max()) / np.exp(values - values.max()).sum()


def answered(story: np.ndarray, keys: list[np.ndarray], values: list[np.ndarray], times: tuple[list, list], b: np.ndarray, w: np.ndarray, h: np.ndarray):
    """Section 2: the answer, and the weights of each hop; tables of words by hop, B, W (width, answers) and H."""
    rows = np.flatnonzero(story[:-1].any(axis=1))
    u, looks = sentence(story[-1], b), []
    for a, c, ta, tc in zip(keys, values, *times, strict=True):
        m = np.array([sentence(story[row], a) + ta[row] for row in rows])
        p = softmax(m @ u)
        u = h @ u + p @ np.array([sentence(story[row], c) + tc[row] for row in rows])
        looks.append(p)
    return softmax(u @ w), looks


def table(made: Built, name: str) -> np.ndarray:
    return np.asarray(made.layers[name].get_weights()[0])


def test_adjacent_hops_are_those_of_the_paper() -> None:
    made, x = built(), stories(6)
    words, times = ([table(made, path.format(number)) for number in (1, 2, 3)] for path in ("embedding_{}", "memory_{}/time"))
    results = replay(made.graph, made.layers, [x])
    for index, story in enumerate(x):
        expected, looks = answered(story, words[:2], words[1:], (times[:2], times[1:]), words[0], words[2][1:7].T, np.eye(6))
        np.testing.assert_allclose(np.asarray(results["output"][0])[index], expected, atol=1e-5)
        for number, look in enumerate(looks, 1):
            weights = np.asarray(results[f"hop_{number}/attention"][0])[index, 0]
            np.testing.assert_allclose(weights[4 - len(look) :], look, atol=1e-5)
            assert not weights[: 4 - len(look)].any(), "there is nothing to be seen before a story begins"


def test_layer_wise_hops_look_at_the_same_and_are_mapped() -> None:
    made, x = built(tying="layer-wise"), stories(6)
    a, b, c, ta, tc, h, w = (table(made, name) for name in ("embedding_a", "embedding_b", "embedding_c", "keys/time", "values/time", "mapping", "answer"))
    said = np.asarray(made.model(x))
    for index, story in enumerate(x):
        np.testing.assert_allclose(said[index], answered(story, [a, a], [c, c], ([ta, ta], [tc, tc]), b, w, h.T)[0], atol=1e-5)


def test_without_position_encoding_the_order_of_words_is_lost() -> None:
    x = stories(3)
    turned = x.copy()
    turned[0, 2, :4] = x[0, 2, 3::-1]
    assert (turned != x).any()
    for encoding, same in ((True, False), (False, True)):
        model = built(position_encoding=encoding).model
        assert np.allclose(model(x), model(turned), atol=1e-6) is same


def test_without_temporal_encoding_the_order_of_sentences_is_lost() -> None:
    x = stories(1)
    turned = x[:, [1, 0, 2, 3, 4]]
    for encoding, same in ((True, False), (False, True)):
        model = built(temporal_encoding=encoding).model
        assert np.allclose(model(x), model(turned), atol=1e-6) is same


def test_its_weights_are_the_tables_of_its_hops() -> None:
    assert trained_weights("memory_network") == {"model": 4 * (178 * 20 + 50 * 20)}
    assert trained_weights("memory_network", "lite", {"hops": 1, "width": 50}) == {"model": 2 * (43 * 50 + 10 * 50)}
    layer_wise = {"tying": "layer-wise", "hops": 5}
    assert trained_weights("memory_network", "lite", layer_wise) == {"model": 3 * 43 * 20 + 2 * 10 * 20 + 20 * 20 + 20 * 6}


@pytest.mark.slow
def test_it_answers_questions_that_need_two_facts(tmp_path: Path) -> None:
    session, done = trained("memory_network", tmp_path)
    assert held_out_accuracy(session) >= 0.95
    assert done.training_seconds < SECONDS
