"""California housing: what houses cost in 20,640 districts in 1990. Downloaded once by `keras.datasets`."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import STANDARDIZE_TARGET, File, Source, Spec
from ml.data.downloads import SEED, place
from ml.project.parameters import Parameter

FILES = (File("california_housing.npz", 743_530, "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f"),)
SOURCE = Source(
    id="california_housing",
    title="California housing",
    family="To download",
    task="regression",
    kind="table",
    help="20,640 districts of California by place, age, rooms, people and income; the target is the median price of a house in dollars, cut off at 500,001.",
    origin="R. Pace and R. Barry, Sparse spatial autoregressions, 1997, after the census of 1990; StatLib; through keras.datasets.",
    licence="Public domain",
    parameters=(
        Parameter("version", "choice", "large", ("large", "small"), help="small: the first 600 districts alone."),
        STANDARDIZE_TARGET,
    ),
    files=FILES,
)
FEATURES = ("longitude", "latitude", "median age", "total rooms", "total bedrooms", "population", "households", "median income")
"""The columns of StatLib's file. Keras's documentation names others, in another order: https://github.com/keras-team/keras/issues/21886."""


def spec(version: str, standardize_target: bool) -> Spec:
    return Spec((8,), features=FEATURES)


def load(version: str) -> tuple[np.ndarray, np.ndarray]:
    """Columns (20640 or 600, 8) in their own units, and prices (20640 or 600, 1)."""
    with np.load(place(FILES[0]), allow_pickle=False) as file:
        x, y = file["x"], file["y"]
    order = np.random.RandomState(SEED).permutation(600 if version == "small" else len(x))
    return x[order].astype("float32"), y[order, np.newaxis].astype("float32")
