"""Lines of digits: scikit-learn's handwritten digits, several in a row as one picture, without a word on where each of them stands."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import DataProblem, Source, Spec, Way
from ml.project.parameters import Parameter

SOURCE = Source(
    id="digit_lines",
    title="Lines of digits",
    family="Pictures",
    task="transcription",
    kind="image",
    help="Several handwritten digits in a row as one picture; to be said is which, from left to right. Where each stands, and how many there are, is not told.",
    origin="Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI (as in scikit-learn's load_digits), put together by this program.",
    licence="CC BY 4.0",
    parameters=(
        Parameter("samples", "int", 4000, minimum=100, maximum=50_000, help="How many lines."),
        Parameter("shortest", "int", 2, minimum=1, maximum=20, help="How many digits a line has at least."),
        Parameter("longest", "int", 5, minimum=1, maximum=20, help="How many digits a line has at most. The picture is as wide as so many need."),
        Parameter("nearest", "int", -1, minimum=-3, maximum=8, help="Pixels between two digits at least; below 0 they may run into each other."),
        Parameter("farthest", "int", 3, minimum=-3, maximum=8, help="Pixels between two digits at most."),
        Parameter("height", "int", 12, minimum=8, maximum=64, help="Pixels down; each digit, 8 pixels high, stands anywhere in between."),
        Parameter("seed", "int", 0, minimum=0, help="Which digits make up each line, and how far from each other."),
    ),
)
SIDE = 8
"""Of the digits as they are."""
GROUPS, GROUP = 89, 20
"""The digits are in so many groups of so many, and each line is made of one group's: lines of a group stay in one part, so that no digit is in two."""


def spec(samples: int, shortest: int, longest: int, nearest: int, farthest: int, height: int, seed: int) -> Spec:
    if shortest > longest:
        raise DataProblem(f"A line can't have {shortest} digits at least and {longest} at most.", Way(f"At least {longest}", {"shortest": longest}))
    if nearest > farthest:
        raise DataProblem(f"Digits can't be {nearest} pixels apart at least and {farthest} at most.", Way(f"At least {farthest}", {"nearest": farthest}))
    return Spec((height, longest * (SIDE + max(farthest, 0)), 1), classes=("blank", *"0123456789"), target_shape=(longest,), groups=GROUPS)


def load(samples: int, shortest: int, longest: int, nearest: int, farthest: int, height: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (samples, height, width, 1) from 0 to 1, and labels (samples, longest): each digit's number plus 1, and 0 after the last."""
    from sklearn.datasets import load_digits

    pixels, digits = load_digits(return_X_y=True)
    random = np.random.default_rng(seed)
    order = random.permutation(len(digits))
    pixels, digits = np.reshape(pixels, (-1, SIDE, SIDE))[order].astype("float32") / 16, np.asarray(digits, "int32")[order]
    x = np.zeros((samples, height, longest * (SIDE + max(farthest, 0)), 1), "float32")
    y = np.zeros((samples, longest), "int32")
    for index, count in enumerate(random.integers(shortest, longest + 1, samples)):
        chosen = index % GROUPS * GROUP + random.integers(0, GROUP, count)
        y[index, :count] = digits[chosen] + 1
        left = 0
        for digit, gap, top in zip(chosen, random.integers(nearest, farthest + 1, count), random.integers(0, height - SIDE + 1, count), strict=True):
            left = max(0, left + gap)
            place = x[index, top : top + SIDE, left : left + SIDE, 0]
            np.maximum(place, pixels[digit], out=place)
            left += SIDE
    return x, y
