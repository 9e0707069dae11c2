"""What a data source says of itself, what is known of its samples before they are loaded, and the samples."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from msgspec import Struct

from ml.project.parameters import Parameter

PARTS = ("train", "validation", "test")

STANDARDIZE = Parameter("standardize", "bool", True, help="Scale each column to mean 0 and deviation 1, as measured on the training part.")
STANDARDIZE_TARGET = Parameter("standardize_target", "bool", True, help="Scale the target to mean 0 and deviation 1, as measured on the training part.")


class DataProblem(ValueError):
    """Data that can't be had as asked, as a sentence."""


class Source(Struct, frozen=True):
    """A dataset that a person can choose, and its parameters."""

    id: str
    title: str
    family: str
    """Under which it stands in the library: `Pictures`, `Tables`, `Points in the plane`, `Text`."""
    task: str
    """What is learned from it: `classification`, `regression` or `language`."""
    kind: str
    """What a sample is: `image`, `table`, `points` or `text`."""
    help: str
    origin: str
    licence: str
    parameters: tuple[Parameter, ...] = ()


class Spec(Struct, frozen=True):
    """What is known of a dataset without loading it."""

    shape: tuple[int, ...]
    """Of one sample."""
    dtype: str = "float32"
    """`float32`, or `int32` for tokens."""
    classes: tuple[str, ...] = ()
    """Names by label; nothing where there are no classes."""
    vocabulary: int = 0
    """Of text: how many tokens there are."""
    features: tuple[str, ...] = ()
    """Of a table or of points: the names of the columns."""


@dataclass(frozen=True)
class Scale:
    """How columns were standardized: `(raw - mean) / deviation`; both are (columns,) of float32."""

    mean: np.ndarray
    deviation: np.ndarray

    def raw(self, values: np.ndarray) -> np.ndarray:
        """The values as they were before."""
        return values * self.deviation + self.mean


@dataclass(frozen=True)
class Dataset:
    """Samples in memory. `n` is how many; the arrays are read-only, for one dataset serves all who ask for it."""

    x: np.ndarray
    """(n, *shape) of float32 (pictures: 0 to 1), or tokens (n, time) of int32."""
    y: np.ndarray
    """Labels (n,) of int32, targets (n, 1) of float32, or the tokens that come next (n, time) of int32."""
    parts: dict[str, np.ndarray]
    """Which samples are in `train`, `validation` and `test`."""
    kind: str
    task: str
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    """Of text: the vocabulary by token."""
    target_scale: Scale | None = None
    """How `y` was standardized, if it was: an error times its deviation is in the target's own unit."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one sample."""
        return self.x.shape[1:]

    def part(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """The samples of `train`, `validation` or `test`, as (x, y)."""
        indices = self.parts[name]
        return self.x[indices], self.y[indices]

    def encode(self, text: str) -> np.ndarray:
        """The tokens (characters,) of a text, without the characters that are not in the vocabulary."""
        known = {character: token for token, character in enumerate(self.tokens)}
        return np.array([known[character] for character in text if character in known], "int32")

    def decode(self, tokens: Iterable[int]) -> str:
        """The text of tokens."""
        return "".join(self.tokens[token] for token in tokens)
