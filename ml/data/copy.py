"""The copy task: bits in a row to be kept in mind, and said again when they are over."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="copy",
    title="Copy",
    family="Series",
    task="bits",
    kind="series",
    help="Rows of random bits, one row a step, then a mark: now say all of them again, in the same order. Nothing can be guessed, all must be kept.",
    origin="A. Graves, G. Wayne and I. Danihelka, Neural Turing machines, 2014, section 4.1, at one length.",
    licence="Made by a formula",
    parameters=(
        Parameter("samples", "int", 6000, minimum=20, maximum=200_000, help="How many sequences."),
        Parameter("length", "int", 6, minimum=1, maximum=200, help="How many steps are to be kept. The longer, the harder."),
        Parameter("bits", "int", 8, minimum=1, maximum=64, help="How many bits are in each step."),
        Parameter("seed", "int", 0, minimum=0, help="Which bits are drawn."),
    ),
)


def spec(samples: int, length: int, bits: int, seed: int) -> Spec:
    return Spec((2 * length + 1, bits + 1), features=(*(f"bit {number + 1}" for number in range(bits)), "mark"), target_shape=(length, bits))


def load(samples: int, length: int, bits: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Series (samples, 2 · length + 1, bits + 1) of 0 and 1: the bits, a step with the mark alone, then nothing; and the bits (samples, length, bits)."""
    y = np.random.default_rng(seed).integers(0, 2, (samples, length, bits)).astype("float32")
    x = np.zeros((samples, 2 * length + 1, bits + 1), "float32")
    x[:, :length, :bits] = y
    x[:, length, bits] = 1
    return x, y
