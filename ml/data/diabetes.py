"""Diabetes: ten measurements of 442 patients, and how far the disease went within a year."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import STANDARDIZE_TARGET, Source, Spec

SOURCE = Source(
    id="diabetes",
    title="Diabetes",
    family="Tables",
    task="regression",
    kind="table",
    help="442 patients by age, sex, body mass, blood pressure and six blood values; the target, 25 to 346, is the progression of the disease a year later.",
    origin="B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, Least Angle Regression, 2004; scikit-learn's load_diabetes.",
    licence="Published with the paper, free to use",
    parameters=(STANDARDIZE_TARGET,),
)
FEATURES = ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")


def spec(standardize_target: bool) -> Spec:
    return Spec((10,), features=FEATURES)


def load() -> tuple[np.ndarray, np.ndarray]:
    """Measurements (442, 10), scaled by scikit-learn so that the squares of a column add up to 1, and targets (442, 1)."""
    from sklearn.datasets import load_diabetes

    x, y = load_diabetes(return_X_y=True)
    return np.asarray(x, "float32"), np.asarray(y, "float32")[:, np.newaxis]
