"""IMDB: 50,000 reviews of films, good or bad. Downloaded once by `keras.datasets`."""

from __future__ import annotations

import numpy as np

from ml.data import numbered_words
from ml.data.dataset import File, Source, Spec
from ml.data.downloads import SEED, place
from ml.data.pickled import of_npz
from ml.project.parameters import Parameter

FILES = (
    File("imdb.npz", 17_464_789, "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"),
    File("imdb_word_index.json", 1_641_221, "bfafd718b763782e994055a2d397834f"),
)
TESTED = 25_000
SOURCE = Source(
    id="imdb",
    title="IMDB reviews",
    family="To download",
    task="classification",
    kind="text",
    help="50,000 reviews of films, as many good ones as bad ones, as words by their rank. Half of them were set aside for the test, and are the test part.",
    origin="A. Maas, R. Daly, P. Pham, D. Huang, A. Ng and C. Potts, Learning word vectors for sentiment analysis, 2011; through keras.datasets.",
    licence="Published by its makers for research",
    parameters=(
        *numbered_words.PARAMETERS,
        Parameter("samples", "int", 25_000, minimum=100, maximum=25_000, help="How many of the reviews to train with, the first ones in Keras's order."),
    ),
    files=FILES,
)


def spec(num_words: int, maxlen: int, samples: int) -> Spec:
    return Spec((maxlen,), dtype="int32", classes=("bad", "good"), vocabulary=num_words, tested=TESTED)


def load(num_words: int, maxlen: int, samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Words (samples + 25000, maxlen), and whether the review is good; those of the test come last."""
    texts, labels, tested_texts, tested_labels = (of_npz(place(FILES[0]), name) for name in ("x_train", "y_train", "x_test", "y_test"))
    random = np.random.RandomState(SEED)
    order, tested = random.permutation(len(texts))[:samples], random.permutation(len(tested_texts))
    x = numbered_words.padded(np.concatenate([texts[order], tested_texts[tested]]), num_words, maxlen)
    return x, np.concatenate([labels[order], tested_labels[tested]]).astype("int32")


def tokens(num_words: int, maxlen: int, samples: int) -> tuple[str, ...]:
    """The vocabulary by token (num_words,)."""
    return numbered_words.words(place(FILES[1]), num_words)
