"""Wine: 178 bottles from three growers of one region, thirteen chemical measurements each."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import Source, Spec

SOURCE = Source(
    id="wine",
    title="Wine",
    family="Tables",
    task="classification",
    kind="table",
    help="178 wines of one Italian region by thirteen chemical measurements: which of three growers made it? Three clouds that planes divide.",
    origin="M. Forina, C. Armanino, M. Castino and M. Ubigli, Multivariate data analysis as a discriminating method of the origin of wines, 1986; "
    "UCI; scikit-learn's load_wine.",
    licence="CC BY 4.0",
)
FEATURES = (
    *("alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids"),
    *("nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue", "od280/od315_of_diluted_wines", "proline"),
)


def spec() -> Spec:
    return Spec((13,), classes=("grower 1", "grower 2", "grower 3"), features=FEATURES)


def load() -> tuple[np.ndarray, np.ndarray]:
    """Measurements (178, 13) in their own units, and the grower."""
    from sklearn.datasets import load_wine

    x, y = load_wine(return_X_y=True)
    return np.asarray(x, "float32"), np.asarray(y, "int32")
