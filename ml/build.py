"""A graph to a `keras.Model`, node by node."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import keras
import numpy as np

from ml.ops.table import NODE_TYPES, bind, constructor, is_operation
from ml.project.blocks import BlockProblem, expanded
from ml.project.graph import BLOCK, INPUT, OUTPUT, Graph, Node
from ml.strangers import configs

Tensors = list[Any]


class NodeProblem(Exception):
    """A node that can't be built: its name, and what is wrong as a sentence."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


@dataclass(frozen=True)
class Built:
    """A model and, by the path of their node (`dense`, `block_1/attention`), the layers that it was made of."""

    model: keras.Model
    graph: Graph
    """What was built: the graph with its blocks written out."""
    layers: dict[str, keras.Layer]


def build(graph: Graph, name: str = "model", given: Sequence[Any] = ()) -> Built:
    """A functional model: its inputs and outputs are in the order of the graph's `Input` and `Output` nodes.

    `given` are the tensors that a block is fed: `Input` nodes that declare no shape take theirs.
    Raises `NodeProblem` at the first node that Keras refuses.
    """
    try:
        graph = expanded(graph)
    except BlockProblem as problem:
        raise NodeProblem(problem.path, problem.reason) from problem
    layers: dict[str, keras.Layer] = {}
    tensors: dict[str, Tensors] = {}
    outside = iter(given)
    for node_name in graph.sorted():
        node = graph[node_name]
        try:
            if node.type == INPUT:
                tensors[node_name] = [keras.Input(**declared(node, next(outside, None)), name=node_name)]
                continue
            values = fed(node, tensors)
            target = layers[node.shares] if node.shares else _target(node_name, node, layers, values)
            if isinstance(target, keras.Layer):
                layers[node_name] = target
            tensors[node_name] = call(node, target, values)
            if isinstance(target, keras.Layer):
                _freeze_inside(target)
        except (ValueError, TypeError, RuntimeError, IndexError, AttributeError, KeyError) as error:
            raise NodeProblem(node_name, str(error)) from error
    inputs = [tensors[input_name][0] for input_name in graph.of_type(INPUT)]
    outputs = [tensors[output_name][0] for output_name in graph.of_type(OUTPUT)]
    if not inputs or not outputs:
        raise NodeProblem(name, f"the graph needs at least one {OUTPUT if inputs else INPUT} node.")
    model = keras.Model(_one_or_list(inputs), _one_or_list(outputs), name=name)
    return Built(model, graph, layers)


def replay(graph: Graph, layers: dict[str, keras.Layer], inputs: Sequence[Any], path: str = "") -> dict[str, Tensors]:
    """Call the layers of a built graph (`Built.graph`, or one like it) again on other tensors, blocks inside too; their weights are shared.

    Returns the outputs of every node by its path. Use it to make a second model that shows what the first one hides.
    """
    results: dict[str, Tensors] = {}
    tensors: dict[str, Tensors] = {}
    given = iter(inputs)
    for name in graph.sorted():
        node = graph[name]
        if node.type == INPUT:
            tensors[name] = [next(given)]
        elif node.type == BLOCK and node.graph is not None:
            inside = replay(node.graph, layers, fed(node, tensors), f"{path}{_owner(graph, name)}/")
            results.update(inside)
            tensors[name] = [inside[f"{path}{_owner(graph, name)}/{output}"][0] for output in node.graph.of_type(OUTPUT)]
        else:
            target = layers.get(path + name) or _target(name, node, {})
            tensors[name] = call(node, target, fed(node, tensors))
        results[path + name] = tensors[name]
    return results


def declared(node: Node, given: Any) -> dict[str, Any]:
    """The arguments of a `keras.Input`: the node's, and where they lack the shape that of what is given."""
    if given is None or "shape" in node.arguments:
        return node.arguments
    return {"shape": tuple(given.shape[1:]), "dtype": keras.backend.standardize_dtype(given.dtype), **node.arguments}


