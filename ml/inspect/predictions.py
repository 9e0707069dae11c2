"""What a model makes of some samples while it trains, beside what is right: masks and boxes over pictures, restored pictures, bits."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from ml import overlays
from ml.data.dataset import Dataset
from ml.events import Array, Picture
from ml.project.project import Project

COUNT = 24
PIXELS = 400_000
"""At most so many in all the pictures together, but at least three pictures."""
RECIPES = ("segmentation", "detection", "denoising", "bits")


class PredictionLens:
    """Looks at samples of the validation part, or where there are none at some that are trained on."""

    def __init__(self, project: Project, models: dict[str, keras.Model], dataset: Dataset) -> None:
        """Of a project that learns something else it sees nothing."""
        self._task = dataset.task if project.recipe.id == dataset.task in RECIPES else ""
        if not self._task:
            return
        model = models["model"]
        self._predict = tf.function(lambda x: model(x, training=False), reduce_retracing=True, autograph=False)
        height, width = dataset.shape[:2]
        x, y = dataset.part(dataset.watched)
        count = min(COUNT, max(3, PIXELS // (height * width)))
        self._x, self._y = x[:count], y[:count]

    def read(self, step: int) -> Picture | None:
        """For each of the samples side by side: what it is, what the model says, what is right. An answer without the border has black instead."""
        if not self._task:
            return None
        said = tf.nest.map_structure(np.asarray, self._predict(tf.constant(self._x)))
        if self._task == "bits":
            return Picture("predictions", step, Array.of(overlays.bits(self._x, said[:, -self._y.shape[1] :], self._y)))
        pixels = overlays.rgb(self._x)
        match self._task:
            case "segmentation":
                labels = said.argmax(axis=-1)
                answer = framed(overlays.masked(_middle(pixels, labels.shape), labels), pixels.shape)
                right = overlays.masked(pixels, self._y)
            case "detection":
                classes, boxes = (said[name] for name in ("class", "box")) if isinstance(said, dict) else said
                answer = overlays.boxed(pixels, np.concatenate([classes.argmax(axis=-1)[:, np.newaxis], boxes], axis=1))
                right = overlays.boxed(pixels, self._y)
            case _:
                answer, right = framed(overlays.rgb(said), pixels.shape), overlays.rgb(self._y)
        return Picture("predictions", step, Array.of(overlays.side_by_side(pixels, answer, right)))


def _middle(pixels: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    down, across = (pixels.shape[1] - shape[1]) // 2, (pixels.shape[2] - shape[2]) // 2
    return pixels[:, down : down + shape[1], across : across + shape[2]]


def framed(pixels: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Pictures in the middle of black ones of `shape`."""
    whole = np.zeros(shape, np.uint8)
    _middle(whole, pixels.shape)[...] = pixels
    return whole
