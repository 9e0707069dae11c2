"""What a data source says of itself, what is known of its samples before they are loaded, and the samples."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from msgspec import Struct

from ml.project.parameters import PATHS, Parameter

PARTS = ("train", "validation", "test")

STANDARDIZE = Parameter("standardize", "bool", True, help="Scale each column to mean 0 and deviation 1, as measured on the training part.")
STANDARDIZE_TARGET = Parameter("standardize_target", "bool", True, help="Scale the target to mean 0 and deviation 1, as measured on the training part.")


class Way(Struct, frozen=True):
    """A way out of a problem with data: which of the source's arguments to set to what."""

    text: str
    """What it does, as on a button: `Leave these rows out`."""
    arguments: dict[str, Any] = {}
    download: str = ""
    """Instead: which dataset to download."""


class DataProblem(ValueError):
    """Data that can't be had as asked, as a sentence, and the ways out of it."""

    def __init__(self, sentence: str, *ways: Way) -> None:
        super().__init__(sentence)
        self.ways = ways


class File(Struct, frozen=True):
    """A file that `keras.datasets` downloads."""

    name: str
    """Where it lies in Keras's folder of datasets."""
    size: int
    """In bytes."""
    digest: str
    """SHA-256 or MD5, as Keras knows it, in hexadecimal digits."""


class Source(Struct, frozen=True):
    """A dataset that a person can choose, and its parameters."""

    id: str
    title: str
    family: str
    """Under which it stands in the library: `Pictures`, `Tables`, `Points in the plane`, `Text`, `Series`, `Games`, `Graphs`, `To download`, `Your own`."""
    task: str
    """What is learned from it: `classification`, `regression`, `language`, `tagging` (a label at each place), `translation` (one sequence from another),
    `bits` (several bits at each step), `segmentation` (a label of each pixel), `detection` (a label and a box), `denoising` (a cleaner picture),
    `transcription` (labels from left to right), or `none` where there are no labels. Of a file: what it mostly is."""
    kind: str
    """What a sample is: `image`, `table`, `points`, `text`, `series` (numbers over time), `pairs` of texts, `board` (of a game) or `graph` (a node
    by its links to all nodes, which have the names of the features). Of a file: mostly."""
    help: str
    origin: str
    licence: str
    parameters: tuple[Parameter, ...] = ()
    files: tuple[File, ...] = ()
    """Of what `keras.datasets` downloads under this id: the files that must be on this machine first."""

    @property
    def path(self) -> Parameter | None:
        """Of data of one's own: the parameter that says where they are."""
        return next((parameter for parameter in self.parameters if parameter.required and parameter.kind in PATHS), None)


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
    target_shape: tuple[int, ...] = ()
    """Of a sequence that is learned from another: how long it is, its start and its end with it."""
    target_vocabulary: int = 0
    """Of such a sequence: how many tokens there are."""
    groups: int = 0
    """Where it is more than 0: samples whose numbers are equal modulo `groups` have something in common, and are never divided between the parts."""
    task: str = ""
    """As in `Source`, which says it where it is the same for all arguments."""
    kind: str = ""
    notes: tuple[str, ...] = ()
    """What was found, and done about it, that a person may not expect, each as a sentence."""
    tested: int = 0
    """How many samples at the end were set aside for the test by those who made the data, and are the test part; 0: it is drawn."""


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
    """Labels (n,) of int32, targets (n, 1) of float32, the tokens that come next, or a label at each place, or the tokens of another sequence (n, time) of
    int32, or nothing (n, 0) of float32 where there are no labels.

    For transcription labels in their order (n, longest) of int32, 0 after the last.

    For segmentation labels of pixels (n, height, width) of int32, for denoising the clean pictures (n, height, width, channels) of float32, for detection
    (n, 5) of float32: the label, and the middle down and across, height and width of a box in parts of the picture's, for bits what is to be said in the
    last steps (n, length, bits) of float32.
    """
    parts: dict[str, np.ndarray]
    """Which samples are in `train`, `validation` and `test`."""
    kind: str
    task: str
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    """Of text: the vocabulary by token."""
    target_tokens: tuple[str, ...] = ()
    """Of a sequence that is learned from another: the vocabulary by token."""
    target_scale: Scale | None = None
    """How `y` was standardized, if it was: an error times its deviation is in the target's own unit."""
    notes: tuple[str, ...] = ()
    """As in `Spec`, and what came up while loading."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one sample."""
        return self.x.shape[1:]

    @property
    def watched(self) -> str:
        """The part that is looked at while a model trains: `validation`, which it does not learn from, or where that is empty `train`."""
        return "validation" if len(self.parts["validation"]) else "train"

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
        return joined(self.tokens, tokens)


def joined(vocabulary: tuple[str, ...], tokens: Iterable[int]) -> str:
    """The text of tokens: letters one after the other, words with a blank between them and without padding."""
    words = any(len(token) > 1 for token in vocabulary)
    return (" " if words else "").join(vocabulary[token] for token in tokens if vocabulary[token])
