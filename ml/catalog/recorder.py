"""Keras's functional style without Keras: calls are recorded, and `Model` makes a graph of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ml.ops import subscript
from ml.ops.table import NODE_TYPES, NodeType
from ml.project.graph import BLOCK, INPUT, OUTPUT, Graph, Link, Node


@dataclass(frozen=True, eq=False)
class Call:
    """One call of a layer, an operation or a block; it becomes a node."""

    type: str
    arguments: dict[str, Any]
    inputs: tuple[Tensor | None, ...] = ()
    name: str | None = None
    layer: Layer | None = None
    """The layer that was called: a second call of it shares its weights."""


@dataclass(frozen=True, eq=False)
class Tensor:
    """One output of one call. Its operators record the operations of `keras.ops` that Keras records for them."""

    call: Call
    output: int = 0

    def outputs(self, count: int) -> tuple[Tensor, ...]:
        """The first `count` outputs of the call that made this tensor."""
        return tuple(Tensor(self.call, output) for output in range(count))

    def __add__(self, other: Any) -> Tensor:
        return ops.add(self, other)

    def __radd__(self, other: Any) -> Tensor:
        return ops.add(other, self)

    def __sub__(self, other: Any) -> Tensor:
        return ops.subtract(self, other)

    def __rsub__(self, other: Any) -> Tensor:
        return ops.subtract(other, self)

    def __mul__(self, other: Any) -> Tensor:
        return ops.multiply(self, other)

    def __rmul__(self, other: Any) -> Tensor:
        return ops.multiply(other, self)

    def __truediv__(self, other: Any) -> Tensor:
        return ops.true_divide(self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        return ops.true_divide(other, self)

    def __matmul__(self, other: Tensor) -> Tensor:
        return ops.matmul(self, other)

    def __pow__(self, other: Any) -> Tensor:
        return ops.power(self, other)

    def __getitem__(self, key: Any) -> Tensor:
        return ops.get_item(self, key=subscript.text(key))

    def __neg__(self) -> Tensor:
        return ops.negative(self)


def Input(shape: Sequence[int | None] | None = (), dtype: str = "float32", name: str | None = None) -> Tensor:
    """What enters a model: `shape` is that of one sample, None in it for a size that is open. Without any, that of what a block is fed."""
    arguments: dict[str, Any] = {} if shape is None else {"shape": list(shape)}
    if dtype != "float32":
        arguments["dtype"] = dtype
    return Tensor(Call(INPUT, arguments, name=name))


class Layer:
    """A layer with its constructor's arguments, or a block with its graph. Called on tensors it records a node; called again, one that shares its weights."""

    def __init__(self, type: NodeType, arguments: dict[str, Any], name: str | None = None, graph: Graph | None = None) -> None:
        self.type, self.arguments, self.name, self.graph = type, arguments, name, graph

    def __call__(self, *tensors: Any, name: str | None = None, **keywords: Any) -> Tensor:
        """Record a call. `keywords` are tensors by the name of their port, or arguments of the layer's `call`; `name` names this call's node."""
        if self.graph is not None:
            return Tensor(Call(BLOCK, {}, tensors, name, self))
        inputs, arguments = _bind(self.type, self.type.call, tensors, keywords)
        return Tensor(Call(self.type.id, self.arguments | arguments, inputs, name, self))


def block(graph: Graph, name: str | None = None) -> Layer:
    """A block with `graph` inside; its ports are the Input nodes of the graph, its outputs the Output nodes."""
    return Layer(_type(BLOCK), {}, name, graph)


class _Layers:
    """`layers.Dense(...)`: every layer of the node table by its name."""

    def __getattr__(self, id: str) -> Callable[..., Layer]:
        type = _type(id)
        names = [parameter.name for parameter in type.parameters if parameter.name not in type.call]

        def make(*values: Any, name: str | None = None, **keywords: Any) -> Layer:
            given = dict(zip(names, values, strict=False)) | keywords
            return Layer(type, _settled(type, names, given), name)

        return make


class _Ops:
    """`ops.matmul(...)`: every operation of the node table by its name."""

    def __getattr__(self, id: str) -> Callable[..., Tensor]:
        type = _type(f"ops.{id}")
        names = [parameter.name for parameter in type.parameters]

        def record(*values: Any, name: str | None = None, **keywords: Any) -> Tensor:
            inputs, arguments = _bind(type, names, values, keywords)
            return Tensor(Call(type.id, arguments, inputs, name))

        return record


layers, ops = _Layers(), _Ops()


def Model(inputs: Tensor | Iterable[Tensor], outputs: Tensor | Mapping[str, Tensor]) -> Graph:
    """The graph from `inputs` to `outputs`, which are one tensor (its node is called `output`) or tensors by the name of their Output node.

    Names that were not given are made as Keras makes them: `dense`, `dense_1`. Raises ValueError for a name given twice and an input left out.
    """
    inputs = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    outputs = {"output": outputs} if isinstance(outputs, Tensor) else outputs
    calls = _reached([*(tensor.call for tensor in inputs), *(tensor.call for tensor in outputs.values())])
    if stray := [call.name or "input" for call in calls if call.type == INPUT and all(call is not tensor.call for tensor in inputs)]:
        raise ValueError(f"The outputs depend on {', '.join(stray)}, which is not among the model's inputs.")
    names = _names(calls, taken=list(outputs))
    owners: dict[Layer, str] = {}
    nodes: dict[str, Node] = {}
    for call in calls:
        owner = owners.setdefault(call.layer, names[call]) if call.layer else names[call]
        nodes[names[call]] = _node(call, names, None if owner == names[call] else owner)
    for name, tensor in outputs.items():
        nodes[name] = Node(OUTPUT, inputs=(_link(tensor, names),))
    return Graph(nodes)


