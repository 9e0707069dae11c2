"""What models of sequences make of the samples that they do not learn from, in words."""

from __future__ import annotations

from typing import Protocol

import keras
import numpy as np
import tensorflow as tf

from ml.data.dataset import Dataset
from ml.data.words import START, source, tagged, target
from ml.recipes.crf import viterbi

SAMPLES = 12
READS = ("tagging", "crf", "seq2seq")
"""The recipes whose models are read."""


class Reader(Protocol):
    """Says in words what a model makes of samples."""

    def read(self, x: np.ndarray, y: np.ndarray) -> str: ...


def reader(recipe: str, model: keras.Model, dataset: Dataset) -> Reader:
    """The reader for the models of a recipe, one of `READS`."""
    return {"tagging": TagReader, "crf": FieldReader, "seq2seq": Translation}[recipe](model, dataset)


class TagReader:
    """Texts with the tags that the model gives them."""

    def __init__(self, model: keras.Model, dataset: Dataset) -> None:
        self._dataset = dataset
        self._tags = tf.function(lambda x: model(x, training=False), autograph=False, reduce_retracing=True)

    def read(self, x: np.ndarray, y: np.ndarray) -> str:
        """A line for each sample: where a tag is wrong, a second line has it as it is right."""
        lines = []
        for text, right, said in zip(x, y, self.tags(x), strict=True):
            lines.append(("  " if np.array_equal(said[right > 0], right[right > 0]) else "✗ ") + tagged(self._dataset, text, said))
            if lines[-1].startswith("✗"):
                lines.append("→ " + tagged(self._dataset, text, right))
        return "\n".join(lines)

    def tags(self, x: np.ndarray) -> np.ndarray:
        """The likeliest tags (n, time) of texts (n, time), padding never among them."""
        return self._tags(tf.constant(x)).numpy()[..., 1:].argmax(-1) + 1


class FieldReader(TagReader):
    """Texts with the tags that are the best as a whole."""

    def __init__(self, model: keras.Model, dataset: Dataset) -> None:
        super().__init__(model, dataset)

        def best(x: tf.Tensor) -> tf.Tensor:
            emissions, transitions = model(x, training=False)
            return viterbi(emissions, transitions[0], tf.cast(x != 0, "float32"))

        self._best = tf.function(best, autograph=False, reduce_retracing=True)

    def tags(self, x: np.ndarray) -> np.ndarray:
        return self._best(tf.constant(x)).numpy()


class Translation:
    """Sources with what the model makes of them: the likeliest token, given those that it has said itself."""

    def __init__(self, model: keras.Model, dataset: Dataset) -> None:
        self._dataset = dataset
        self._length = dataset.y.shape[1]
        self._next = tf.function(lambda x, given: model([x, given], training=False), autograph=False, reduce_retracing=True)

    def read(self, x: np.ndarray, y: np.ndarray) -> str:
        """A line for each sample, and where it is wrong what is right."""
        sources = [source(self._dataset, sample) for sample in x]
        lines = []
        for text, sample, right, said in zip(sources, x, y, self.said(x), strict=True):
            found, wanted = target(self._dataset, said, sample), target(self._dataset, right, sample)
            end = "" if found == wanted else f"    → {wanted}"
            lines.append(f"{'✗' if end else ' '} {text:{max(map(len, sources))}}  {found}{end}")
        return "\n".join(lines)

    def said(self, x: np.ndarray) -> np.ndarray:
        """The targets (n, length) that the model writes to sources (n, time), from the start on."""
        said = np.zeros((len(x), self._length), "int32")
        said[:, 0] = START
        for place in range(self._length - 1):
            said[:, place + 1] = self._next(tf.constant(x), tf.constant(said[:, :-1])).numpy()[:, place].argmax(-1)
        return said
