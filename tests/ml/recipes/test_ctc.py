"""Connectionist temporal classification against all ways through time, counted one by one."""

from __future__ import annotations

from itertools import groupby, product

import keras
import numpy as np
import pytest

from ml.data.dataset import Dataset, Spec
from ml.recipes import ctc

TIME, CLASSES, LONGEST = 5, 4, 3
EMPTY = Dataset(np.zeros(0), np.zeros(0), {}, "image", "transcription")
LABELS = np.array([[1, 2, 0], [3, 3, 0], [2, 0, 0], [1, 1, 2], [0, 0, 0]], "int32")


@pytest.fixture
def said() -> np.ndarray:
    """Probabilities (5, time, classes)."""
    raised = np.exp(np.random.default_rng(0).normal(size=(len(LABELS), TIME, CLASSES)))
    return (raised / raised.sum(-1, keepdims=True)).astype("float32")


def read(way: tuple[int, ...]) -> list[int]:
    """What a way reads as: repeated labels once, and no blanks."""
    return [label for label, _ in groupby(way) if label]


def by_hand(said: np.ndarray, labels: list[int]) -> float:
    """The negative logarithm of the probabilities of all ways that read as these labels, added up."""
    ways = [way for way in product(range(CLASSES), repeat=TIME) if read(way) == labels]
    return float(-np.log(sum(np.prod([said[step, label] for step, label in enumerate(way)], dtype="float64") for way in ways)))


@pytest.mark.parametrize("from_logits", [False, True])
def test_the_loss_is_that_of_all_ways(said: np.ndarray, from_logits: bool) -> None:
    trainer = ctc.Transcriber(keras.layers.Identity(), from_logits)
    loss = trainer.measure((np.log(said) + 7 if from_logits else said, LABELS), training=True)
    wanted = [by_hand(row, [label for label in labels if label]) for row, labels in zip(said, LABELS.tolist(), strict=True)]
    assert float(loss) == pytest.approx(np.mean(wanted), rel=1e-6)


def test_keras_has_the_same_loss_for_each(said: np.ndarray) -> None:
    counts = (LABELS > 0).sum(axis=1).astype("int32")
    losses = keras.ops.ctc_loss(LABELS, np.log(said), counts, np.full(len(said), TIME, "int32"), mask_index=0)
    for loss, row, labels in zip(np.asarray(losses), said, LABELS.tolist(), strict=True):
        assert loss == pytest.approx(by_hand(row, [label for label in labels if label]), rel=1e-6)


def test_the_likeliest_way_is_read() -> None:
    best = np.array([[1, 1, 0, 1, 2], [0, 0, 0, 0, 0], [3, 0, 3, 3, 0], [1, 2, 1, 2, 1]])
    labels, many = ctc.read(np.eye(CLASSES, dtype="float32")[best], LONGEST)
    assert np.asarray(labels).tolist() == [[1, 1, 2], [0, 0, 0], [3, 3, 0], [1, 2, 1]]
    assert np.asarray(many).tolist() == [3, 0, 2, 5]


def test_it_reads_as_keras_does(said: np.ndarray) -> None:
    decoded, _ = keras.ops.ctc_decode(np.log(said), np.full(len(said), TIME, "int32"), "greedy", mask_index=0)
    theirs = [[int(label) for label in row if label >= 0] for row in np.asarray(decoded)[0]]
    assert [[label for label in row if label] for row in np.asarray(ctc.read(said, TIME)[0]).tolist()] == theirs


def test_where_labels_are_is_found_without_being_told() -> None:
    keras.utils.set_random_seed(0)
    x = np.zeros((3, 8), "int32")
    x[0, [1, 6]], x[1, [2, 4]], x[2, 5] = (1, 2), (2, 2), 1
    y = np.array([[1, 2], [2, 2], [1, 0]], "int32")
    model = keras.Sequential([keras.Input((8,), dtype="int32"), keras.layers.Embedding(3, 3), keras.layers.Softmax()])
    trainer = ctc.trainer({"model": model}, lambda variables: keras.optimizers.Adam(0.1), EMPTY)
    trainer.jit_compile = False  # compiling takes longer than the sixty steps
    before = trainer.evaluate(x, y, verbose=0, return_dict=True)
    trainer.fit(x, y, epochs=60, verbose=0)
    after = trainer.evaluate(x, y, verbose=0, return_dict=True)
    assert after["loss"] < before["loss"] / 4 and after["whole"] == 1
    assert np.argmax(model(x), -1).tolist() == x.tolist()


@pytest.mark.parametrize(
    ("shapes", "sentence"),
    [
        (([(None, 12, 55, 1)], [(None, 27, 11), (None, 11)]), "one Input and one Output"),
        (([(None, 12)], [(None, 27, 11)]), "12, 55, 1"),
        (([(None, 12, 55, 1)], [(None, 27, 10)]), "for the blank and for each label"),
        (([(None, 12, 55, 1)], [(None, 11)]), "for the blank and for each label"),
        (([(None, 12, 55, 1)], [(None, 8, 11)]), "at least 9 steps in time"),
        (([(None, 12, 55, 1)], [(None, 27, 62)]), None),
    ],
)
def test_it_says_what_does_not_fit(shapes: tuple, sentence: str | None) -> None:
    spec = Spec((12, 55, 1), classes=("blank", *"0123456789"), target_shape=(5,))
    found = list(ctc.problems({"model": shapes}, spec))
    assert len(found) == (sentence is not None) and (sentence is None or sentence in found[0])
