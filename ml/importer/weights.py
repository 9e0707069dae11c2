"""The weights of a `.keras` file to the file of a project: layer by layer, read with h5py and held against what the layer takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import keras
from keras.src.backend.common import global_state  # public Keras has no way to forget variables that were never made
from keras.src.saving.keras_saveable import KerasSaveable  # how Keras lays out a file is known to its own code alone
from keras.src.saving.saving_lib import _get_unique_name, _walk_saveable
from keras.src.utils.naming import to_snake_case
from msgspec.structs import replace

from ml import weights
from ml.build import layer_of
from ml.check import REFUSALS
from ml.project.graph import Graph, Node

Config = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """A layer of the file that became a node."""

    node: Node
    group: str
    """Where the file has what belongs to it."""
    built: Config
    """What Keras builds it with."""


@dataclass
class Findings:
    """What the reading of a configuration gives beside the graph."""

    problems: list[str] = field(default_factory=list)
    layers: dict[str, Kept] = field(default_factory=dict)
    """By the path of their node."""


def groups(layers: list[Config]) -> list[str]:
    """The group that Keras gives each of a model's layers, by class and number; nothing for an operation, which has none."""
    used: dict[str, int] = {}
    names = [to_snake_case(_class_name(layer)) for layer in layers]
    is_layer = [not str(layer.get("module")).startswith("keras.src.ops") for layer in layers]
    return [_get_unique_name(name, used) if own else "" for name, own in zip(names, is_layer, strict=True)]


def _class_name(layer: Config) -> str:
    """What the class is called in Keras's code, which its public name may differ from."""
    name = str(layer["class_name"])
    public = getattr(keras.layers, name, None) if layer.get("module") == "keras.layers" else None
    return public.__name__ if isinstance(public, type) else name


def carry(findings: Findings, graph: Graph, source: Path, target: Path) -> Graph:
    """Copy the weights that belong to nodes from Keras's file to `target`; the graph whose nodes know of them.

    What could not be taken over is added to the findings' problems.
    """
    stored: set[str] = set()
    with h5py.File(source, "r") as old, h5py.File(target, "w") as new, keras.StatelessScope(initialize_variables=False):
        try:
            for path, kept in findings.layers.items():
                try:
                    layer = layer_of(path.rsplit("/", 1)[-1], kept.node)
                    layer.build_from_config(kept.built)
                    data = _data(layer, old, kept.group)
                except (*REFUSALS, OSError) as error:
                    data = str(error)
                if isinstance(data, str):
                    findings.problems.append(f"{path}: its weights could not be taken over ({data}), they are drawn anew.")
                elif data:
                    _copy(data, new.create_group(path))
                    stored.add(path)
        finally:
            global_state.set_global_attribute("uninitialized_variables", [])
    return marked(graph, stored, "")


def marked(graph: Graph, stored: set[str], path: str) -> Graph:
    """The graph with the place of their first weights at all nodes whose path is among the stored."""
    nodes = {
        name: replace(
            node,
            weights=path + name if path + name in stored else "",
            graph=marked(node.graph, stored, f"{path}{name}/") if node.graph is not None else None,
        )
        for name, node in graph.nodes.items()
    }
    return graph.with_nodes(nodes)


def _data(layer: keras.Layer, file: Any, group: str) -> list[Any] | str:
    """The datasets of a layer's weights in their order, or what is wrong."""
    places = dict(_places(layer, group, set()))
    found = []
    for variable in layer.weights:
        data = weights.dataset(file, places[id(variable)]) if id(variable) in places else None
        if data is None:
            return f"the file does not hold its {variable.name}"
        if tuple(data.shape) != tuple(variable.shape):
            return f"its {variable.name} should be {tuple(variable.shape)} and is {tuple(data.shape)}"
        found.append(data)
    return found


def _places(saveable: Any, group: str, seen: set[int]) -> Iterator[tuple[int, str]]:
    """Each variable of a layer, and of the layers in it, by its identity: where a file has it. It goes the way of Keras's own saving."""
    if id(saveable) in seen:
        return
    seen.add(id(saveable))
    if isinstance(saveable, keras.Layer):
        for index, variable in enumerate(saveable._trainable_variables + saveable._non_trainable_variables):
            yield id(variable), f"{group}/vars/{index}"
    for name, child in _walk_saveable(saveable):
        if isinstance(child, KerasSaveable):
            yield from _places(child, f"{group}/{name}", seen)
        elif isinstance(child, list | tuple | dict):
            yield from _places_of_many(child, f"{group}/{name}", seen)


def _places_of_many(parts: Any, group: str, seen: set[int]) -> Iterator[tuple[int, str]]:
    used: dict[str, int] = {}
    for part in parts.values() if isinstance(parts, dict) else parts:
        if isinstance(part, KerasSaveable):
            yield from _places(part, f"{group}/{_get_unique_name(to_snake_case(type(part).__name__), used)}", seen)


def _copy(data: list[Any], group: Any) -> None:
    for index, each in enumerate(data):
        if each.dtype.kind == "V":
            group.create_dataset(str(index), data=weights.array(each))
        else:
            each.file.copy(each, group, name=str(index), without_attrs=True)
