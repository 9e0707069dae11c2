"""Training methods, one file each, found by listing this folder.

A recipe's module has

- `RECIPE`, an `ml.tables.Entry`: its name, roles, parameters and metrics;
- `arrays(dataset, part)`: what a batch is made of, `(x,)` or `(x, y)`, each (samples, …); `()` where the part is not used;
- `trainer(models, optimizer, dataset, **arguments)`: a compiled `keras.Model` with Keras's own `train_step` and `test_step`;
- `problems(ends, spec, **arguments)`: what does not fit between the models (by role, the shapes of inputs and outputs) and the data, as sentences.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, cast

import keras
import numpy as np

from ml.data.dataset import Dataset, Spec
from ml.tables import Entry

Optimizer = Callable[[Sequence[keras.Variable]], keras.optimizers.Optimizer]
Ends = dict[str, tuple[list[Any], list[Any]]]


class Recipe(Protocol):
    """What every module of this folder has."""

    RECIPE: Entry

    def arrays(self, dataset: Dataset, part: str) -> tuple[np.ndarray, ...]: ...

    def trainer(self, models: dict[str, keras.Model], optimizer: Optimizer, dataset: Dataset, **arguments: Any) -> keras.Model: ...

    def problems(self, ends: Ends, spec: Spec, **arguments: Any) -> Iterable[str]: ...


def names() -> list[str]:
    """The ids of all recipes."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def recipe(id: str) -> Recipe:
    """A recipe by its id. Raises KeyError with a sentence."""
    if id not in names():
        raise KeyError(f"There is no recipe {id!r}; there are: {', '.join(names())}.")
    return cast(Recipe, importlib.import_module(f"{__name__}.{id}"))
