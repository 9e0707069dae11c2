"""A block that is called again and again, as in an unrolled network: what each of its calls gives, not the last alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import tensorflow as tf
from msgspec.structs import replace

from ml.project.graph import Graph

Layers = dict[str, keras.Layer]


@dataclass(frozen=True)
class Calls:
    """A graph in which every call of a block is a block of its own, to be replayed with the layers that it has by then."""

    graph: Graph
    layers: Layers
    paths: dict[str, list[str]]
    """Where each node of the graph that was built is called, in the order of the calls: by its path there, the paths here."""


def apart(graph: Graph, layers: Layers) -> Calls:
    """Each call by itself, of a graph with its blocks written out (`Built.graph`, or one like it) and the layers that it was built with."""
    paths: dict[str, list[str]] = {}
    of_calls: Layers = {}
    return Calls(_apart(graph, layers, "", "", of_calls, paths), of_calls, paths)


def rows(calls: Sequence[tf.Tensor]) -> tf.Tensor | None:
    """One row (heads, calls, keys) for each call that gives one, (1, keys), (1, 1, keys) or (1, heads, 1, keys); None where they give more, or there is one."""
    if len(calls) < 2 or (len(calls[0].shape) > 2 and calls[0].shape[-2] != 1) or len(calls[0].shape) not in (2, 3, 4):
        return None
    return tf.concat([tf.reshape(tf.cast(call, tf.float32), [-1, 1, call.shape[-1]]) for call in calls], axis=1)


def _apart(graph: Graph, layers: Layers, path: str, own: str, of_calls: Layers, paths: dict[str, list[str]]) -> Graph:
    """`path` is where this graph is called, `own` where its layers are; `of_calls` and `paths` are filled."""
    nodes = {}
    for name in graph.sorted():
        node = nodes[name] = graph[name]
        if (inside := node.graph or (graph[node.shares].graph if node.shares else None)) is not None:
            inside = _apart(inside, layers, f"{path}{name}/", f"{own}{node.shares or name}/", of_calls, paths)
            nodes[name] = replace(node, shares=None, graph=inside)
            continue
        paths.setdefault(own + name, []).append(path + name)
        if own + name in layers:
            of_calls[path + name] = layers[own + name]
    return graph.with_nodes({name: nodes[name] for name in graph.nodes})  # Inputs and Outputs are counted in this order
