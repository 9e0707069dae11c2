"""What the models say of samples that they don't learn from: who is taken for whom, how well each class is told apart, and the worst mistakes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ml.build import Built
from ml.data import words
from ml.data.dataset import Dataset
from ml.events import Array, Mistake, Mistakes, Told
from ml.generate.painter import to_pixels
from ml.inspect.said import answers, classes, read
from ml.project.project import Project

MOST, FEWEST = 1000, 16
"""Samples that are looked at."""
ROOM = 10_000_000_000
"""Weights times a sixteenth of the pixels times samples: large models are asked of fewer samples."""
BATCH = 128
CLASSES = 100
"""Of more classes there is no matrix that could be read."""
CURVES, PLACES = 10, 100
"""ROC curves are of up to so many classes, each of so many places at the most."""
WORST, SIDE, LETTERS, STORY = 12, 48, 60, 400
"""So many mistakes, with pictures of so many pixels along a side at the most, or so many tokens, of a story letters."""


class MistakesLens:
    """Reads what every model that says a class or a number says of the validation part, or where there is none of the training part."""

    def __init__(self, project: Project, built: dict[str, Built], dataset: Dataset) -> None:
        self._project, self._dataset = project, dataset
        self._models = answers(project, built, dataset) if len(dataset.classes) <= CLASSES else {}
        if not self._models:
            return
        self._part = dataset.watched
        x, y = dataset.part(self._part)
        self._chosen = np.linspace(0, len(x) - 1, min(len(x), _bound(self._models, dataset))).round().astype(int)
        self._x, self._y = x[self._chosen], y[self._chosen].reshape(-1)
        if dataset.target_scale is not None:
            self._y = dataset.target_scale.raw(self._y)

    def read(self, step: int) -> Mistakes | None:
        """What is said now, or None where no model says a class or a number."""
        if not self._models:
            return None
        told = tuple(self._told(role, each) for role, each in self._models.items())
        targets = None if self._dataset.classes else Array.of(self._y.astype("float32"))
        return Mistakes(step, told, self._part, len(self._x), self._dataset.classes, targets)

    def _told(self, role: str, built: Built) -> Told:
        outputs = [_first(built.model(self._x[start : start + BATCH], training=False)) for start in range(0, len(self._x), BATCH)]
        values = read(self._project, self._dataset, np.concatenate(outputs))
        if not self._dataset.classes:
            return Told(role, Array.of(np.zeros((0, 0), "int32")), numbers=Array.of(values[:, 0].astype("float32")))
        said = classes(values)
        confusion = np.zeros((len(self._dataset.classes),) * 2, "int32")
        np.add.at(confusion, (self._y, said), 1)
        curves = curves_of(values, self._y)
        return Told(role, Array.of(confusion), tuple(Array.of(curve) for curve, _ in curves), tuple(area for _, area in curves), self._worst(values, said))

    def _worst(self, values: np.ndarray, said: np.ndarray) -> tuple[Mistake, ...]:
        wrong = np.flatnonzero(said != self._y)
        own = values[wrong, self._y[wrong]]
        worst = wrong[np.argsort(own, kind="stable")[:WORST]]
        return tuple(Mistake(int(self._chosen[at]), int(self._y[at]), int(said[at]), float(values[at, said[at]]), *self._shown(at)) for at in worst)

    def _shown(self, at: int) -> tuple[Array | None, str]:
        """A sample as a small picture, or as the beginning of its text."""
        sample = self._x[at]
        if self._dataset.kind == "image":
            step = math.ceil(max(sample.shape[:2]) / SIDE)
            return Array.of(to_pixels(sample[::step, ::step])), ""
        if not self._dataset.tokens:
            return None, ""
        text = words.text(self._dataset, sample[:LETTERS])
        return None, text if sample.ndim == 1 else text.replace("\n", ". ")[:STORY]


def curves_of(values: np.ndarray, labels: np.ndarray) -> list[tuple[np.ndarray, float | None]]:
    """ROC curves (2, n) and the areas under them, of probabilities (n, classes): of two classes the second's, of up to `CURVES` each one's."""
    from sklearn.metrics import auc, roc_curve

    found: list[tuple[np.ndarray, float | None]] = []
    for label in (1,) if values.shape[1] == 2 else range(values.shape[1]) if values.shape[1] <= CURVES else ():
        own = labels == label
        if own.all() or not own.any():
            found.append((np.zeros((2, 0), "float32"), None))
            continue
        false, true, _ = roc_curve(own, values[:, label])
        kept = np.unique(np.linspace(0, len(false) - 1, PLACES).round().astype(int))
        found.append((np.stack([false, true])[:, kept].astype("float32"), float(auc(false, true))))
    return found


def _bound(models: dict[str, Built], dataset: Dataset) -> int:
    """How many samples can be asked without keeping the training waiting."""
    weights = max(each.model.count_params() for each in models.values())
    pixels = math.prod(dataset.shape[:2]) / 16 if dataset.kind == "image" else 1
    return int(np.clip(ROOM / max(1, weights * max(1, pixels)), FEWEST, MOST))


def _first(outputs: Any) -> np.ndarray:
    """What the model says, of several outputs the first."""
    return np.asarray(outputs[0] if isinstance(outputs, list | tuple) else outputs)
