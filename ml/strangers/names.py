"""Which classes and functions a model's configuration may name: a table made from the installed Keras, read without it."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import msgspec

PATH = Path(__file__).parents[2] / "resources" / "keras_names.json"
CODE = {
    "Lambda": "holds Python code",
    "__lambda__": "holds Python code",
    "TFSMLayer": "runs a program from another file",
    "JaxLayer": "holds Python code",
    "FlaxLayer": "holds Python code",
    "TorchModuleWrapper": "holds a pickled program",
}
"""Classes that carry or call Python code or programs, and what is in them."""
VALUES = {"__keras_tensor__", "__numpy__", "__tensor__", "__tuple__", "__slice__", "__ellipsis__", "__bytes__", "__complex__"}
"""What Keras writes for values that JSON does not have."""
_NEVER = {*sys.stdlib_module_names, "keras", "tensorflow", "numpy", "h5py", "ml", "app"}
"""Packages that are here and in which nobody keeps a layer of their own."""


class Names(msgspec.Struct, frozen=True):
    """The table: by module the names in it."""

    classes: dict[str, list[str]]
    functions: dict[str, list[str]]


@cache
def table() -> Names:
    """The table as it lies in `resources`."""
    return msgspec.json.decode(PATH.read_bytes(), type=Names)


def is_class(module: str, name: str) -> bool:
    """Whether Keras has a class of this name in this module; without a module, in any."""
    if module in table().classes:
        return name in table().classes[module]
    return not module and any(name in found for found in table().classes.values())


def is_function(name: str) -> bool:
    """Whether Keras has an activation, a loss, a metric or an operation of this name."""
    return any(name in found for found in table().functions.values())


def is_activation(name: str) -> bool:
    """Whether Keras has an activation of this name."""
    return name in table().functions["activations"]


def is_own(module: str) -> bool:
    """Whether a module that is not Keras's may hold layers that somebody wrote: not one of Python itself, nor of what this program runs on."""
    return module.split(".")[0] not in _NEVER
