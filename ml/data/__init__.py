"""The data sources, found by listing this folder: what they are, their shapes without loading, and their samples."""

from __future__ import annotations

import pkgutil
from functools import cache, lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any

import msgspec
import numpy as np

from ml.data.dataset import DataProblem, Dataset, Scale, Source, Spec
from ml.data.split import split, standardize
from ml.project.parameters import problem
from ml.project.project import Data

__all__ = ["DataProblem", "Dataset", "Scale", "Source", "Spec", "arguments", "load", "module", "sources", "spec"]


def sources() -> dict[str, Source]:
    """Every source by its id."""
    return {name: found.SOURCE for name, found in _modules().items()}


def module(source: str) -> ModuleType:
    """The module of a source, which has its `SOURCE`, `spec` and `load`. Raises `DataProblem` where there is none."""
    if source not in _modules():
        raise DataProblem(f"There is no dataset {source!r}; there are: {', '.join(_modules())}.")
    return _modules()[source]


def arguments(data: Data) -> dict[str, Any]:
    """Every argument of the source, the defaults filled in. Raises `DataProblem` where one is wrong."""
    parameters = module(data.id).SOURCE.parameters
    if sentence := problem(parameters, data.arguments):
        raise DataProblem(f"In the dataset {data.id}: {sentence}")
    return {parameter.name: parameter.default for parameter in parameters} | data.arguments


def spec(data: Data) -> Spec:
    """What is known of a dataset without loading it. Raises `DataProblem`."""
    return module(data.id).spec(**arguments(data))


def load(data: Data) -> Dataset:
    """The samples. The last few datasets are kept, so that asking again costs nothing. Raises `DataProblem`."""
    return _load(msgspec.json.encode(data, order="deterministic"))


@cache
def _modules() -> dict[str, ModuleType]:
    found = {name: import_module(f"{__name__}.{name}") for _, name, _ in pkgutil.iter_modules(__path__)}
    return {name: module for name, module in sorted(found.items()) if hasattr(module, "SOURCE")}


@lru_cache(maxsize=2)
def _load(encoded: bytes) -> Dataset:
    data = msgspec.json.decode(encoded, type=Data)
    source, known, given = module(data.id).SOURCE, spec(data), arguments(data)
    target_scaled = given.pop("standardize_target", False)
    x, y = module(data.id).load(**given)
    parts = _parts(source, data, y)
    target_scale = None
    if target_scaled:
        y, mean, deviation = standardize(y, parts["train"])
        target_scale = Scale(mean, deviation)
    for array in (x, y, *parts.values()):
        array.flags.writeable = False
    tokens = getattr(module(data.id), "TOKENS", ())
    return Dataset(x, y, parts, source.kind, source.task, known.classes, known.features, tokens, target_scale)


def _parts(source: Source, data: Data, y: np.ndarray) -> dict[str, np.ndarray]:
    for name in ("validation", "test"):
        fraction = getattr(data.split, name)
        if not 0 <= fraction < 1:
            raise DataProblem(f"The {name} part must be a fraction from 0 to less than 1, not {fraction:g}.")
    if data.split.seed < 0:
        raise DataProblem(f"The seed of the split must be at least 0, not {data.split.seed}.")
    labels = y if source.task == "classification" else None
    parts = split(len(y), data.split.validation, data.split.test, data.split.seed, labels, contiguous=source.task == "language")
    if data.split.validation + data.split.test >= 1 or not len(parts["train"]):
        raise DataProblem(f"Validation ({data.split.validation:g}) and test ({data.split.test:g}) leave nothing to train on.")
    return parts
