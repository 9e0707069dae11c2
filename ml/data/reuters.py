"""Reuters: 11,228 reports of a news agency by their topic. Downloaded once by `keras.datasets`."""

from __future__ import annotations

import numpy as np

from ml.data import numbered_words
from ml.data.dataset import File, Source, Spec
from ml.data.downloads import SEED, place
from ml.data.pickled import of_npz

FILES = (
    File("reuters.npz", 2_110_848, "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916"),
    File("reuters_word_index.json", 550_378, "4d44cc38712099c9e383dc6e5f11a921"),
)
SOURCE = Source(
    id="reuters",
    title="Reuters news",
    family="To download",
    task="classification",
    kind="text",
    help="11,228 short reports of 1987 under 46 topics, as words by their rank. Two topics have more than half of the reports, some hardly ten.",
    origin="Reuters-21578, Reuters and Carnegie Group, 1987; through keras.datasets.",
    licence="Free for research, with thanks to Reuters and D. Lewis",
    parameters=numbered_words.PARAMETERS,
    files=FILES,
)
CLASSES = (
    *("cocoa", "grain", "veg-oil", "earn", "acq", "wheat", "copper", "housing", "money-supply", "coffee", "sugar", "trade", "reserves", "ship", "cotton"),
    *("carcass", "crude", "nat-gas", "cpi", "money-fx", "interest", "gnp", "meal-feed", "alum", "oilseed", "gold", "tin", "strategic-metal", "livestock"),
    *("retail", "ipi", "iron-steel", "rubber", "heat", "jobs", "lei", "bop", "zinc", "orange", "pet-chem", "dlr", "gas", "silver", "wpi", "hog", "lead"),
)


def spec(num_words: int, maxlen: int) -> Spec:
    return Spec((maxlen,), dtype="int32", classes=CLASSES, vocabulary=num_words)


def load(num_words: int, maxlen: int) -> tuple[np.ndarray, np.ndarray]:
    """Words (11228, maxlen), and the topics."""
    texts, labels = (of_npz(place(FILES[0]), name) for name in ("x", "y"))
    order = np.random.RandomState(SEED).permutation(len(texts))
    return numbered_words.padded(texts[order], num_words, maxlen), labels[order].astype("int32")


def tokens(num_words: int, maxlen: int) -> tuple[str, ...]:
    """The vocabulary by token (num_words,)."""
    return numbered_words.words(place(FILES[1]), num_words)
