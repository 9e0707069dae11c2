"""Fisher's irises: 150 flowers of three species, four measurements each."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import Source, Spec

SOURCE = Source(
    id="iris",
    title="Iris",
    family="Tables",
    task="classification",
    kind="table",
    help="150 flowers of three species by the length and width of sepals and petals. One species stands apart, two overlap a little.",
    origin="R. A. Fisher, The use of multiple measurements in taxonomic problems, 1936; scikit-learn's load_iris.",
    licence="CC BY 4.0",
)
FEATURES = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")


def spec() -> Spec:
    return Spec((4,), classes=("setosa", "versicolor", "virginica"), features=FEATURES)


def load() -> tuple[np.ndarray, np.ndarray]:
    """Measurements (150, 4) in centimetres, and the species."""
    from sklearn.datasets import load_iris

    x, y = load_iris(return_X_y=True)
    return np.asarray(x, "float32"), np.asarray(y, "int32")
