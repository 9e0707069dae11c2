"""Sorting: numbers as they come, and in which order to read them so that they grow."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import DataProblem, Source, Spec, Way
from ml.data.words import END, PLACE, START
from ml.project.parameters import Parameter

SOURCE = Source(
    id="sorting",
    title="Sorting",
    family="Series",
    task="translation",
    kind="pairs",
    help="A set of numbers, and their places from the least to the greatest. The answer points into the question, which may be of any length.",
    origin="Drawn by a seed, each number at most once in a set, as in O. Vinyals, S. Bengio and M. Kudlur, Order matters, 2016, but with two decimals.",
    licence="Made by a formula",
    parameters=(
        Parameter("samples", "int", 10_000, minimum=100, maximum=100_000, help="How many sets."),
        Parameter("length", "int", 10, minimum=2, maximum=50, help="How many numbers are in a set."),
        Parameter("shortest", "int", None, minimum=1, maximum=50, help="Sets of different lengths, from so many numbers on; nothing: all are equally long."),
        Parameter("numbers", "int", 100, minimum=2, maximum=10_000, help="Of how many different numbers they are drawn: the more, the nearer they lie."),
        Parameter("seed", "int", 0, minimum=0, help="Which numbers are drawn."),
    ),
)


def spec(samples: int, length: int, shortest: int | None, numbers: int, seed: int) -> Spec:
    """Raises `DataProblem` where there are too few different numbers, or where the shortest is longer than the longest."""
    if numbers < length:
        more = Way(f"Draw from {length * 10}", {"numbers": length * 10})
        raise DataProblem(f"A set of {length} needs as many different numbers, and there are {numbers}.", more)
    if shortest is not None and shortest > length:
        raise DataProblem(f"The shortest set can't have {shortest} numbers where the longest has {length}.", Way("Make all equally long", {"shortest": None}))
    return Spec((length, 1), target_shape=(length + 2,), target_vocabulary=PLACE + length)


def load(samples: int, length: int, shortest: int | None, numbers: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers above 0 to 1 (samples, length, 1), 0 after the last, and their places in order (samples, length + 2), between start and end.

    Place 0 is the token `PLACE`, the one after it the next.
    """
    random = np.random.default_rng(seed)
    drawn = np.stack([random.choice(numbers, length, replace=False) for _ in range(samples)]) + 1
    lengths = random.integers(shortest or length, length + 1, samples)
    is_there = np.arange(length) < lengths[:, np.newaxis]
    order = np.argsort(np.where(is_there, drawn, numbers + 1), axis=1)
    y = np.zeros((samples, length + 2), "int32")
    y[:, 0] = START
    y[:, 1:-1] = np.where(is_there, order + PLACE, 0)
    y[np.arange(samples), lengths + 1] = END
    return np.where(is_there, drawn / numbers, 0).astype("float32")[..., np.newaxis], y
