"""A NumPy array as it travels between processes and lies in a record."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np


class Array(msgspec.Struct, frozen=True, array_like=True):
    """Its type, its shape and its bytes."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes

    @staticmethod
    def of(array: Any) -> Array:
        array = np.ascontiguousarray(array)
        return Array(array.dtype.str, array.shape, array.tobytes())

    def numpy(self) -> np.ndarray:
        return np.frombuffer(self.data, self.dtype).reshape(self.shape)
