"""Arguments as Keras's configurations write them, to arguments as a node holds them: plain, and only where they differ from the defaults."""

from __future__ import annotations

from typing import Any

import keras

from ml.ops.table import NODE_TYPES, NodeType
from ml.project.parameters import Parameter
from ml.strangers.names import CODE

FAMILIES = {"keras.initializers": keras.initializers, "keras.regularizers": keras.regularizers, "keras.constraints": keras.constraints}
_SILENT = {"name", "trainable", "zero_output_for_mask"}
"""What configurations hold and a node need not: the last is for `Bidirectional`, which sets it itself."""


class Unknown(Exception):
    """A value that a node can't hold: why, as the end of a sentence."""


def of_layer(kind: NodeType, config: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The arguments of a layer's node from its configuration, and what could not be taken over, as ends of sentences."""
    known = {parameter.name: parameter for parameter in kind.parameters if parameter.name not in kind.call}
    arguments: dict[str, Any] = {}
    problems: list[str] = []
    for name, value in config.items():
        try:
            if name not in known:
                if value and name not in _SILENT:
                    raise Unknown("has no parameter in the node table")
                continue
            found = _inner(value) if name in kind.layers else plain(value, known[name])
            if not _is_default(known[name], found):
                _check(known[name], found)
                arguments[name] = found
        except Unknown as problem:
            problems.append(f"{name} {problem}")
    return arguments, problems


def plain(value: Any, parameter: Parameter | None = None) -> Any:
    """A value as JSON has it: no tuples, no NumPy arrays, initializers by name where they are as Keras makes them. Raises `Unknown`."""
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if not isinstance(value, dict):
        return value
    config = value.get("config")
    if "class_name" not in value:
        return {key: plain(part) for key, part in value.items()}
    name, module = str(value["class_name"]), str(value.get("module") or "keras")
    match name, config:
        case (("__numpy__" | "__tensor__"), {"value": numbers}):
            return plain(numbers)
        case "__tuple__", {"value": parts}:
            return plain(parts)
        case "DTypePolicy", {"name": str() as policy}:
            return None if policy == "float32" else policy
    if name in CODE:
        raise Unknown("holds Python code, which is never loaded")
    if module in FAMILIES:
        return _named(name, module, config, parameter)
    if module == "keras.layers" and name in NODE_TYPES:
        return _inner(value)
    raise Unknown(f"is a {name} from {_package(module, value)}, which is no part of Keras")


def class_of(entry: dict[str, Any]) -> str:
    """A layer's class with its package where that is not Keras, as a sentence names it."""
    module = str(entry.get("module") or "keras")
    name = str(entry.get("class_name"))
    return name if module.split(".")[0] == "keras" else f"{name} from {_package(module, entry)}"


def _package(module: str, entry: dict[str, Any]) -> str:
    registered = str(entry.get("registered_name") or "")
    return f"the package {registered.split('>')[0] if '>' in registered else module}"


def _named(name: str, module: str, config: Any, parameter: Parameter | None) -> Any:
    """An initializer, regularizer or constraint: its short name where its arguments are the defaults, else as Keras writes it."""
    found = getattr(FAMILIES[module], name, None)
    if not isinstance(found, type) or not isinstance(config, dict):
        raise Unknown(f"is a {name}, that {module} has not")
    config = {key: plain(part) for key, part in config.items()}
    for choice in parameter.choices if parameter else ():
        if choice is not None and type(made := FAMILIES[module].get(choice)) is found and made.get_config() == config:
            return choice
    return {"module": module, "class_name": name, "config": config, "registered_name": None}


def _inner(value: Any) -> Any:
    """A layer that is an argument of another, or a list of them, checked and with what differs from the defaults."""
    if isinstance(value, list):
        return [_inner(part) for part in value]
    if value is None:
        return None
    name = value.get("class_name") if isinstance(value, dict) else None
    if name in CODE:
        raise Unknown(f"holds a {name}, that is Python code, which is never loaded")
    if name not in NODE_TYPES or not NODE_TYPES[name].path.startswith("keras.layers.") or not str(value.get("module")).startswith("keras."):
        raise Unknown(f"holds a {class_of(value) if isinstance(value, dict) else value!r}, which no node can hold inside another")
    arguments, problems = of_layer(NODE_TYPES[name], value.get("config") or {})
    if problems:
        raise Unknown(f"holds a {name} whose {problems[0]}")
    return {"module": "keras.layers", "class_name": name, "config": arguments, "registered_name": None}


def _is_default(parameter: Parameter, value: Any) -> bool:
    """Whether it is the default, or what Keras makes of a default of None."""
    resolved = {"data_format": keras.config.image_data_format(), "activation": "linear"}
    if parameter.required:
        return False
    return value == parameter.default or (parameter.default is None and parameter.name in resolved and value == resolved[parameter.name])


def of_operation(kind: NodeType, config: dict[str, Any]) -> dict[str, Any]:
    """The arguments of an operation's node from its configuration. Raises `Unknown`."""
    known = {parameter.name: parameter for parameter in kind.parameters}
    found = {name: plain(value) for name, value in config.items() if name not in _SILENT}
    return {name: value for name, value in found.items() if value is not None and not (name in known and value == known[name].default)}


def _check(parameter: Parameter, value: Any) -> None:
    if sentence := parameter.problem(value):
        raise Unknown(sentence.removeprefix(parameter.name).strip().rstrip("."))
    if parameter.name == "vocabulary" and isinstance(value, str):
        raise Unknown(f"is the file {value!r}, and a model may not open files: give the words themselves")
