"""All that a training run is at a step, and back: every variable, the optimizers', the seeds', and where in the data it is."""

from __future__ import annotations

import hashlib
from typing import Any

import keras
import numpy as np

from ml.data.dataset import Dataset
from ml.training.optimizers import TrainingProblem


def variables(trainer: keras.Model, models: dict[str, keras.Model], optimizers: list[Any]) -> dict[str, Any]:
    """Every variable that the next step depends on, by a name that is the same whenever the same project is built."""
    found: dict[str, Any] = {}
    seen: set[int] = set()
    groups = {**{f"models/{role}": model.variables for role, model in models.items()}, "trainer": trainer.variables, "optimizers": optimizers}
    for group, members in groups.items():
        for index, variable in enumerate(members):
            if id(variable) not in seen:
                seen.add(id(variable))
                found[f"{group}/{index}"] = variable
    return found


def values(found: dict[str, Any]) -> dict[str, np.ndarray]:
    """What the variables hold."""
    return {name: keras.ops.convert_to_numpy(variable).copy() for name, variable in found.items()}


def assign(found: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    """Give the variables these values. Raises `TrainingProblem` where they are not the same ones."""
    if found.keys() != arrays.keys():
        odd = sorted(found.keys() ^ arrays.keys())
        raise TrainingProblem(f"The checkpoint is of another model: {odd[0]} is in one of them only. Begin a new run.")
    for name, variable in found.items():
        if tuple(variable.shape) != arrays[name].shape:
            raise TrainingProblem(f"The checkpoint is of another model: {name} is {arrays[name].shape} in it and {tuple(variable.shape)} in the project.")
        variable.assign(of_type(arrays[name], keras.ops.convert_to_numpy(variable)))


def of_type(array: np.ndarray, like: np.ndarray) -> np.ndarray:
    """An array from a file as it was: NumPy's files know nothing of bfloat16 and its like, and give their bytes without a type."""
    return array.view(like.dtype) if array.dtype.kind == "V" and array.itemsize == like.itemsize else array


def fingerprint(dataset: Dataset) -> str:
    """A digest of the samples and of how they are split: the same for the same data."""
    digest = hashlib.sha256()
    for array in (dataset.x, dataset.y, *(dataset.parts[part] for part in sorted(dataset.parts))):
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
