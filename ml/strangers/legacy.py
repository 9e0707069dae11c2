"""A whole model in HDF5, Keras's older format, as data: its configuration is read from the notes of the file, without Keras."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py

from ml.strangers import ImportProblem, hdf5, notation

CONFIG, TRAINING = "model_config", "training_config"


def read(path: Path, shown: Path) -> tuple[dict[str, Any], int]:
    """The configuration of the model in a file, what it was trained with under `compile_config`, and the bytes of its weights.

    `shown` is what sentences call the file. Raises `ImportProblem`.
    """
    declared = hdf5.check(path, str(shown))
    try:
        with h5py.File(path, "r", locking=False) as file:
            texts = {name: _text(file.attrs[name], f"{shown}: {name}") for name in (CONFIG, TRAINING) if name in file.attrs}
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, UnicodeError) as error:  # whatever h5py makes of a broken file
        raise ImportProblem(f"{shown} is damaged: {error}.") from error
    if CONFIG not in texts:
        raise ImportProblem(f"{shown} holds weights and no model: open the model that they belong to.")
    config = notation.decode(texts[CONFIG], f"{shown}: {CONFIG}")
    return config | ({"compile_config": notation.decode(texts[TRAINING], f"{shown}: {TRAINING}")} if TRAINING in texts else {}), declared


def _text(value: Any, name: str) -> bytes:
    if not isinstance(value, str | bytes):
        raise ImportProblem(f"{name} is no text.")
    return value.encode() if isinstance(value, str) else value
