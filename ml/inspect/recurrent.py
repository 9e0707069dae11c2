"""Recurrent layers on one example: the gates, the cell and the state at every step in time, and how far back the last state feels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ml.build import Built, replay
from ml.data.dataset import Dataset
from ml.events import Array, Recurrent, RecurrentLayer
from ml.inspect.attention import AttentionLens
from ml.inspect.nodes import computed
from ml.inspect.unrolled import Unrolled, over_time, unrolled
from ml.project.graph import Graph, Node

STEPS, UNITS, LAYERS = 96, 32, 4
"""At most so many steps in time (the last), units of a layer, and layers."""

UNROLLED = "Block at every step"

Rows = dict[str, tf.Tensor]


class RecurrentLens:
    """Reads every `LSTM`, `GRU` and `SimpleRNN`, and every block that is called over and over on what it said, of the first model that has any and takes
    the data, on the sample that attention is watched on."""

    def __init__(self, built: dict[str, Built], dataset: Dataset, watched: AttentionLens) -> None:
        self._dataset, self._watched = dataset, watched
        self._paths: list[str] = []
        self._blocks: list[Unrolled] = []
        for each in built.values():
            paths = [path for path, node in computed(each.graph) if _is_read(each.layers.get(path), node)][:LAYERS]
            blocks = unrolled(each)[: LAYERS - len(paths)]
            if (paths or blocks) and len(each.model.inputs) == 1 and len(each.model.inputs[0].shape) == len(dataset.shape) + 1:
                self._paths, self._blocks, self._built = paths, blocks, each
                self._probe = _probe(each, paths, blocks)
                break

    def read(self, step: int) -> Recurrent | None:
        """The layers as they are now, or None where the model has none that is recurrent."""
        if not (self._paths or self._blocks):
            return None
        sample, index = self._watched.probe
        found = self._probe(tf.cast(sample[np.newaxis], self._built.model.inputs[0].dtype))
        types = {path: type(self._built.layers[path]).__name__ for path in self._paths} | {block.name: UNROLLED for block in self._blocks}
        layers = tuple(_shown(path, type, found[path]) for path, type in types.items())
        tokens = tuple(self._dataset.tokens[token] for token in sample[-STEPS:]) if self._dataset.tokens and sample.ndim == 1 else ()
        series = Array.of(sample[-STEPS:].astype("float32")) if self._dataset.kind == "series" else None
        return Recurrent(step, layers, tokens, series, self._dataset.features if series is not None else (), index)


def lstm(layer: Any, x: tf.Tensor, h: tf.Tensor, c: tf.Tensor) -> Rows:
    """One step of a `keras.layers.LSTMCell`: (1, features) and (1, units) each to its gates, its cell and its state."""
    write, keep, candidate, output = tf.split(_summed(layer.kernel, x, layer.bias) + h @ layer.recurrent_kernel, 4, axis=1)
    write, keep, output = (layer.recurrent_activation(gate) for gate in (write, keep, output))
    cell = keep * c + write * layer.activation(candidate)
    return {"input gate": write, "forget gate": keep, "output gate": output, "cell": cell, "state": output * layer.activation(cell)}


def gru(layer: Any, x: tf.Tensor, h: tf.Tensor, c: tf.Tensor) -> Rows:
    """One step of a `keras.layers.GRUCell`; it has no cell, and `c` is not looked at."""
    biases = [None, None] if layer.bias is None else tf.unstack(layer.bias) if layer.reset_after else [layer.bias, None]
    xz, xr, xh = tf.split(_summed(layer.kernel, x, biases[0]), 3, axis=1)
    hz, hr, hh = tf.split(_summed(layer.recurrent_kernel, h, biases[1]), 3, axis=1)
    update, reset = layer.recurrent_activation(xz + hz), layer.recurrent_activation(xr + hr)
    recalled = reset * hh if layer.reset_after else (reset * h) @ layer.recurrent_kernel[:, -layer.units :]
    return {"update gate": update, "reset gate": reset, "state": update * h + (1 - update) * layer.activation(xh + recalled)}


def simple(layer: Any, x: tf.Tensor, h: tf.Tensor, c: tf.Tensor) -> Rows:
    """One step of a `keras.layers.SimpleRNNCell`, which has nothing but its state."""
    return {"state": layer.activation(_summed(layer.kernel, x, layer.bias) + h @ layer.recurrent_kernel)}


CELLS: dict[str, Callable[..., Rows]] = {"LSTM": lstm, "GRU": gru, "SimpleRNN": simple}


def states(layer: Any, x: tf.Tensor) -> tuple[Rows, tf.Tensor]:
    """What goes on in a layer on one series (1, time, features): each kind of value as (time, units), and the norm, by step (time,), of the gradient
    of half the squared last state with respect to the state at that step. Where that is next to 0, nothing from there can be learned any more."""
    step, cell = CELLS[type(layer).__name__], layer.cell
    series = tf.reverse(x, [1]) if layer.go_backwards else x
    nothing = tf.zeros([1, cell.units], x.dtype)
    begun = {name: tf.zeros_like(value) for name, value in step(cell, series[:, 0], nothing, nothing).items()}
    nudges = tf.zeros([x.shape[1], 1, cell.units], x.dtype)

    def advance(before: Rows, now: tuple[tf.Tensor, tf.Tensor]) -> Rows:
        rows = step(cell, now[0], before["state"], before.get("cell", nothing))
        return rows | {"state": rows["state"] + now[1]}

    with tf.GradientTape() as tape:
        tape.watch(nudges)
        rows = tf.scan(advance, (tf.transpose(series, [1, 0, 2]), nudges), begun)
        last = tf.reduce_sum(rows["state"][-1] ** 2) / 2
    reach = tf.norm(tf.convert_to_tensor(tape.gradient(last, nudges))[:, 0], axis=-1)
    flat = {name: values[:, 0] for name, values in rows.items()}
    return ({name: values[::-1] for name, values in flat.items()}, reach[::-1]) if layer.go_backwards else (flat, reach)


def _summed(kernel: Any, x: tf.Tensor, bias: Any) -> tf.Tensor:
    return x @ kernel if bias is None else x @ kernel + bias


def _is_read(layer: keras.Layer | None, node: Node) -> bool:
    """Whether a node is a recurrent layer that begins anew with every sample, at zero, and is fed a series alone."""
    return type(layer).__name__ in CELLS and not node.shares and len(node.inputs) == 1 and not getattr(layer, "stateful", False)


def _probe(built: Built, paths: list[str], blocks: list[Unrolled]) -> Callable[[tf.Tensor], dict[str, tuple[Rows, tf.Tensor]]]:
    """A compiled function of one sample (1, …) to what goes on in each layer."""
    feeding = {path: _owner_input(built.graph, path) for path in paths}

    def probe(sample: tf.Tensor) -> dict[str, tuple[Rows, tf.Tensor]]:
        results = replay(built.graph, built.layers, [sample]) if paths else {}
        layers = {path: states(built.layers[path], tf.cast(results[feeding[path][0]][feeding[path][1]], tf.float32)) for path in paths}
        return layers | over_time(built, blocks, sample) if blocks else layers

    return tf.function(probe, autograph=False)


def _owner_input(graph: Graph, path: str) -> tuple[str, int]:
    """What feeds a node: the path of that node, and which of its outputs."""
    *blocks, name = path.split("/")
    for block in blocks:
        inside = graph[block].graph
        assert inside is not None, "a path leads through blocks"
        graph = inside
    link = graph[name].inputs[0]
    assert link is not None, "a model that was built has no open inputs"
    prefix = "".join(f"{block}/" for block in blocks)
    return prefix + link.node, link.output


def _shown(path: str, type: str, found: tuple[Rows, tf.Tensor]) -> RecurrentLayer:
    rows, reach = found
    values = {name: Array.of(each.numpy()[-STEPS:, :UNITS].astype("float16")) for name, each in rows.items()}
    return RecurrentLayer(path, type, values, Array.of(reach.numpy()[-STEPS:]))
