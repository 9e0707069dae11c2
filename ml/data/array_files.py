"""Arrays out of files: the functions stand in exported scripts as they are here, and need nothing of ours."""

from __future__ import annotations

import gzip
import math

import numpy as np

IDX_TYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
"""What the third byte of an IDX file says of its numbers, after http://yann.lecun.com/exdb/mnist."""


def array(path: str, name: str = "") -> np.ndarray:
    """The array in a .npy or an IDX file (also with gzip), or that of a name in a .npz file."""
    with open(path, "rb") as file:  # noqa: PTH123 - as short as it can be, for a script
        beginning = file.read(6)
    if beginning in (b"\x93NUMPY", *([beginning] if beginning[:2] == b"PK" else [])):
        opened = np.load(path)
        return opened[name] if name else opened
    packed = beginning[:2] == b"\x1f\x8b"
    with gzip.open(path) if packed else open(path, "rb") as file:  # noqa: PTH123
        head = file.read(4)
        shape = tuple(int.from_bytes(file.read(4), "big") for _ in range(head[3]))
        kind = np.dtype(IDX_TYPES[head[2]])
        return np.frombuffer(file.read(math.prod(shape) * kind.itemsize), kind).reshape(shape)


def inputs(values: np.ndarray, is_image: bool) -> np.ndarray:
    """Samples as float32; pictures (n, height, width) with a channel, and whole numbers in them from 0 to 1."""
    scale = 255 if is_image and values.dtype.kind == "u" and values.dtype.itemsize == 1 else 1
    x = values.astype("float32") / scale
    return x[..., np.newaxis] if is_image and x.ndim == 3 else x.reshape(len(x), -1) if x.ndim == 1 else x


def targets(values: np.ndarray, classes: list | None) -> np.ndarray:
    """Labels (n,) for values that are among `classes` (or one-hot, where they are as wide), or targets (n, 1) where there are none."""
    if classes is None:
        return values.reshape(len(values), 1).astype("float32")
    if values.ndim == 2 and values.shape[1] > 1:
        return values.argmax(axis=1).astype("int32")
    return np.searchsorted(np.array(classes), values.reshape(-1)).astype("int32")


def read(path: str, name: str, labels: str, labels_name: str, is_image: bool, classes: list | None) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (n, …), and labels (n,), targets (n, 1), or nothing (n, 0) where `labels` is no file."""
    x = inputs(array(path, name), is_image)
    return x, targets(array(labels, labels_name), classes) if labels else np.zeros((len(x), 0), "float32")
