"""What a model says in its last layer, read as probabilities or as a number in its own unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from ml.build import Built
from ml.data.dataset import Dataset
from ml.project.project import Project
from ml.tables import RECIPES

SCORES = ("perceptron",)
"""Losses of a score that says a class by its sign, and how far it is from the border by its size."""


def answers(project: Project, built: dict[str, Built], dataset: Dataset) -> dict[str, Built]:
    """The models that say a class, or a number, of one sample of the data, by role; none where the recipe teaches something else."""
    recipe = RECIPES.get(project.recipe.id)
    if len(dataset.classes) == 1:  # there is nothing to say
        return {}
    if recipe is None or not set(recipe.tasks) <= {"classification", "regression"} or dataset.task not in recipe.tasks:
        return {}
    return {role: each for role, each in built.items() if _takes(each, dataset) and _says(each, dataset)}


def read(project: Project, dataset: Dataset, output: Any) -> np.ndarray:
    """A model's output (n, units) as probabilities (n, classes), or as numbers (n, 1) in the target's own unit; float32."""
    values = np.asarray(output, "float32")
    if not dataset.classes:
        return values if dataset.target_scale is None else dataset.target_scale.raw(values)
    scores = _argument(project, "from_logits") or _argument(project, "loss") in SCORES
    if values.shape[1] > 1:
        return _softmax(values) if scores else np.clip(values, 0, 1)
    second = 1 / (1 + np.exp(-np.clip(values, -60, 60))) if scores else np.clip(values, 0, 1)
    return np.concatenate([1 - second, second], axis=1)


def classes(probabilities: np.ndarray) -> np.ndarray:
    """The likeliest class (n,) of each row; of two that are equally likely the first."""
    return probabilities.argmax(axis=1).astype("int32")


def _takes(built: Built, dataset: Dataset) -> bool:
    inputs = built.model.inputs
    shapes = [tuple(each.shape) for each in inputs]
    return len(shapes) == 1 and shapes[0][0] is None and len(shapes[0]) == len(dataset.shape) + 1 and _fits(shapes[0][1:], dataset.shape)


def _fits(wanted: tuple[int | None, ...], given: tuple[int, ...]) -> bool:
    return all(size in (None, other) for size, other in zip(wanted, given, strict=True))


def _says(built: Built, dataset: Dataset) -> bool:
    shapes = [tuple(each.shape) for each in built.model.outputs]
    if any(len(shape) != 2 for shape in shapes[:1]) or any(getattr(layer, "stateful", False) for layer in built.layers.values()):
        return False
    count = len(dataset.classes)
    return shapes[0][1] == max(count, 1) or (count == 2 and shapes[0][1] == 1)


def _argument(project: Project, name: str) -> Any:
    defaults = {parameter.name: parameter.default for parameter in RECIPES[project.recipe.id].parameters}
    return (defaults | project.recipe.arguments).get(name)


def _softmax(values: np.ndarray) -> np.ndarray:
    raised = np.exp(values - values.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
