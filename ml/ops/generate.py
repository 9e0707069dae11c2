"""Writes the tables in `resources/` from the installed Keras and from the recipes: `python -m ml.ops.generate`."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

import keras
import msgspec
from msgspec.structs import replace

from ml.ops import docstrings
from ml.ops.aliases import ALIASES
from ml.ops.layers import layer_types
from ml.ops.operations import operation_types
from ml.ops.signatures import DTYPES, parameters
from ml.ops.table import PATH, NodeType, Port
from ml.project.graph import BLOCK, INPUT, OUTPUT
from ml.project.parameters import Parameter
from ml.tables import FOLDER, Entry

OPTIMIZERS_LEFT_OUT = {
    "Optimizer": "is abstract",
    "LossScaleOptimizer": "wraps another optimizer",
    "MultiOptimizer": "wraps other optimizers",
    "OptimizerMap": "wraps other optimizers",
}
"""The classes of `keras.optimizers` that are not offered, and why."""
_RATES, _STEPS = ("learning_rate", "initial_learning_rate", "end_learning_rate"), ("decay_steps", "first_decay_steps", "ema_overwrite_frequency")
LEAST = dict.fromkeys((*_RATES, "clipnorm", "clipvalue", "global_clipnorm"), 0) | dict.fromkeys(_STEPS, 1) | {"gradient_accumulation_steps": 2}
"""The least that an argument of an optimizer or a schedule may be: with a rate below 0 a network would unlearn, and Keras says nothing."""


def node_types() -> list[NodeType]:
    """The whole table of nodes."""
    return [*_our_own(), *layer_types(), *operation_types()]


def optimizers() -> list[Entry]:
    """Keras's optimizers."""
    names = [name for name in _classes(keras.optimizers, keras.optimizers.Optimizer) if name not in OPTIMIZERS_LEFT_OUT]
    return [_entry(getattr(keras.optimizers, name)) for name in names]


def schedules() -> list[Entry]:
    """Keras's learning rate schedules."""
    base = keras.optimizers.schedules.LearningRateSchedule
    return [_entry(getattr(keras.optimizers.schedules, name)) for name in _classes(keras.optimizers.schedules, base)]


def recipes() -> list[Entry]:
    """The `RECIPE` of every file in `ml/recipes`, by name of the file."""
    folder = Path(__file__).parents[1] / "recipes"
    modules = [importlib.import_module(f"ml.recipes.{found.name}") for found in pkgutil.iter_modules([str(folder)])]
    return [module.RECIPE for module in modules if hasattr(module, "RECIPE")]


def tables() -> dict[Path, list[NodeType] | list[Entry]]:
    """What each file should hold."""
    found = {"optimizers": optimizers(), "schedules": schedules(), "recipes": recipes()}
    return {PATH: node_types(), **{FOLDER / f"{name}.json": entries for name, entries in found.items()}}


def encode(table: list[NodeType] | list[Entry]) -> bytes:
    """A table as its file holds it: one entry a line."""
    return b"[\n" + b",\n".join(map(msgspec.json.encode, table)) + b"\n]\n"


def _classes(module: Any, base: type) -> list[str]:
    found = {thing: name for name, thing in vars(module).items() if isinstance(thing, type) and issubclass(thing, base) and thing is not base}
    return sorted(found.values())


def _entry(cls: type) -> Entry:
    found = parameters(cls.__init__, cls, {"self", "name"})
    live = tuple(replace(parameter, live=parameter.name == "learning_rate", minimum=LEAST.get(parameter.name, parameter.minimum)) for parameter in found)
    return Entry(cls.__name__, cls.__name__, docstrings.summary(cls), live)


def _our_own() -> list[NodeType]:
    shape = Parameter("shape", "list", required=True, help="The size of one sample, without the batch; null where it is open.")
    dtype = Parameter("dtype", "choice", None, (None, *DTYPES, "string"), help="The type of the numbers: float32 for measurements, int32 for tokens.")
    batch = Parameter("batch_size", "int", None, minimum=1, help="A fixed size of the batch, where the model needs one.")
    return [
        NodeType(INPUT, "keras.Input", "Core", "Where data enters the model.", parameters=(shape, dtype, batch), aliases=ALIASES[INPUT]),
        NodeType(OUTPUT, "", "Core", "What the model gives.", ports=(Port("input"),), aliases=ALIASES[OUTPUT]),
        NodeType(BLOCK, "", "Core", "A node that holds a graph of its own, to be opened, repeated and reused.", aliases=ALIASES[BLOCK]),
    ]


def main() -> None:
    """Write every table."""
    for path, table in tables().items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(encode(table))
        print(f"{path}: {len(table)}")


if __name__ == "__main__":
    main()
