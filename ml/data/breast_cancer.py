"""Breast cancer, Wisconsin: 569 biopsies, thirty measurements of the cell nuclei each, malignant or benign."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import Source, Spec

SOURCE = Source(
    id="breast_cancer",
    title="Breast cancer",
    family="Tables",
    task="classification",
    kind="table",
    help="569 biopsies by the size, shape and texture of their cell nuclei: malignant or benign. Nearly separable by a plane.",
    origin="W. H. Wolberg, W. N. Street and O. L. Mangasarian, Breast Cancer Wisconsin (Diagnostic), UCI; scikit-learn's load_breast_cancer.",
    licence="CC BY 4.0",
)
MEASURES = ("radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points", "symmetry", "fractal dimension")
FEATURES = (*(f"mean {m}" for m in MEASURES), *(f"{m} error" for m in MEASURES), *(f"worst {m}" for m in MEASURES))


def spec() -> Spec:
    return Spec((30,), classes=("malignant", "benign"), features=FEATURES)


def load() -> tuple[np.ndarray, np.ndarray]:
    """Measurements (569, 30), and 0 for malignant, 1 for benign."""
    from sklearn.datasets import load_breast_cancer

    x, y = load_breast_cancer(return_X_y=True)
    return np.asarray(x, "float32"), np.asarray(y, "int32")
