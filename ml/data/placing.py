"""Where the nodes of a graph lie in the plane so that a person sees it: as far from each other as there are links between them."""

from __future__ import annotations

import numpy as np

ROUNDS = 100
"""After so many the places move no more that one would see it."""
APART = 0.075
"""Nodes that come nearer to each other are pushed apart, for one has to see both."""


def places(links: np.ndarray) -> np.ndarray:
    """Places (n, 2), between 0 and 1, for links (n, n) that are not 0 where there is one; always the same for the same links.

    The stress, the sum of (|place_i - place_j| - d_ij)² / d_ij² with d the links on the shortest way, is made small by majorization: E. Gansner, Y. Koren,
    S. North, Graph drawing by stress majorization, 2004. It begins with classical scaling, the two largest principal coordinates.
    """
    wanted = distances(links)
    found = _principal(wanted)
    weights = 1 / np.where(wanted, wanted, np.inf) ** 2
    inverse = np.linalg.pinv(np.diag(weights.sum(axis=1)) - weights)
    for _ in range(ROUNDS):
        now = np.linalg.norm(found[:, None] - found[None], axis=-1)
        pull = -weights * wanted / np.where(now, now, np.inf)
        np.fill_diagonal(pull, -pull.sum(axis=1))
        found = inverse @ pull @ found
    return _fitted(_pushed(_fitted(found))).astype("float32")


def distances(links: np.ndarray) -> np.ndarray:
    """How many links the shortest way between two nodes has, (n, n); between parts that are not linked one more than the longest."""
    from scipy.sparse.csgraph import shortest_path

    found = shortest_path(links != 0, unweighted=True)
    return np.where(np.isfinite(found), found, found[np.isfinite(found)].max() + 1)


def _fitted(found: np.ndarray) -> np.ndarray:
    low, high = found.min(axis=0), found.max(axis=0)
    return (found - low) / np.where(high > low, high - low, 1)


def _pushed(found: np.ndarray) -> np.ndarray:
    """The places, with those that lie too near to each other moved away in opposite directions."""
    for _ in range(ROUNDS):
        gaps = found[:, None] - found[None]
        lengths = np.linalg.norm(gaps, axis=-1, keepdims=True)
        short = np.where(lengths, np.maximum(APART - lengths, 0) / np.where(lengths, lengths, 1), 0)
        found = found + (gaps * short).sum(axis=1) / 4
    return found


def _principal(wanted: np.ndarray) -> np.ndarray:
    """The places (n, 2) of classical scaling."""
    centred = np.eye(len(wanted)) - 1 / len(wanted)
    values, vectors = np.linalg.eigh(-centred @ wanted**2 @ centred / 2)
    largest = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 0))
    return largest * np.where(largest[np.abs(largest).argmax(axis=0), [0, 1]] < 0, -1, 1)
