"""The functions of `keras.ops` as node types, read from their signatures, docstrings and code. Imports Keras."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

import keras
from msgspec.structs import replace

from ml.ops import docstrings
from ml.ops.aliases import ALIASES
from ml.ops.signatures import parameters
from ml.ops.table import NodeType, Port
from ml.project.parameters import Parameter

_CODE = "associative_scan cond custom_gradient fori_loop jvp map scan switch vectorize vectorized_map while_loop"
_FACTS = "convert_to_numpy dtype is_tensor ndim shape size"
LEFT_OUT = {
    **dict.fromkeys(_CODE.split(), "takes Python functions"),
    **dict.fromkeys(_FACTS.split(), "gives no tensor in a functional model"),
    "empty": "gives what happens to lie in memory",
    "empty_like": "gives what happens to lie in memory",
    "select": "takes two lists of tensors",
}
"""The functions of `keras.ops` that are no node types, and why."""

_CATEGORIES = {"numpy": "arrays", "nn": "neural", "math": "mathematics", "linalg": "linear algebra", "core": "core", "einops": "arrays", "image": "images"}
_NO_PORTS = {
    **{name: {"x"} for name in ("bartlett", "blackman", "hamming", "hanning", "kaiser")},
    "arange": {"start", "stop", "step"},
    "full": {"fill_value"},
    "geomspace": {"start", "stop"},
    "linspace": {"start", "stop"},
    "logspace": {"start", "stop"},
    "reshape": {"newshape"},
    "slice": {"start_indices"},
    "slice_update": {"start_indices"},
}
"""What Keras would take as a tensor too, and a person gives as a number."""
_MORE_PORTS = {
    "abs": ("x",),
    "average": ("weights",),
    "bincount": ("weights",),
    "conj": ("x",),
    "conv": ("kernel",),
    "conv_transpose": ("kernel",),
    "diff": ("a",),
    "dot_product_attention": ("bias", "mask"),
    "pad": ("x",),
    "segment_max": ("segment_ids",),
    "segment_min": ("segment_ids",),
    "segment_prod": ("segment_ids",),
    "segment_sum": ("segment_ids",),
    "separable_conv": ("depthwise_kernel", "pointwise_kernel"),
    "trapezoid": ("x",),
}
"""Where Keras takes a tensor that its check for symbolic tensors leaves out."""
_MANY = {"concatenate": "xs", "dstack": "xs", "hstack": "xs", "vstack": "xs", "stack": "x", "einsum": "operands", "meshgrid": "x"}
_MANY |= dict.fromkeys(("fft", "fft2", "ifft2", "irfft", "istft"), "x")  # the real and the imaginary part


def operation_types() -> list[NodeType]:
    """A node type for each function of `keras.ops` that makes tensors, by category and name."""
    types = [_operation_type(f"ops.{name}", function) for name, function in vars(keras.ops).items() if _is_listed(name, function)]
    types += [_operation_type(f"ops.image.{name}", function) for name, function in vars(keras.ops.image).items() if _is_listed(name, function)]
    return sorted(types, key=lambda kind: (kind.category, kind.id))


def _is_listed(name: str, function: object) -> bool:
    return inspect.isfunction(function) and not name.startswith("_") and name not in LEFT_OUT


def _operation_type(id: str, function: Callable[..., Any]) -> NodeType:
    name = id.split(".")[-1]
    arguments = inspect.signature(function).parameters
    tensors = [argument for argument in arguments.values() if argument.name in _tensor_arguments(name, function)]
    spread = next((a.name for a in arguments.values() if a.kind == a.VAR_KEYWORD and name == "rearrange"), "")
    own = parameters(function, function, {argument.name for argument in tensors})
    if name == "get_item":
        own = (Parameter("key", "text", required=True, help="What stands between the brackets of x[…]: `:, 0`, `..., 1:3`, `::2`."),)
    if spread:
        own += (Parameter(spread, "any", {}, help="Sizes of axes in the pattern, by name."),)
    names = {f"ops.{other}" for other, thing in vars(keras.ops).items() if thing is function} - {id}
    return NodeType(
        id=id,
        path=f"keras.{id}",
        category=f"Operations: {_CATEGORIES[function.__module__.split('.')[-1]]}",
        help=docstrings.summary(function),
        ports=tuple(sorted((_port(name, argument) for argument in tensors), key=lambda port: port.many)),
        parameters=tuple(_without_limits(parameter) for parameter in own),
        positional=tuple(a.name for a in arguments.values() if a.kind != a.VAR_KEYWORD and a.default is a.empty),
        spread=spread,
        aliases=ALIASES.get(id, ()) + tuple(sorted(names)),
    )


def _without_limits(parameter: Parameter) -> Parameter:
    """The ranges are those of layers: an operation's `n` or `groups` means something else."""
    return replace(parameter, minimum=None, maximum=None)


def _port(name: str, argument: inspect.Parameter) -> Port:
    variadic = argument.kind == argument.VAR_POSITIONAL
    optional = not variadic and argument.default is not inspect.Parameter.empty
    return Port(argument.name, many=_MANY.get(name) == argument.name, optional=optional, variadic=variadic)


def _tensor_arguments(name: str, function: Callable[..., Any]) -> set[str]:
    """The arguments that may be tensors: those that Keras itself looks at to tell a symbolic call from a direct one."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func).endswith("any_symbolic_tensors")]
    found = {n.id for call in calls for argument in call.args for n in ast.walk(argument) if isinstance(n, ast.Name)}
    return (found | set(_MORE_PORTS.get(name, ()))) - _NO_PORTS.get(name, set())
