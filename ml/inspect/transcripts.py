"""What a model that reads lines says at every step in time: the probabilities of the blank and of each label, and what is read from them."""

from __future__ import annotations

import math

import numpy as np
import tensorflow as tf

from ml.build import Built
from ml.data.dataset import Dataset
from ml.events import Array, Transcript, Transcripts
from ml.generate.painter import to_pixels
from ml.project.project import Project
from ml.recipes.ctc import read

LINES, ROOM = 9, 60_000
"""At most so many lines, and so many bytes for all of them where they are not so long that one needs more."""
SIDE = 512
"""Pixels along a picture's side at the most."""


class TranscriptLens:
    """Looks at pictures of the validation part, or where there are none at some that are trained on; of other recipes than `ctc` it sees nothing."""

    def __init__(self, project: Project, built: dict[str, Built], dataset: Dataset) -> None:
        self._makes_sense = project.recipe.id == "ctc" and dataset.kind == "image" and dataset.task == "transcription"
        if not self._makes_sense:
            return
        model = built["model"].model
        self._logits, self._classes = project.recipe.arguments.get("from_logits", False), dataset.classes
        self._say = tf.function(lambda x: model(x, training=False), autograph=False)
        x, y = dataset.part(dataset.watched)
        smaller = math.ceil(max(x.shape[1:3]) / SIDE)
        size = math.prod(x.shape[1:]) // smaller**2 + math.prod(model.outputs[0].shape[1:])
        count = max(1, min(LINES, ROOM // size))
        self._x, self._y = x[:count], y[:count]
        self._pictures = [Array.of(to_pixels(picture[::smaller, ::smaller])) for picture in self._x]

    def read(self, step: int) -> Transcripts | None:
        """The lines as they are read now."""
        if not self._makes_sense:
            return None
        said = self._say(tf.constant(self._x))
        chances = (tf.nn.softmax(said) if self._logits else said).numpy()
        found = np.asarray(read(said, chances.shape[1])[0])
        each = zip(self._pictures, chances, found, self._y, strict=True)
        lines = tuple(Transcript(picture, _bytes(row), _labels(labels), _labels(right)) for picture, row, labels, right in each)
        return Transcripts(step, lines, self._classes)


def _bytes(chances: np.ndarray) -> Array:
    return Array.of(np.rint(np.clip(np.nan_to_num(chances), 0, 1) * 255).astype("uint8"))


def _labels(labels: np.ndarray) -> tuple[int, ...]:
    return tuple(int(label) for label in labels if label)
