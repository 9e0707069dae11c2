"""The adding problem: numbers in a row of which two are marked, and their sum."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="adding",
    title="Adding problem",
    family="Series",
    task="regression",
    kind="series",
    help="Random numbers in a row, two of them marked: say the sum of the two. What was marked first must be kept while all the others go by.",
    origin="S. Hochreiter and J. Schmidhuber, Long short-term memory, 1997, with the marks as in Le, Jaitly and Hinton, 2015.",
    licence="Made by a formula",
    parameters=(
        Parameter("samples", "int", 6000, minimum=20, maximum=200_000, help="How many rows of numbers."),
        Parameter("length", "int", 50, minimum=4, maximum=1000, help="How many numbers are in a row. The longer, the harder."),
        Parameter("seed", "int", 0, minimum=0, help="Which numbers are drawn and which are marked."),
    ),
)


def spec(samples: int, length: int, seed: int) -> Spec:
    return Spec((length, 2), features=("number", "mark"))


def load(samples: int, length: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Series (samples, length, 2), a number from 0 to 1 and its mark (1 once in each half, else 0), and the sums of the marked (samples, 1)."""
    random = np.random.default_rng(seed)
    numbers = random.random((samples, length), "float32")
    marks = np.zeros_like(numbers)
    rows = np.arange(samples)
    marks[rows, random.integers(0, length // 2, samples)] = 1
    marks[rows, random.integers(length // 2, length, samples)] = 1
    return np.stack([numbers, marks], axis=-1), (numbers * marks).sum(axis=1, keepdims=True)
