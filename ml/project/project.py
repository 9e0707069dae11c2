"""The document: what a person makes, as one immutable value."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from ml.project.graph import Graph

VERSION = 1


class Choice(Struct, frozen=True, omit_defaults=True):
    """One thing picked from a list (a recipe, an optimizer, a schedule), with the arguments that differ from its defaults."""

    id: str
    arguments: dict[str, Any] = {}


class Split(Struct, frozen=True):
    """Which part of the samples is kept for validation and for the test (0 to 1), drawn with `seed`."""

    validation: float = 0.15
    test: float = 0.15
    seed: int = 0


class Data(Struct, frozen=True, omit_defaults=True):
    """The data source by its id, its arguments, and how its samples are split."""

    id: str
    arguments: dict[str, Any] = {}
    split: Split = Split()


class Training(Struct, frozen=True):
    """How a run goes: all that is the same for every recipe."""

    epochs: int = 10
    batch_size: int = 32
    seed: int = 0
    optimizer: Choice = Choice("Adam")
    schedule: Choice | None = None
    patience: int | None = None
    """Stop after this many epochs without a better validation loss; None: never."""


class Project(Struct, frozen=True):
    """A dataset, the models by role, and how they are trained."""

    name: str
    data: Data
    models: dict[str, Graph]
    recipe: Choice
    training: Training = Training()
    template: str = ""
    """The id of the template it began as, or nothing."""
    notes: str = ""
    weights: str = ""
    """The HDF5 file with the first weights of the nodes that have some (`Node.weights`); nothing: there is none."""
    version: int = VERSION
