"""What each layer computes on the probe example, and its weights, of every model of a project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ml.build import Built, replay
from ml.data.dataset import Dataset
from ml.events import Inside, InsideLayer, Log
from ml.inspect.glance import glance, natural, output_maps, shares, weight_maps
from ml.inspect.nodes import computed
from ml.project.graph import Node
from ml.project.project import Project

ROOM = 64_000
"""Bytes for the pictures of all layers together."""
LAYERS = 120
"""Of more layers those with weights come first."""
WEIGHTS = 8
"""At most so many weights of one layer."""
TRACED = 80
"""Models of up to so many layers are compiled: that takes a moment, and from then on a tenth of the time. Larger ones would keep the first step waiting."""


class InsideLens:
    """Reads every layer's output on one sample, without touching anything that training depends on, and its weights as they are."""

    def __init__(self, project: Project, built: dict[str, Built], dataset: Dataset) -> None:
        self._dataset = dataset
        self._built = {role: each for role, each in built.items() if not _remembers(each)}
        self._outputs = {role: _outputs(each) for role, each in self._built.items()}
        noise = np.random.default_rng(project.training.seed)
        self._noise = {role: [noise.standard_normal([size or 1 for size in wanted.shape[1:]]) for wanted in each.model.inputs] for role, each in built.items()}

    def read(self, step: int, sample: np.ndarray, probe: int = 0) -> Inside | Log | None:
        """The models as they are now on `sample`, or None where there is none to read. What a model can't be asked is said once, and not asked again."""
        try:
            found = _most_telling([found for role in self._built for found in self._layers(role, sample)])
        except (ValueError, TypeError, RuntimeError, tf.errors.OpError) as error:
            self._built = {}
            return Log(f"The layers can't be looked into while this model trains: {error}", "warning")
        room = shares([natural(maps) for layer in found for _, _, maps in layer.arrays], ROOM)
        return Inside(step, tuple(layer.shown(room) for layer in found), probe) if found else None

    def _layers(self, role: str, sample: np.ndarray) -> Iterator[_Layer]:
        built = self._built[role]
        results = self._outputs[role](*self._fed(role, sample))
        for path, node in computed(built.graph):
            layer = built.layers.get(path)
            if len(results[path].shape):
                yield _Layer(role, path, node, np.asarray(keras.ops.convert_to_numpy(results[path]))[0], layer, self._dataset.shape)

    def _fed(self, role: str, sample: np.ndarray) -> list[tf.Tensor]:
        """For each input the sample where it fits, else noise that is always the same, or zeros where whole numbers are wanted."""
        tensors = []
        for wanted, noise in zip(self._built[role].model.inputs, self._noise[role], strict=True):
            fits = len(wanted.shape) == sample.ndim + 1 and all(a in (None, b) for a, b in zip(wanted.shape[1:], sample.shape, strict=True))
            value = sample if fits else noise if "float" in wanted.dtype else np.zeros_like(noise)
            tensors.append(tf.repeat(tf.cast(value[np.newaxis], wanted.dtype), wanted.shape[0] or 1, axis=0))
        return tensors


class _Layer:
    """A layer with the arrays that are looked at: (name, values, maps), its output first."""

    def __init__(self, role: str, path: str, node: Node, output: np.ndarray, layer: Any, picture: tuple[int, ...]) -> None:
        self.role, self.path, self.type = role, path, node.type
        first = getattr(layer, "data_format", "") == "channels_first"
        self.arrays = [("output", output, output_maps(output, first))]
        for weight in layer.weights[:WEIGHTS] if isinstance(layer, keras.Layer) else ():
            values = np.asarray(keras.ops.convert_to_numpy(weight))
            if values.ndim and values.size and "seed" not in weight.name:
                self.arrays.append((weight.path.removeprefix(f"{layer.path}/"), values, weight_maps(values, picture)))

    def shown(self, room: int) -> InsideLayer:
        """As it is sent, each picture in at most `room` bytes."""
        output, *weights = (glance(name, values, maps, room) for name, values, maps in self.arrays)
        return InsideLayer(self.role, self.path, self.type, output, tuple(weights))


def _outputs(built: Built) -> Callable[..., dict[str, tf.Tensor]]:
    """A function of the model's inputs to the first output of every node, by its path."""

    def outputs(*inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        return {path: tf.convert_to_tensor(values[0]) for path, values in replay(built.graph, built.layers, inputs).items()}

    return tf.function(outputs, autograph=False) if len(built.layers) <= TRACED else outputs


def _most_telling(layers: list[_Layer]) -> list[_Layer]:
    """`LAYERS` of them in their order, before others those that have weights."""
    first = sorted(range(len(layers)), key=lambda index: (len(layers[index].arrays) == 1, index))[:LAYERS]
    return [layers[index] for index in sorted(first)]


def _remembers(built: Built) -> bool:
    """Whether a call of the model changes it: of recurrent layers that keep their state from batch to batch."""
    return any(getattr(layer, "stateful", False) for layer in built.layers.values())
