"""How samples are divided into training, validation and test. The functions stand in exported scripts as they are here."""

from __future__ import annotations

import numpy as np


def split(
    n: int, validation: float, test: float, seed: int, labels: np.ndarray | None = None, contiguous: bool = False, groups: int = 0, apart: int = 0
) -> dict[str, np.ndarray]:
    """Which of `n` samples are in which part; `validation` and `test` are fractions.

    Given `labels` (n,), each part has every class in the same proportion, to within a sample. A `contiguous` split, for
    text, cuts the samples in their order, read as a ring from a place that the seed chooses. Where there are `groups`, samples
    whose numbers are equal modulo `groups` stay together, and the fractions are those of the groups. Where the last `apart`
    samples were set aside for the test, they are its part, whatever the fraction.
    """
    if groups:
        return {name: np.flatnonzero(np.isin(np.arange(n) % groups, chosen)) for name, chosen in split(groups, validation, test, seed).items()}
    if apart:
        drawn = split(n - apart, validation, 0, seed, labels if labels is None else labels[:-apart], contiguous)
        return {**drawn, "test": np.arange(n - apart, n)}
    random = np.random.default_rng(seed)
    order = random.permutation(n)
    if contiguous:
        order = (np.arange(n) + random.integers(n)) % n
    elif labels is not None:
        place = np.empty(n)
        for label in np.unique(labels):
            members = order[labels[order] == label]
            place[members] = (np.arange(len(members)) + random.random()) / len(members)
        order = np.argsort(place, kind="stable")
    tested = round(n * test)
    validated = round(n * validation)
    trained = n - validated - tested
    return {"train": order[:trained], "validation": order[trained : trained + validated], "test": order[trained + validated :]}


def standardize(values: np.ndarray, train: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns (n, c) scaled to mean 0 and deviation 1 as measured on the samples `train`; also the means and deviations (c,)."""
    mean = values[train].mean(axis=0)
    deviation = values[train].std(axis=0)
    deviation[deviation == 0] = 1
    return (values - mean) / deviation, mean, deviation
