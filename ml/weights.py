"""The first weights of a project's layers: an HDF5 file with a group for each layer, in it the layer's arrays as `0`, `1` … in Keras's order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np

from ml.build import Built
from ml.project.graph import Graph
from ml.strangers import ImportProblem, hdf5


@dataclass(frozen=True)
class Loaded:
    """What came of loading."""

    layers: frozenset[str]
    """The paths of the nodes whose layers have their first weights now."""
    problems: tuple[str, ...]
    """Who has its weights drawn anew although some were kept for it, and why, as sentences."""


def load(built: Built, path: str) -> Loaded:
    """Give the layers of a model the weights that a project's file keeps for them. `path` may be nothing: then all are drawn."""
    wanted = {node: weights for node, weights in _wanted(built.graph, "") if node in built.layers}
    if not wanted or not path:
        return Loaded(frozenset(), ())
    try:
        if Path(path).is_file():
            hdf5.check(Path(path), path)
        with h5py.File(path, "r") as file:
            reasons = {node: _give(built.layers[node], file, weights) for node, weights in wanted.items()}
    except (OSError, ImportProblem):
        return Loaded(frozenset(), (f"The file with the first weights, {path}, is gone or damaged: all weights are drawn anew.",))
    problems = tuple(f"{node}: {reason}, so its weights are drawn anew." for node, reason in reasons.items() if reason)
    return Loaded(frozenset(node for node, reason in reasons.items() if not reason), problems)


def dataset(file: Any, path: str) -> Any:
    """The array of an open HDF5 file at a path; None where there is none, where it is not numbers, or where something on the way leads out of the file."""
    found = file
    for part in path.split("/"):
        if not isinstance(found, h5py.Group) or not isinstance(found.get(part, getlink=True), h5py.HardLink):
            return None
        found = found[part]
    is_here = isinstance(found, h5py.Dataset) and not found.external and not found.is_virtual
    is_number = is_here and (found.dtype.kind in "fiub" or (found.dtype.kind == "V" and found.dtype.names is None and found.dtype.itemsize == 2))
    return found if is_number else None


def array(data: Any) -> np.ndarray:
    """The numbers of a dataset; those that Keras keeps as bfloat16, which HDF5 does not know, as float32."""
    numbers = data[()]
    return (numbers.view(np.uint16).astype(np.uint32) << 16).view(np.float32) if numbers.dtype.kind == "V" else numbers


def _wanted(graph: Graph, path: str) -> Iterator[tuple[str, str]]:
    """Each node that has first weights: its path in the build, and where they are in the file."""
    for name, node in graph.nodes.items():
        if node.weights and not node.shares:
            yield path + name, node.weights
        if node.graph is not None and not node.shares:
            yield from _wanted(node.graph, f"{path}{name}/")


def _give(layer: keras.Layer, file: Any, path: str) -> str:
    """Set a layer's weights from a group, or say why not."""
    shapes = [tuple(variable.shape) for variable in layer.weights]
    kept = [dataset(file, f"{path}/{index}") for index in range(len(shapes))]
    if dataset(file, f"{path}/0") is None and shapes:
        return f"its file keeps nothing for {path}"
    found = [tuple(data.shape) if data is not None else None for data in kept]
    if found != shapes or dataset(file, f"{path}/{len(shapes)}") is not None:
        first = next((pair for pair in zip(shapes, found, strict=True) if pair[0] != pair[1]), None)
        return f"it needs weights of the shape {first[0]} and those kept are {first[1] or 'fewer'}" if first else "fewer weights are needed than were kept"
    layer.set_weights([array(data) for data in kept if data is not None])
    if isinstance(layer, keras.layers.Normalization):
        layer.finalize_state()  # else it would go on with the mean and the variance that it had before
    return ""
