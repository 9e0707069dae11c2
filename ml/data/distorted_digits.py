"""Distorted digits: scikit-learn's handwritten digits, each turned, resized and put somewhere on a larger ground."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="distorted_digits",
    title="Distorted digits",
    family="Pictures",
    task="classification",
    kind="image",
    help="1,797 handwritten digits, each turned, resized and put somewhere on a larger black ground. What must be told apart is the same, where it is not.",
    origin="Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI (as in scikit-learn's load_digits), distorted by this program.",
    licence="CC BY 4.0",
    parameters=(
        Parameter("size", "int", 28, minimum=12, maximum=128, help="Pixels across and down."),
        Parameter("rotation", "float", 45.0, minimum=0, maximum=180, help="The greatest angle that a digit is turned by, to either side, in degrees."),
        Parameter("smallest", "float", 0.5, minimum=0.2, maximum=1, help="The side of the smallest digit as a part of the picture's side."),
        Parameter("largest", "float", 0.8, minimum=0.2, maximum=1, help="The side of the largest digit as a part of the picture's side."),
        Parameter("shift", "float", 1.0, minimum=0, maximum=1, help="0: every digit in the middle; 1: anywhere as long as its square, unturned, fits."),
        Parameter("seed", "int", 0, minimum=0, help="How each digit is distorted."),
    ),
)
SIDE = 8
"""Of the digits as they are."""


def spec(size: int, rotation: float, smallest: float, largest: float, shift: float, seed: int) -> Spec:
    return Spec((size, size, 1), classes=tuple("0123456789"))


def load(size: int, rotation: float, smallest: float, largest: float, shift: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (1797, size, size, 1) from 0 to 1, and their labels. Every digit is there once, so none is in two parts of the data."""
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    digits = np.reshape(pixels, (-1, SIDE, SIDE)).astype("float32") / 16
    random = np.random.default_rng(seed)
    n = len(digits)
    angle = np.radians(random.uniform(-rotation, rotation, n))
    side = random.uniform(min(smallest, largest), max(smallest, largest), n) * size
    centre = size / 2 + random.uniform(-1, 1, (2, n)) * shift * (size - side) / 2
    return placed(digits, size, angle, side, centre)[..., np.newaxis], np.asarray(labels, "int32")


def placed(digits: np.ndarray, size: int, angle: np.ndarray, side: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Digits (n, 8, 8) as pictures (n, size, size), each turned clockwise by its angle (n,), and `side` pixels (n,) large.

    `centre` (2, n) is where its middle is, down and across. Each pixel is asked where in the digit it lies, and takes its value
    from the four around there; outside all is black.
    """
    place = np.arange(size, dtype="float32") + 0.5
    down, across = place[:, np.newaxis] - centre[0][:, np.newaxis, np.newaxis], place - centre[1][:, np.newaxis, np.newaxis]
    turn, scale = (each[:, np.newaxis, np.newaxis].astype("float32") for each in (angle, SIDE / side))
    rows = (np.cos(turn) * down - np.sin(turn) * across) * scale + (SIDE - 1) / 2
    columns = (np.sin(turn) * down + np.cos(turn) * across) * scale + (SIDE - 1) / 2
    framed = np.pad(digits, ((0, 0), (1, 2), (1, 2)))
    rows, columns = (np.clip(each + 1, 0, SIDE + 1) for each in (rows, columns))
    row, column = rows.astype(int), columns.astype(int)
    below, beside = (rows - row).astype("float32"), (columns - column).astype("float32")
    digit = np.arange(len(digits))[:, np.newaxis, np.newaxis]
    upper = framed[digit, row, column] * (1 - beside) + framed[digit, row, column + 1] * beside
    lower = framed[digit, row + 1, column] * (1 - beside) + framed[digit, row + 1, column + 1] * beside
    return (upper * (1 - below) + lower * below).astype("float32")
