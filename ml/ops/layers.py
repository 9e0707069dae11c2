"""Keras's layers as node types, read from their signatures and docstrings. Imports Keras."""

from __future__ import annotations

import inspect
from typing import Any

import keras
from msgspec.structs import replace

from ml.ops import docstrings
from ml.ops.aliases import ALIASES
from ml.ops.signatures import POLICIES, parameters
from ml.ops.table import NodeType, Port
from ml.project.parameters import Parameter

LEFT_OUT = {
    "Layer": "is abstract",
    "Wrapper": "is abstract",
    "InputSpec": "is a description, not a layer",
    "InputLayer": "is what `Input` makes",
    "Lambda": "holds Python code, which is not loaded in safe mode",
    "TFSMLayer": "runs a program from a file, which is not loaded in safe mode",
    "JaxLayer": "holds Python code",
    "FlaxLayer": "holds Python code",
    "TorchModuleWrapper": "holds Python code",
    "MaxNumBoundingBoxes": "takes a dictionary, not a tensor",
}
"""The classes of `keras.layers` that are no node types, and why."""

_CATEGORIES = {
    "core": "Core",
    "convolutional": "Convolution",
    "pooling": "Pooling",
    "attention": "Attention",
    "normalization": "Normalization",
    "activations": "Activation",
    "regularization": "Regularization",
    "reshaping": "Reshaping",
    "merging": "Merging",
    "rnn": "Recurrent",
    "preprocessing": "Preprocessing",
    "image_preprocessing": "Image preprocessing",
}
_WITH_WEIGHTS = {"Core", "Convolution", "Attention", "Normalization", "Recurrent", "Activation"}
_LAYER_ARGUMENTS = {"layer", "backward_layer", "cell", "cells", "layers"}
_LISTED = {
    "Attention": {"inputs": ("query", "value", "key"), "mask": ("query_mask", "value_mask")},
    "AdditiveAttention": {"inputs": ("query", "value", "key"), "mask": ("query_mask", "value_mask")},
    "HashedCrossing": {"inputs": ("first", "second")},
}
"""Arguments of a call that are lists of which each place has its own meaning."""
_LISTED_OPTIONAL = {"key", "query_mask", "value_mask"}


_KEPT_AS_LISTS = {("RMSNormalization", "axis")}
"""Numbers that the layer keeps as a list without saying so."""


def layer_types() -> list[NodeType]:
    """A node type for each layer that a functional model can hold, by category and name."""
    classes: dict[type, list[str]] = {}
    for name, thing in vars(keras.layers).items():
        if isinstance(thing, type) and name not in LEFT_OUT:
            classes.setdefault(thing, []).append(name)
    types = [_layer_type(cls, names) for cls, names in classes.items()]
    return sorted(types, key=lambda kind: (list(_CATEGORIES.values()).index(kind.category), kind.id))


def _layer_type(cls: type, names: list[str]) -> NodeType:
    name = cls.__name__ if cls.__name__ in names else names[0]
    others = tuple(sorted({*names, cls.__name__} - {name}))
    call = [argument for argument in inspect.signature(cls.call).parameters.values() if _is_of_the_call(argument)]  # type: ignore[attr-defined]  # every layer has one
    flags = {argument.name for argument in call if isinstance(argument.default, bool)}
    category = _category(cls)
    ports = tuple(port for argument in call if argument.name not in flags for port in _ports(name, category, argument))
    constructor = tuple(_as_kept(name, parameter) for parameter in parameters(cls.__init__, _documented(cls), {"self", "name", "dtype"}))
    of_call = parameters(cls.call, cls, {a for a in inspect.signature(cls.call).parameters if a not in flags})  # type: ignore[attr-defined]  # as above
    return NodeType(
        id=name,
        path=f"keras.layers.{name}",
        category=category,
        help=docstrings.summary(cls),
        ports=tuple(sorted(ports, key=lambda port: port.many)),
        parameters=constructor + _of_every_layer(category, {p.name for p in constructor}) + of_call,
        call=tuple(parameter.name for parameter in of_call),
        positional=tuple(a.name for a in call if a.default is inspect.Parameter.empty),
        layers=tuple(parameter.name for parameter in constructor if parameter.name in _LAYER_ARGUMENTS),
        aliases=ALIASES.get(name, ()) + others,
    )


def _as_kept(name: str, parameter: Parameter) -> Parameter:
    return replace(parameter, kind="list") if (name, parameter.name) in _KEPT_AS_LISTS else parameter


def _category(cls: type) -> str:
    parts = [part for part in cls.__module__.split(".")[:-1] if part in _CATEGORIES]
    return _CATEGORIES[parts[-1]]


def _is_of_the_call(argument: inspect.Parameter) -> bool:
    return argument.name not in ("self", "training") and argument.kind not in (argument.VAR_POSITIONAL, argument.VAR_KEYWORD)


def _ports(name: str, category: str, argument: inspect.Parameter) -> tuple[Port, ...]:
    """The ports for one argument of a layer's call."""
    places = _LISTED.get(name, {}).get(argument.name)
    if places:
        return tuple(Port(place, optional=place in _LISTED_OPTIONAL, argument=argument.name) for place in places)
    optional = argument.default is not inspect.Parameter.empty
    return (Port(argument.name, many=category == "Merging" or argument.name in ("initial_state", "states"), optional=optional),)


def _documented(cls: type) -> Any:
    """The class itself, or the nearest one that it comes from whose docstring tells of arguments."""
    return next((base for base in cls.__mro__ if docstrings.arguments(base)), cls)


def _of_every_layer(category: str, taken: set[str]) -> tuple[Parameter, ...]:
    trainable = Parameter("trainable", "bool", True, help="Whether training changes the layer's weights.")
    dtype = Parameter("dtype", "choice", None, POLICIES, free=True, help="What the layer computes in: a type of number, or a policy of mixed precision.")
    return ((trainable,) if category in _WITH_WEIGHTS and "trainable" not in taken else ()) + (dtype,)
