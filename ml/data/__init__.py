"""The data sources, found by listing this folder: what they are, their shapes without loading, and their samples."""

from __future__ import annotations

import pkgutil
from functools import cache, lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace

from ml.data import downloads, labels
from ml.data.dataset import DataProblem, Dataset, Scale, Source, Spec, Way
from ml.data.own import Stamp
from ml.data.split import split, standardize
from ml.project.parameters import problem
from ml.project.project import Data

__all__ = ["DataProblem", "Dataset", "Scale", "Source", "Spec", "Way", "arguments", "divide", "keep_spec", "known", "load", "module", "name", "sources", "spec"]
REMEMBERED = 32
"""Of how many files of one's own the specs are kept."""


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


def name(data: Data) -> str:
    """What to call the data in a sentence: the file or folder of one's own, or the source."""
    path = module(data.id).SOURCE.path
    return str(data.arguments.get(path.name, data.id)) if path else data.id


def spec(data: Data) -> Spec:
    """What is known of a dataset without loading it; a file of one's own is read once for it, and again when it changed. Raises `DataProblem`."""
    if (found := known(data)) is not None:
        return found
    source = module(data.id)
    found = source.spec(**arguments(data))
    found = replace(found, task=found.task or source.SOURCE.task, kind=found.kind or source.SOURCE.kind)
    keep_spec(data, found)
    return found


def known(data: Data) -> Spec | None:
    """The spec, if it was asked for before and the files are still the same. Raises `DataProblem`."""
    return _specs.get(_key(data))


def keep_spec(data: Data, found: Spec) -> None:
    """Remember what another process found out. Raises `DataProblem`."""
    while len(_specs) >= REMEMBERED:
        _specs.pop(next(iter(_specs)), None)
    _specs[_key(data)] = found


def load(data: Data) -> Dataset:
    """The samples. The last few datasets are kept, so that asking again costs nothing. Raises `DataProblem`."""
    return _load(msgspec.json.encode(data, order="deterministic"), _stamp(data, deep=True))


_specs: dict[tuple[bytes, Stamp], Spec] = {}


def _key(data: Data) -> tuple[bytes, Stamp]:
    return msgspec.json.encode([data.id, data.arguments], order="deterministic"), _stamp(data)


def _stamp(data: Data, deep: bool = False) -> Stamp:
    """What changes when the files do, or where it is not `deep` what the spec says of them; nothing for sources without any."""
    stamp = getattr(module(data.id), "stamp", None)
    return stamp(deep=deep, **arguments(data)) if stamp else ()


@cache
def _modules() -> dict[str, ModuleType]:
    found = {name: import_module(f"{__name__}.{name}") for _, name, _ in pkgutil.iter_modules(__path__)}
    return {name: module for name, module in sorted(found.items()) if hasattr(module, "SOURCE")}


@lru_cache(maxsize=2)
def _load(encoded: bytes, stamp: Stamp) -> Dataset:
    """`stamp` is there so that changed files are read again."""
    data = msgspec.json.decode(encoded, type=Data)
    told, given = spec(data), arguments(data)
    target_scaled = given.pop("standardize_target", False) and told.task == "regression"
    downloads.check(module(data.id).SOURCE)
    x, y, *notes = module(data.id).load(**given)
    tokens, target_tokens = (_vocabulary(module(data.id), name, given) for name in ("tokens", "target_tokens"))
    labels.check(Dataset(x, y, {}, told.kind, told.task, told.classes, told.features), name(data))
    parts = divide(told, data, y)
    target_scale = None
    if target_scaled:
        y, mean, deviation = standardize(y, parts["train"])
        target_scale = Scale(mean, deviation)
    for array in (x, y, *parts.values()):
        array.flags.writeable = False
    return Dataset(x, y, parts, told.kind, told.task, told.classes, told.features, tokens, target_tokens, target_scale, (*told.notes, *notes))


def _vocabulary(source: ModuleType, name: str, given: dict[str, Any]) -> tuple[str, ...]:
    """The vocabulary by token, which rests on the source's arguments where it has a function of this name, and nothing where there is none."""
    return getattr(source, name)(**given) if hasattr(source, name) else getattr(source, name.upper(), ())


def divide(told: Spec, data: Data, y: np.ndarray) -> dict[str, np.ndarray]:
    """Which samples are in which part of a dataset with these labels. Raises `DataProblem`."""
    for name in ("validation", "test"):
        fraction = getattr(data.split, name)
        if not 0 <= fraction < 1:
            raise DataProblem(f"The {name} part must be a fraction from 0 to less than 1, not {fraction:g}.")
    if data.split.seed < 0:
        raise DataProblem(f"The seed of the split must be at least 0, not {data.split.seed}.")
    stratified = y if told.task == "classification" else None
    contiguous = told.task == "language" or told.kind == "series"
    parts = split(len(y), data.split.validation, data.split.test, data.split.seed, stratified, contiguous, told.groups, told.tested)
    if data.split.validation + data.split.test >= 1 or not len(parts["train"]):
        raise DataProblem(f"Validation ({data.split.validation:g}) and test ({data.split.test:g}) leave nothing to train on.")
    return parts