def layer_of(name: str, node: Node) -> keras.Layer:
    """A new layer of the node's type, not yet called. Raises what Keras raises, and ValueError where an argument names code, a file or an address."""
    if found := next(configs.look_at_arguments(node.arguments), None):  # a project may be a stranger's, and Keras would open what it names
        raise ValueError(str(found))
    kind = NODE_TYPES[node.type]
    arguments = constructor(kind, node.arguments)
    arguments |= {key: _inner_layers(arguments[key]) for key in kind.layers if key in arguments}
    return getattr(keras.layers, node.type)(**arguments, name=name)


def function_of(node: Node) -> Callable[..., Any]:
    """The function of `keras.ops` that the node calls. Raises ValueError where there is none."""
    if node.type not in NODE_TYPES:
        raise ValueError(f"There is no node type {node.type!r}.")
    return attrgetter(node.type)(keras)


def fed(node: Node, tensors: dict[str, Tensors]) -> Tensors:
    """What the node's inputs get, None where nothing is linked. Raises ValueError where a link leads nowhere."""
    values = []
    for link in node.inputs:
        if link is None:
            values.append(None)
            continue
        if link.node not in tensors:
            raise ValueError(f"it is fed by {link.node!r}, which is not in the graph.")
        outputs = tensors[link.node]
        if link.output >= len(outputs):
            raise ValueError(f"it is fed by output {link.output + 1} of {link.node!r}, which has {len(outputs)}.")
        values.append(outputs[link.output])
    return values


def call(node: Node, target: Callable[..., Any], values: Tensors) -> Tensors:
    """Call a layer, a model or an operation with the node's inputs and call arguments; its outputs as a flat list."""
    if node.type == OUTPUT:
        if not values or values[0] is None:
            raise ValueError("it needs a link to its input.")
        return values[:1]
    if node.type == BLOCK:
        return _flat(target(_one_or_list(values)))
    positional, named = bind(NODE_TYPES[node.type], values, node.arguments | _constants(node))
    return _flat(target(*positional, **named))


def _constants(node: Node) -> dict[str, np.ndarray]:
    """An operation's ports that have lists of numbers for their value: as arrays, for Keras takes no lists there."""
    kind = NODE_TYPES[node.type]
    names = [port.name for port in kind.ports if not port.many and isinstance(node.arguments.get(port.name), list)] if is_operation(kind) else []
    arrays = {name: np.asarray(node.arguments[name]) for name in names}
    return {name: array.astype("float32") if array.dtype.kind == "f" else array for name, array in arrays.items()}


def _target(name: str, node: Node, layers: dict[str, keras.Layer], values: Sequence[Any] = ()) -> Callable[..., Any]:
    if node.type == OUTPUT:
        return lambda value: value
    if node.type == BLOCK:
        inside = build(node.graph or Graph(), name, values)
        layers.update({f"{name}/{path}": layer for path, layer in inside.layers.items()})
        return inside.model
    if node.type.startswith("ops."):
        return function_of(node)
    return layer_of(name, node)


def _freeze_inside(layer: Any) -> None:
    """Freeze what is inside of a layer that is frozen: as a constructor's argument `trainable` does not reach it, nor when it is set to what it was."""
    for inner in [] if layer.trainable else layer._flatten_layers(include_self=False):
        inner.trainable = False


def _inner_layers(value: Any) -> Any:
    """The layer, or the list of them, that an argument describes as `{"class_name": …, "config": …}`."""
    value = deepcopy(value)  # Keras takes some of them apart while it reads them
    return [keras.layers.deserialize(part) for part in value] if isinstance(value, list) else keras.layers.deserialize(value)


def _owner(graph: Graph, name: str) -> str:
    """The node whose layers a node uses: itself, or the one that it shares with."""
    owner = graph[name].shares
    return owner if owner else name


def _flat(value: Any) -> Tensors:
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, list | tuple):
        return [tensor for part in value for tensor in _flat(part)]
    return [value]


def _one_or_list(values: Tensors) -> Any:
    return values[0] if len(values) == 1 else values
