"""Handwritten digits, as scikit-learn has them: 1,797 pictures of 8×8, 16 levels of grey."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="digits",
    title="Handwritten digits",
    family="Pictures",
    task="classification",
    kind="image",
    help="1,797 digits written by 43 people, 8×8 pixels. Small enough to learn in seconds, real enough to make mistakes on.",
    origin="Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI; the test part, as in scikit-learn's load_digits.",
    licence="CC BY 4.0",
    parameters=(
        Parameter("size", "int", 8, minimum=8, maximum=512, help="Pixels across and down; above 8 the pictures are enlarged, linearly between pixels."),
        Parameter("channels", "choice", 1, choices=(1, 3), help="1 for grey; 3 for the same grey in three channels, as models for colour pictures want."),
    ),
)


def spec(size: int, channels: int) -> Spec:
    return Spec((size, size, channels), classes=tuple("0123456789"))


def load(size: int, channels: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (1797, size, size, channels) from 0 to 1, and their labels."""
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    x = np.reshape(pixels, (-1, 8, 8)).astype("float32") / 16
    if size != 8:
        places = (np.arange(size) + 0.5) * 8 / size - 0.5
        enlarge = np.stack([np.interp(places, np.arange(8), row) for row in np.eye(8)], axis=1).astype("float32")
        x = enlarge @ x @ enlarge.T
    x = np.repeat(x[..., np.newaxis], channels, axis=-1)
    return x, np.asarray(labels, "int32")
