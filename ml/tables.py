"""Optimizers, schedules and recipes as tables, so that forms, checks and help need no Keras."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from ml.project.parameters import Parameter

FOLDER = Path(__file__).parents[1] / "resources"


class Entry(Struct, frozen=True, omit_defaults=True):
    """One thing to choose, with what it may be told."""

    id: str
    title: str
    help: str = ""
    parameters: tuple[Parameter, ...] = ()
    roles: tuple[str, ...] = ()
    """Of a recipe: the models that it needs, by their names in a project."""
    tasks: tuple[str, ...] = ()
    """Of a recipe: the kinds of task that a dataset may have."""
    metrics: tuple[str, ...] = ()
    """Of a recipe: what it measures, in the order in which to show it."""


def _read(name: str) -> dict[str, Entry]:
    path = FOLDER / f"{name}.json"
    entries = msgspec.json.decode(path.read_bytes(), type=list[Entry]) if path.exists() else []
    return {entry.id: entry for entry in entries}


OPTIMIZERS = _read("optimizers")
"""Keras's optimizers by class name."""
SCHEDULES = _read("schedules")
"""Keras's learning rate schedules by class name."""
RECIPES = _read("recipes")
"""The training methods of `ml/recipes`, by the names of their files."""
