"""The conditional random field against all taggings, counted one by one."""

from __future__ import annotations

from itertools import pairwise, product

import keras
import numpy as np
import pytest

from ml.data.dataset import Dataset, Spec
from ml.generate.reader import FieldReader
from ml.recipes import crf

TIME, TAGS = 5, 4
EMPTY = Dataset(np.zeros(0), np.zeros(0), {}, "text", "tagging")


@pytest.fixture
def drawn() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Emissions (3, time, tags), transitions (tags, tags), and for sequences of 5, 3 and 1 places which count."""
    random = np.random.default_rng(0)
    emissions, transitions = random.normal(size=(3, TIME, TAGS)), 2 * random.normal(size=(TAGS, TAGS))
    return emissions.astype("float32"), transitions.astype("float32"), (np.arange(TIME) < np.array([[5], [3], [1]])).astype("float32")


def taggings(length: int) -> list[tuple[int, ...]]:
    """Every one of this length, without padding."""
    return list(product(range(1, TAGS), repeat=length))


def by_hand(emissions: np.ndarray, transitions: np.ndarray, tags: tuple[int, ...]) -> float:
    """A tagging's score, as J. Lafferty and others define it, with a start and an end."""
    path = (0, *tags, 0)
    return float(sum(emissions[place, tag] for place, tag in enumerate(tags)) + sum(transitions[a, b] for a, b in pairwise(path)))


def padded(tags: tuple[int, ...]) -> list[int]:
    return [*tags, *[0] * (TIME - len(tags))]


def test_scores_and_their_sum_are_those_of_all_taggings(drawn: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    emissions, transitions, counts = drawn
    found = crf.log_partition(emissions, transitions, counts)
    for row, length in enumerate((5, 3, 1)):
        scores = [by_hand(emissions[row], transitions, tags) for tags in taggings(length)]
        assert float(found[row]) == pytest.approx(np.log(np.exp(scores).sum()), rel=1e-5)
        some = taggings(length)[-2]
        ours = crf.score(emissions[row : row + 1], transitions, np.array([padded(some)], "int32"), counts[row : row + 1])
        assert float(ours[0]) == pytest.approx(by_hand(emissions[row], transitions, some), rel=1e-4)


def test_viterbi_finds_the_best_of_all_taggings(drawn: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    emissions, transitions, counts = drawn
    best = [max(taggings(length), key=lambda tags, row=row: by_hand(emissions[row], transitions, tags)) for row, length in enumerate((5, 3, 1))]
    assert np.asarray(crf.viterbi(emissions, transitions, counts)).tolist() == [padded(tags) for tags in best]
    apart = [padded(tuple(emissions[row, :length, 1:].argmax(-1) + 1)) for row, length in enumerate((5, 3, 1))]
    assert apart != [padded(tags) for tags in best]


def field() -> keras.Model:
    """A model that knows nothing yet."""
    tokens = keras.Input((3,), dtype="int32")
    emissions = keras.layers.Embedding(3, 3, embeddings_initializer="zeros")(tokens)
    transitions = keras.layers.Embedding(3, 3, embeddings_initializer="zeros")(keras.ops.add(keras.ops.zeros_like(tokens[:, :1]), np.arange(3, dtype="int32")))
    return keras.Model(tokens, [emissions, transitions])


def test_what_follows_what_is_learned_where_the_tokens_do_not_tell() -> None:
    model = field()
    trainer = crf.trainer({"model": model}, lambda variables: keras.optimizers.Adam(0.1), EMPTY)
    x, y = np.array([[1, 1, 1], [1, 1, 0]] * 8, "int32"), np.array([[1, 2, 1], [1, 2, 0]] * 8, "int32")
    before = trainer.evaluate(x, y, verbose=0, return_dict=True)
    trainer.fit(x, y, epochs=30, verbose=0)
    after = trainer.evaluate(x, y, verbose=0, return_dict=True)
    assert before["loss"] == pytest.approx(np.log(2), rel=1e-5) and after["loss"] < 0.3 and after["whole"] == 1
    dataset = Dataset(x, y, {}, "text", "tagging", ("padding", "B-one", "B-two"), tokens=("", "a", "b"))
    assert FieldReader(model, dataset).read(x[:1], y[:1]) == "  a[one]a[two]a[one]"


def test_what_does_not_fit_is_said() -> None:
    spec = Spec((3,), "int32", ("padding", "one", "two"), 3)
    assert not list(crf.problems({"model": ([(None, 3)], [(None, 3, 3), (None, 3, 3)])}, spec))
    assert "two Outputs" in next(iter(crf.problems({"model": ([(None, 3)], [(None, 3, 3)])}, spec)))
    assert "3 × 3" in next(iter(crf.problems({"model": ([(None, 3)], [(None, 3, 3), (None, 4, 4)])}, spec)))
