"""The node types as a table: what each is called in Keras, its ports, its parameters and its help; no Keras needed.

How the values of a `Node` and its type meet in a call of Keras is in `constructor` and `bind`, which the build and the generated code share.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from ml.ops import subscript
from ml.project import parameters
from ml.project.graph import BLOCK, INPUT, OUTPUT, Node
from ml.project.parameters import Parameter

PATH = Path(__file__).parents[2] / "resources" / "nodes.json"


class Port(Struct, frozen=True, omit_defaults=True):
    """A place for a tensor, or where `many` for any number of them."""

    name: str
    many: bool = False
    optional: bool = False
    argument: str = ""
    """The argument of the call that takes it, where that is not called as the port is. Ports with the same one go there together, as a list."""
    variadic: bool = False
    """True where its tensors are not one list but as many positional arguments."""


class NodeType(Struct, frozen=True, omit_defaults=True):
    """What a node of this type is and takes."""

    id: str
    """`Dense`, `ops.matmul`."""
    path: str
    """Where it is in Keras: `keras.layers.Dense`; nothing for `Output` and `Block`."""
    category: str
    help: str = ""
    """The first sentences of Keras's docstring."""
    ports: tuple[Port, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    """The arguments that are not tensors: the constructor's, then the call's."""
    call: tuple[str, ...] = ()
    """The parameters that belong to the call of a layer, such as `use_causal_mask`. All of an operation's do, and are not listed."""
    positional: tuple[str, ...] = ()
    """The first arguments of the call that can't be left out, in their order."""
    layers: tuple[str, ...] = ()
    """The parameters that hold a layer, or a list of them, as Keras writes it: `{"module": "keras.layers", "class_name": "LSTM", "config": {"units": 8}}`."""
    spread: str = ""
    """The parameter whose entries are keyword arguments of the call, such as the lengths of `ops.rearrange`."""
    aliases: tuple[str, ...] = ()
    """Other words to find it by, Keras's other names for it among them."""


NODE_TYPES: dict[str, NodeType] = {kind.id: kind for kind in msgspec.json.decode(PATH.read_bytes(), type=list[NodeType])} if PATH.exists() else {}
"""Every node type by its id, in the order in which a palette shows them."""


def ports(node: Node) -> tuple[Port, ...]:
    """The ports of a node: a block has one for each `Input` inside. Raises `KeyError` for a type that is not in the table."""
    if node.type == BLOCK:
        return tuple(Port(name) for name in node.graph.of_type(INPUT)) if node.graph else ()
    return NODE_TYPES[node.type].ports


def outputs(node: Node) -> tuple[str, ...]:
    """The names of a node's outputs as far as its type tells: how many there really are only Keras knows."""
    if node.type == BLOCK:
        return tuple(node.graph.of_type(OUTPUT)) if node.graph else ()
    return () if node.type == OUTPUT else ("output",)


def category_of(type: str) -> str:
    """The category of a type, or `Unknown`."""
    return NODE_TYPES[type].category if type in NODE_TYPES else "Unknown"


def problem(node: Node) -> str | None:
    """What is wrong with a node by itself, as a sentence, or None: its arguments, and ports that need a value and have none."""
    kind = NODE_TYPES.get(node.type)
    if kind is None:
        return f"There is no node type {node.type!r}."
    values = {port.name for port in kind.ports} if is_operation(kind) else set()
    given = {name: value for name, value in node.arguments.items() if name not in values}
    if node.type != BLOCK and (sentence := parameters.problem(kind.parameters, given)):  # a block's arguments are what its inside makes of them
        return sentence
    if kind.id == "ops.get_item":
        try:
            subscript.parse(node.arguments["key"])
        except ValueError as error:
            return str(error)
    for index, port in enumerate(ports(node)):
        linked = any(node.inputs[index:]) if port.many else index < len(node.inputs) and node.inputs[index] is not None
        if not linked and not port.optional and not (port.name in values and port.name in node.arguments):
            return f"{port.name} is not connected{' and has no value' if values else ''}."
    return None


def is_operation(kind: NodeType) -> bool:
    """Whether the type is a function of `keras.ops`, and not a layer."""
    return kind.id.startswith("ops.")


def constructor(kind: NodeType, arguments: dict[str, Any]) -> dict[str, Any]:
    """Those of a node's arguments that go to the layer's constructor."""
    return {name: value for name, value in arguments.items() if name not in kind.call}


def bind(kind: NodeType, values: Sequence[Any], arguments: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """The positional and the keyword arguments with which to call the layer or the operation.

    `values[i]` is what is linked to `Node.inputs[i]` (a tensor, or in generated code its name), None where nothing is;
    `arguments` are the node's. Lists come out as tuples where they are arguments of an operation.
    """
    operation = is_operation(kind)
    own = {name: _tuples(value) for name, value in arguments.items()} if operation else {n: arguments[n] for n in kind.call if n in arguments}
    if kind.id == "ops.get_item" and "key" in own:
        own["key"] = subscript.parse(own["key"])
    keywords = _tensors(kind, values, arguments if operation else {}) | {n: v for n, v in own.items() if n not in {p.name for p in kind.ports}}
    keywords |= keywords.pop(kind.spread, {}) if kind.spread else {}
    variadic = {port.argument or port.name for port in kind.ports if port.variadic}
    positional: list[Any] = []
    for name in kind.positional:
        if name not in keywords:
            break
        value = keywords.pop(name)
        positional.extend(value if name in variadic else [value])
    return positional, keywords


def _tensors(kind: NodeType, values: Sequence[Any], constants: dict[str, Any]) -> dict[str, Any]:
    """What each argument of the call gets by way of ports."""
    found: dict[str, Any] = {}
    for index, port in enumerate(kind.ports):
        name = port.argument or port.name
        if port.many:
            if linked := [value for value in values[index:] if value is not None]:
                found[name] = linked
            elif port.name in constants:
                found[name] = constants[port.name]
            continue
        value = values[index] if index < len(values) else None
        if value is None:
            value = constants.get(port.name)
        if port.argument:
            found.setdefault(name, []).append(value)
        elif value is not None:
            found[name] = value
    return {name: trimmed for name, value in found.items() if (trimmed := _trimmed(value)) is not None}


def _trimmed(value: Any) -> Any:
    """A list without the empty places at its end, None where nothing is left."""
    if not isinstance(value, list):
        return value
    while value and value[-1] is None:
        value = value[:-1]
    return value or None


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value
