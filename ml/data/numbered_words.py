"""Texts as `keras.datasets` has them: a word is its rank by how often it occurs, and a file of its own says which word that is."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import numpy as np

from ml.project.parameters import Parameter

START, OTHER, FIRST = 1, 2, 3
"""The tokens of the beginning of a text and of words that are not in the vocabulary, and how far the ranks are moved for them, as in Keras."""
PARAMETERS = (
    Parameter("num_words", "int", 10_000, minimum=100, maximum=30_000, help="How many tokens there are: the most frequent words; the others become a “…”."),
    Parameter("maxlen", "int", 200, minimum=10, maximum=1000, help="Words in a sample: a longer text loses its beginning, a shorter one is padded before it."),
)


def padded(texts: np.ndarray, num_words: int, maxlen: int) -> np.ndarray:
    """Tokens (n, maxlen) of int32 for lists of ranks (n,): what load_data and pad_sequences make of them in Keras."""
    x = np.zeros((len(texts), maxlen), "int32")
    for row, ranks in zip(x, texts, strict=True):
        tokens = np.array([START, *(np.asarray(ranks[-maxlen:]) + FIRST)], "int32")[-maxlen:]
        row[maxlen - len(tokens) :] = np.where(tokens < num_words, tokens, OTHER)
    return x


@lru_cache(maxsize=4)
def words(path: Path, num_words: int) -> tuple[str, ...]:
    """The vocabulary by token (num_words,): padding, the beginning, what is not in it, and the words by how often they occur."""
    ranks = json.loads(path.read_text("utf-8"))
    found = {rank + FIRST: word for word, rank in ranks.items()}
    return ("", "", "…", *(found.get(token, "…") for token in range(FIRST, num_words)))
