"""The tables say what the installed Keras says."""

from __future__ import annotations

import inspect
from pathlib import Path

import keras
import pytest

from ml.ops import layers, operations
from ml.ops.generate import encode, tables
from ml.ops.table import NODE_TYPES
from ml.tables import OPTIMIZERS, SCHEDULES


@pytest.mark.parametrize("name", ["nodes", "optimizers", "schedules", "recipes"])
def test_the_file_is_what_the_installed_keras_and_the_recipes_give(name: str, generated: dict[str, bytes]) -> None:
    path = Path("resources") / f"{name}.json"
    assert path.read_bytes() == generated[path.name], "Run `python -m ml.ops.generate` and commit what it writes."


@pytest.fixture(scope="module")
def generated() -> dict[str, bytes]:
    return {path.name: encode(table) for path, table in tables().items()}


def test_every_layer_of_keras_is_there_or_left_out_for_a_reason() -> None:
    known = {name for kind in NODE_TYPES.values() for name in (kind.id, *kind.aliases)} | set(layers.LEFT_OUT)
    assert [name for name, thing in vars(keras.layers).items() if isinstance(thing, type) and name not in known] == []


def test_every_operation_of_keras_is_there_or_left_out_for_a_reason() -> None:
    functions = [name for name, thing in vars(keras.ops).items() if inspect.isfunction(thing) and not name.startswith("_")]
    assert [name for name in functions if f"ops.{name}" not in NODE_TYPES and name not in operations.LEFT_OUT] == []


def test_optimizers_and_schedules_take_what_keras_takes() -> None:
    assert OPTIMIZERS["Adam"].parameters[0].default == 0.001
    assert OPTIMIZERS["Adam"].parameters[0].live
    for id in OPTIMIZERS:
        getattr(keras.optimizers, id)(**{p.name: p.default for p in OPTIMIZERS[id].parameters})
    assert {"CosineDecay", "ExponentialDecay", "PiecewiseConstantDecay"} <= SCHEDULES.keys()
