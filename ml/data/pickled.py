"""Arrays out of the pickles that some old datasets come as, and nothing but arrays: what else a pickle names is refused."""

from __future__ import annotations

import pickle
import tarfile
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np

NEEDED = {("numpy", "ndarray"), ("numpy", "dtype"), *((module, "_reconstruct") for module in ("numpy.core.multiarray", "numpy._core.multiarray"))}
"""What it takes to make an array again, by module and name."""


class _Arrays(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in NEEDED:
            raise pickle.UnpicklingError(f"A dataset has no use for {module}.{name}, which its file asks for.")
        return super().find_class(module, name)


def unpickled(file: IO[bytes], encoding: str = "ASCII") -> Any:
    """What a pickle holds. Raises `pickle.UnpicklingError` where that is more than arrays, texts and numbers."""
    return _Arrays(file, encoding=encoding).load()


def of_tar(archive: Path, names: tuple[str, ...]) -> list[dict[bytes, Any]]:
    """The pickles of these names in a tar archive, in the archive's folder."""
    with tarfile.open(archive) as opened:
        found = {Path(member.name).name: member for member in opened.getmembers() if member.isfile()}
        return [unpickled(file, "bytes") for name in names if (file := opened.extractfile(found[name])) is not None]


def of_npz(path: Path, name: str) -> np.ndarray:
    """An array of a .npz file, also one of lists."""
    with zipfile.ZipFile(path) as archive, archive.open(f"{name}.npy") as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(file)
        if dtype.hasobject:
            return unpickled(file)
        return np.frombuffer(file.read(), dtype).reshape(shape)
