"""Pictures as a training gives them to the network: cut, mirrored or moved by chance, differently whenever they are seen."""

from __future__ import annotations

import keras
import tensorflow as tf

from ml.build import Built, replay
from ml.data.dataset import Dataset
from ml.events import Array, Picture
from ml.generate.painter import in_pairs, to_pixels
from ml.inspect.nodes import behind
from ml.inspect.predictions import framed
from ml.inspect.transformed import has_learned
from ml.project.graph import OUTPUT, Graph
from ml.project.project import Project

SAMPLES = 32


class AugmentedLens:
    """Looks at training pictures of a model that changes them by chance before it reads them; of others there is nothing to see."""

    def __init__(self, project: Project, built: dict[str, Built], dataset: Dataset) -> None:
        self._pictures = dataset.x[dataset.parts["train"][:SAMPLES]]
        found = built["model"] if project.recipe.id == "supervised" and dataset.kind == "image" else None
        self._front = _front(found) if found else None
        if self._front is not None:
            front = self._front
            self._change = tf.function(lambda x: front(x, training=True), autograph=False)

    def read(self, step: int) -> Picture | None:
        """Rows of eight: pictures, below them what the network was given of them, pictures … What is cut off is black."""
        if self._front is None:
            return None
        variables = self._front.chances
        chance = [keras.ops.convert_to_numpy(variable).copy() for variable in variables]
        before = to_pixels(self._pictures)
        after = framed(to_pixels(self._change(tf.constant(self._pictures)).numpy()), before.shape)
        for variable, value in zip(variables, chance, strict=True):
            variable.assign(value)
        return Picture("augmented", step, Array.of(in_pairs(before, after)))


class _Front(keras.Layer):
    """The part of a model up to a node: its input (batch, …) to what that node gives."""

    def __init__(self, built: Built, last: str) -> None:
        super().__init__(name="front")
        needed = behind(built.graph, last)
        self._graph = Graph({name: node for name, node in built.graph.nodes.items() if name in needed})
        self._inside = {path: layer for path, layer in built.layers.items() if path.partition("/")[0] in needed}
        self._last = last

    @property
    def chances(self) -> list[keras.Variable]:
        """What its random numbers are drawn from."""
        return [variable for layer in self._inside.values() for variable in layer.variables if "seed_generator" in variable.path]

    def call(self, x, training=None):
        return replay(self._graph, self._inside, [x])[self._last][0]


def _front(built: Built) -> _Front | None:
    """The part of a model from its pictures to the last ones that chance alone has made of them; None where there is none."""
    model, graph = built.model, built.graph
    if len(model.inputs) != 1 or len(model.inputs[0].shape) != 4 or model.inputs[0].shape[-1] not in (1, 3):
        return None
    _, height, width, channels = model.inputs[0].shape
    for operation in reversed(model.operations):
        shape = getattr(getattr(operation, "output", None), "shape", ())  # of several outputs there is a list, which has none
        fits = len(shape) == 4 and shape[-1] == channels and None not in (height, width, *shape[1:]) and shape[1] <= height and shape[2] <= width
        if fits and operation.name in graph.nodes and graph[operation.name].type != OUTPUT and not has_learned(built, operation.name):
            front = _Front(built, operation.name)
            return front if front.chances else None
    return None
