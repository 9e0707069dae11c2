"""Decision regions: what a model says everywhere in a plane of its data, and in the plane of a layer of two units."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from msgspec.structs import replace

from ml.build import Built, replay
from ml.data.dataset import Dataset
from ml.events import Array, Region, Regions
from ml.inspect.clouds import Clouds, is_of_data, of_samples, of_sums
from ml.inspect.nodes import behind
from ml.inspect.said import answers, classes, read
from ml.project.graph import INPUT, OUTPUT, Graph, Node
from ml.project.project import Project
from ml.recipes.closed_form import ClosedForm
from ml.training.optimizers import TrainingProblem

SIDE, SMALL = 64, 32
"""The plane is asked at so many places along each side; of models of more than `LARGE` weights at fewer."""
LARGE = 1_000_000
POINTS = 400
COLUMNS = 256
"""Samples of more numbers are no table of which two columns could be shown."""
CLASSES = 20
HIDDEN = 2
"""At most so many layers of two units, those nearest to the output."""
MARGIN = 0.08
"""How far the plane reaches beyond the samples, as a part of their extent."""
NOT_HIDDEN = (INPUT, OUTPUT, "Normalization", "Flatten", "Reshape", "Dropout", "GaussianNoise", "Rescaling")
"""Nodes that show the data themselves again."""


class RegionsLens:
    """Reads the regions of every model that says a class or a number of a sample of few numbers. `turn` chooses the columns."""

    def __init__(self, project: Project, built: dict[str, Built], dataset: Dataset) -> None:
        few = len(dataset.shape) == 1 and 2 <= dataset.shape[0] <= COLUMNS and dataset.kind in ("points", "table") and len(dataset.classes) <= CLASSES
        self._models = answers(project, built, dataset) if few else {}
        self._views: list[_View] = []
        if not self._models:
            return
        self._project, self._dataset = project, dataset
        x, y = dataset.part("train")
        chosen = np.linspace(0, len(x) - 1, min(POINTS, len(x))).round().astype(int)
        self._samples = np.asarray(x[chosen], "float32")
        self._labels = y[chosen].reshape(-1)
        if dataset.target_scale is not None:
            self._labels = dataset.target_scale.raw(self._labels)
        self._median = np.median(x, axis=0).astype("float32")
        self._across, self._up = telling(x, y.reshape(-1), bool(dataset.classes))
        self._has_clouds = project.recipe.id == "closed_form" and bool(dataset.classes) and all(is_of_data(each.model) for each in self._models.values())
        self._trainer: ClosedForm | None = None

    def follow(self, trainer: keras.Model) -> None:
        """Show what this trainer has fitted so far, where that are clouds; without one it is what it would fit to all of the training part."""
        if isinstance(trainer, ClosedForm):
            self._trainer = trainer

    def turn(self, across: int, up: int) -> None:
        """Look at the plane of these two columns from now on. Raises `TrainingProblem`."""
        if not self._models:
            return
        count = self._dataset.shape[0]
        if across == up or not 0 <= across < count or not 0 <= up < count:
            raise TrainingProblem(f"A plane needs two different columns of the {count} that there are.")
        self._across, self._up = across, up

    def read(self, step: int) -> Regions | None:
        """The regions as they are now, or None where no model has any."""
        if not self._models:
            return None
        self._views = self._views or [_View(role, each) for role, each in self._models.items()]  # not before: what normalizes has seen the data now
        drawn = [self._drawn(view) for view in self._views]
        low, high = (float(self._labels.min()), float(self._labels.max())) if not self._dataset.classes else (0.0, 1.0)
        if not self._dataset.classes:  # a number's shades are of the samples' targets; beyond them is as at their ends
            drawn = [[replace(region, shades=Array.of(_bytes((region.shades.numpy() - low) / max(high - low, 1e-9)))) for region in each] for each in drawn]
        return Regions(
            step=step,
            regions=tuple(region for each in drawn for region in each),
            labels=Array.of(self._labels.astype("int32" if self._dataset.classes else "float32")),
            classes=self._dataset.classes,
            features=_names(self._dataset),
            across=self._across,
            up=self._up,
            low=low,
            high=high,
        )

    def _drawn(self, view: _View) -> list[Region]:
        """The data's plane, and those of the layers of two units."""
        output, hidden = view.say(self._samples)
        said = self._read(output)
        said = classes(said) if self._dataset.classes else said[:, 0]
        pair = [self._across, self._up]
        low, high = _limits(self._samples[:, pair])
        places = np.repeat(self._median[np.newaxis], view.side**2, axis=0)
        places[:, pair] = _grid(low, high, view.side)
        names = _names(self._dataset)
        axes = names[self._across], names[self._up]
        regions = [self._region(view, "", axes, low, high, view.say(places)[0], self._samples[:, pair], said)]
        if (clouds := self._clouds()) is not None:
            means, covariance = (each.astype("float32") for each in clouds)
            regions[0] = replace(regions[0], means=Array.of(means[:, pair]), covariance=Array.of(covariance[np.ix_(pair, pair)]))
        for path, points in hidden.items():
            ends = _limits(points)
            output = view.after(path, _grid(*ends, view.side))
            regions.append(self._region(view, path, (f"{path} 1", f"{path} 2"), *ends, output, points, said))
        return regions

    def _clouds(self) -> Clouds | None:
        if not self._has_clouds:
            return None
        x, y = self._dataset.part("train")
        return of_sums(self._trainer) if self._trainer is not None else of_samples(x, y, len(self._dataset.classes))

    def _region(
        self, view: _View, path: str, axes: tuple[str, str], low: np.ndarray, high: np.ndarray, output: Any, points: np.ndarray, said: np.ndarray
    ) -> Region:
        shades = np.zeros((0, view.side, view.side), "uint8") if output is None else self._shades(output, view.side)
        ends = tuple(map(float, low)), tuple(map(float, high))
        return Region(view.role, path, axes, *ends, Array.of(shades), Array.of(points.astype("float32")), Array.of(said))  # pyright: ignore[reportArgumentType] - pairs

    def _shades(self, output: Any, side: int) -> np.ndarray:
        """(classes, side, side) of uint8, or of a number as it is, (1, side, side) of float32."""
        values = self._read(output)
        if not self._dataset.classes:
            return values[:, 0].reshape(1, side, side)
        maps = values.T.reshape(-1, side, side)
        return _bytes(maps[1:] if len(maps) == 2 else maps)

    def _read(self, output: Any) -> np.ndarray:
        return read(self._project, self._dataset, output)


