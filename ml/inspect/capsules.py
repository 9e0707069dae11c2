"""What is in a capsule: the picture that is painted from it, and what each of its numbers does to that picture.

S. Sabour, N. Frosst, G. Hinton, Dynamic routing between capsules, 2017, figures 3 and 4.
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from ml.build import Built
from ml.data.dataset import Dataset
from ml.events import Array, Picture
from ml.generate.painter import in_pairs, paints, to_pixels
from ml.project.project import Project

SAMPLES = 32
STEPS = np.linspace(-0.25, 0.25, 11).astype("float32")
"""By how much each number of a capsule is changed, as in the paper."""


class _Capsules:
    """The two models of the recipe `capsules` on pictures of the validation data; of other recipes there is nothing to see."""

    def __init__(self, project: Project, built: dict[str, Built], dataset: Dataset, samples: int) -> None:
        self.pictures = dataset.x[dataset.parts[dataset.watched][:samples]]
        self.makes_sense = project.recipe.id == "capsules" and paints(built["decoder"].model)
        if self.makes_sense:
            model, decoder = built["model"].model, built["decoder"].model
            self._look = tf.function(lambda x: model(x, training=False), autograph=False)
            self._paint = tf.function(lambda capsules: decoder(capsules, training=False), reduce_retracing=True, autograph=False)

    def longest(self) -> np.ndarray:
        """The capsules of each picture, all but the longest set to zero: (samples, classes, size)."""
        lengths, capsules = (values.numpy() for values in self._look(tf.constant(self.pictures)))
        kept = np.arange(lengths.shape[1]) == lengths.argmax(axis=1)[:, np.newaxis]
        return capsules * kept[..., np.newaxis]

    def painted(self, capsules: np.ndarray) -> np.ndarray:
        """Capsules (n, classes, size) as pixels (n, h, w, c) of uint8."""
        return to_pixels(self._paint(tf.constant(capsules)).numpy())


class ReconstructionLens(_Capsules):
    """Pictures, and what the decoder paints from the longest capsule of each."""

    def __init__(self, project: Project, built: dict[str, Built], dataset: Dataset) -> None:
        super().__init__(project, built, dataset, SAMPLES)

    def read(self, step: int) -> Picture | None:
        """Rows of eight: originals, below them what is painted, originals …"""
        if not self.makes_sense:
            return None
        before, after = to_pixels(self.pictures), self.painted(self.longest())
        return Picture("reconstructions", step, Array.of(in_pairs(before, after)))


class DimensionsLens(_Capsules):
    """The first picture's longest capsule, each of its numbers changed alone."""

    def __init__(self, project: Project, built: dict[str, Built], dataset: Dataset) -> None:
        super().__init__(project, built, dataset, 1)

    def read(self, step: int) -> Picture | None:
        """A row for each number, from `STEPS[0]` to `STEPS[-1]` more than it is: (size * steps, h, w, c)."""
        if not self.makes_sense:
            return None
        capsules = self.longest()
        size, there = capsules.shape[-1], np.abs(capsules).sum(axis=-1, keepdims=True) > 0
        change = np.eye(size, dtype="float32")[:, np.newaxis] * STEPS[:, np.newaxis]
        changed = capsules + change.reshape(-1, 1, size) * there
        return Picture("dimensions", step, Array.of(self.painted(changed.astype("float32"))))