def _node(call: Call, names: dict[Call, str], shares: str | None) -> Node:
    links = tuple(None if tensor is None else _link(tensor, names) for tensor in call.inputs)
    if call.layer is None:
        return Node(call.type, call.arguments, links)
    if shares is None:
        return Node(call.type, call.arguments, links, graph=call.layer.graph)
    return Node(call.type, {name: value for name, value in call.arguments.items() if name in call.layer.type.call}, links, shares=shares)


def _link(tensor: Tensor, names: dict[Call, str]) -> Link:
    return Link(names[tensor.call], tensor.output)


def _reached(ends: Iterable[Call]) -> list[Call]:
    """Every call that `ends` depend on and `ends` themselves, each after those that feed it."""
    found: dict[Call, None] = {}
    waiting: list[tuple[Call, Iterator[Tensor | None]]] = []
    for end in ends:
        waiting.append((end, iter(end.inputs)))
        while waiting:
            call, inputs = waiting[-1]
            if (tensor := next((t for t in inputs if t is not None and t.call not in found), None)) is None:
                found[call] = None
                waiting.pop()
            else:
                waiting.append((tensor.call, iter(tensor.call.inputs)))
    return list(found)


def _names(calls: list[Call], taken: list[str]) -> dict[Call, str]:
    """A name for each call: its own, or its layer's where that is the layer's first call; else one that is still free, made as Keras makes it."""
    fixed: dict[Call, str] = {}
    seen: set[Layer | None] = {None}
    for call in calls:
        if name := call.name or (call.layer.name if call.layer and call.layer not in seen else None):
            fixed[call] = name
        seen.add(call.layer)
    used = [*taken, *fixed.values()]
    if twice := {name for name in used if used.count(name) > 1}:
        raise ValueError(f"The name {min(twice)} is given twice.")
    names: dict[Call, str] = {}
    for call in calls:
        wish = (call.layer and call.layer.name) or _snake_case(call.type)
        names[call] = fixed.get(call) or next(name for n in range(len(used) + 1) if (name := f"{wish}_{n}" if n else wish) not in used)
        used.append(names[call])
    return names


def _snake_case(type: str) -> str:
    """As Keras names layers: `Conv2D` is `conv2d`, `MultiHeadAttention` is `multi_head_attention`."""
    name = re.sub(r"\W+", "", type.removeprefix("ops."))
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _type(id: str) -> NodeType:
    if id not in NODE_TYPES:
        raise AttributeError(f"There is no node type {id}.")
    return NODE_TYPES[id]


def _bind(type: NodeType, names: Sequence[str], values: Sequence[Any], keywords: dict[str, Any]) -> tuple[tuple[Tensor | None, ...], dict[str, Any]]:
    """Divide what a call was given into the inputs by port, and the arguments."""
    given = _by_name(type, names, values) | keywords
    inputs: list[Tensor | None] = []
    for index, port in enumerate(type.ports):
        if tensors := _tensors(given.get(port.name)):
            inputs += [None] * (index - len(inputs)) + tensors
        if tensors or given.get(port.name) is None:
            given.pop(port.name, None)
    return tuple(inputs), _settled(type, [*names, *(port.name for port in type.ports)], given)


def _by_name(type: NodeType, names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """Positional values by the names of ports and arguments: the ports come first, but text is never a tensor."""
    ports, free = list(type.ports), list(names)
    given: dict[str, Any] = {}
    for value in values:
        if ports and ports[0].variadic and not isinstance(value, str):
            given.setdefault(ports[0].name, []).append(value)
        elif ports and not isinstance(value, str):
            given[ports.pop(0).name] = value
        elif free:
            given[free.pop(0)] = value
        else:
            raise TypeError(f"{type.id} takes {len(type.ports) + len(names)} values at most, not {len(values)}.")
    return given


def _tensors(value: Any) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value]
    return list(value) if isinstance(value, list | tuple) and value and all(isinstance(item, Tensor) for item in value) else []


def _settled(type: NodeType, names: Sequence[str], given: dict[str, Any]) -> dict[str, Any]:
    """`given` as a node keeps it: known names only, lists for tuples, and nothing that is the default."""
    if unknown := [name for name in given if name not in names]:
        raise TypeError(f"{type.id} takes no argument {unknown[0]}; it takes: {', '.join(names)}.")
    defaults = {parameter.name: parameter.default for parameter in type.parameters if not parameter.required}
    plain = {name: _plain(value) for name, value in given.items()}
    return {
        name: value
        for name, value in plain.items()
        if name not in defaults or value != defaults[name] or isinstance(value, bool) != isinstance(defaults[name], bool)
    }


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