class _View:
    """One model, ready to be asked."""

    def __init__(self, role: str, built: Built) -> None:
        self.role = role
        self.side = SMALL if built.model.count_params() > LARGE else SIDE
        self._built = built
        graph, layers = built.graph, built.layers
        self._output = graph.of_type(OUTPUT)[0]
        self._hidden = _two_wide(graph, {path: values[0].shape for path, values in replay(graph, layers, [_example(built)]).items()})
        self._parts = {path: part for path in self._hidden if (part := cut(graph, path)) is not None}

    def say(self, x: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """What the model gives for samples (n, columns), and what its layers of two units do (n, 2), by path."""
        found = replay(self._built.graph, self._built.layers, [tf.cast(x, self._built.model.inputs[0].dtype)])
        return np.asarray(found[self._output][0]), {path: np.asarray(found[path][0]) for path in self._hidden}

    def after(self, path: str, x: np.ndarray) -> np.ndarray | None:
        """What the model gives where a layer gives (n, 2), or None where that does not rest on this layer alone."""
        return np.asarray(replay(self._parts[path], self._built.layers, [tf.constant(x)])[self._output][0]) if path in self._parts else None


def telling(x: np.ndarray, y: np.ndarray, labels: bool) -> tuple[int, int]:
    """The two columns of `x` (n, columns) that tell most of `y` (n,) each by itself (its F value), in their order."""
    from sklearn.feature_selection import f_classif, f_regression

    varies = np.ptp(x, axis=0) > 0
    if x.shape[1] == 2 or varies.sum() < 2 or len(np.unique(y)) < 2:
        return 0, 1
    found = np.full(x.shape[1], -1.0)
    with np.errstate(all="ignore"):
        found[varies] = np.nan_to_num((f_classif if labels else f_regression)(x[:, varies], y)[0], nan=0.0)
    first, second = sorted(np.argsort(-found, kind="stable")[:2].tolist())
    return first, second


def cut(graph: Graph, name: str) -> Graph | None:
    """The part of the graph from a node on, the node being its input; None where more than that node leads to the output."""
    needed = behind(graph, graph.of_type(OUTPUT)[0], until=name)
    if any(graph[each].type == INPUT for each in needed):
        return None
    return Graph({each: Node(INPUT) if each == name else graph[each] for each in graph.nodes if each in {name, *needed}})


def _two_wide(graph: Graph, shapes: dict[str, Any]) -> list[str]:
    """The last nodes of the graph that give two numbers and are neither the data nor the answer."""
    last = {link.node for name in graph.of_type(OUTPUT) for link in graph[name].inputs if link is not None}
    found = [name for name in graph.sorted() if graph[name].type not in NOT_HIDDEN and name not in last and tuple(shapes[name]) == (1, 2)]
    return found[-HIDDEN:]


def _example(built: Built) -> tf.Tensor:
    wanted = built.model.inputs[0]
    return tf.zeros([1, *wanted.shape[1:]], wanted.dtype)


def _limits(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Low and high (2,) around points (n, 2), with a margin."""
    low, high = points.min(axis=0), points.max(axis=0)
    margin = np.where(high > low, (high - low) * MARGIN, 0.5)
    return low - margin, high + margin


def _grid(low: np.ndarray, high: np.ndarray, side: int) -> np.ndarray:
    """The middles (side², 2) of equal cells, row by row from the bottom."""
    part = (np.arange(side) + 0.5) / side
    across, up = (low[axis] + part * (high[axis] - low[axis]) for axis in (0, 1))
    return np.stack([np.tile(across, side), np.repeat(up, side)], axis=1).astype("float32")


def _bytes(parts: np.ndarray) -> np.ndarray:
    return (np.clip(np.nan_to_num(parts), 0, 1) * 255).round().astype("uint8")


def _names(dataset: Dataset) -> tuple[str, ...]:
    return dataset.features if len(dataset.features) == dataset.shape[0] else tuple(f"x{index + 1}" for index in range(dataset.shape[0]))
