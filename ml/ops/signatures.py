"""A parameter from what Keras says of an argument: its name, its default, and its line in the docstring."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

from ml.ops import docstrings
from ml.project.parameters import Parameter

DTYPES = ("float32", "float16", "bfloat16", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "bool")
POLICIES = (None, *DTYPES[:4], "mixed_float16", "mixed_bfloat16")
ACTIVATIONS = (
    None, "relu", "gelu", "silu", "tanh", "sigmoid", "softmax", "linear", "elu", "selu", "leaky_relu", "relu6", "softplus", "softsign", "mish", "swish",
    "celu", "glu", "exponential", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh", "hard_shrink", "soft_shrink", "tanh_shrink", "threshold",
    "squareplus", "log_sigmoid", "log_softmax", "sparse_plus", "sparse_sigmoid", "sparsemax",
)  # fmt: skip
INITIALIZERS = (
    "glorot_uniform", "glorot_normal", "he_normal", "he_uniform", "lecun_normal", "lecun_uniform", "zeros", "ones", "random_normal", "random_uniform",
    "truncated_normal", "orthogonal", "identity", "variance_scaling",
)  # fmt: skip
REGULARIZERS = (None, "l1", "l2", "l1l2", "orthogonal_regularizer")
CONSTRAINTS = (None, "max_norm", "min_max_norm", "non_neg", "unit_norm")
DATA_FORMATS = (None, "channels_last", "channels_first")

_USUAL = {
    "data_format": "Where the channels are; null is as in Keras's configuration, channels_last unless someone changed it.",
    "dilation_rate": "How far apart the kernel looks in each dimension.",
    "mask_value": "Steps whose every number is this are skipped.",
    "output_padding": "Added to one side of the output in each dimension.",
    "seed": "Of the random numbers; null draws one from the seed of the run.",
    "value_range": "The lowest and the highest value that pixels may have.",
    "weights": "Weights to begin with.",
}
"""Help for arguments that some docstrings leave out."""
_FIXED = {"flash_attention": (None, True, False), "use_cudnn": ("auto", True, False)}
"""Choices that the docstrings don't list."""

_KINDS = {
    "int": "N M k n order seed num axis1 axis2 kth decimals head_dim key_dim value_dim height width target_height target_width max_tokens num_tokens "
    "fft_length num_segments",
    "float": "start stop step x_min x_max threshold default_value max_val epsilon rcond tol scale logit_soft_cap attn_logits_soft_cap lora_alpha "
    "initial_learning_rate",
    "list": "axis axes size shape newshape output_shape target_shape noise_shape output_padding pad_width repeats shift indices_or_sections factor "
    "height_factor width_factor brightness_factor contrast_factor saturation_factor hue_factor",
    "text": "equation subscripts pattern method bias_axes reduction",
}
"""Kinds by name, for arguments whose text doesn't tell."""
_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names.split()}
_SIZES = {"kernel_size", "pool_size", "strides", "output_size", "dilation_rate", "factor"}
"""Numbers that Keras keeps as a list, one a dimension or both ends of a range, even where one was given."""
_POSITIVE = {"units", "filters", "num_heads", "num_query_heads", "num_key_value_heads", "key_dim", "head_dim", "input_dim", "output_dim", "groups", "n"}
_SHARES = {"rate", "dropout", "recurrent_dropout", "momentum", "ema_momentum", "beta_1", "beta_2"}
_LISTS = re.compile(r"\b(tuples?|lists?|sequence|axes|iterable)\b", re.IGNORECASE)
_INTEGERS = re.compile(r"\b(int|ints|integers?|python int)\b|^(The )?(size|number|dimension)\b", re.IGNORECASE)
_FLOATS = re.compile(r"\b(floats?|scalar|python float)\b", re.IGNORECASE)
_BOOLEANS = re.compile(r"(optional )?(a )?(bool|boolean|whether)\b", re.IGNORECASE)


def parameters(function: Callable[..., Any], documented: object, leave_out: set[str]) -> tuple[Parameter, ...]:
    """The arguments of a function as parameters, but for those left out; their help is read from `documented`'s docstring."""
    texts = docstrings.arguments(documented)
    kept = (a for a in inspect.signature(function).parameters.values() if a.name not in leave_out and a.kind not in (a.VAR_POSITIONAL, a.VAR_KEYWORD))
    return tuple(parameter(argument, texts.get(argument.name, "")) for argument in kept)


def parameter(argument: inspect.Parameter, text: str) -> Parameter:
    """One argument of a signature, with its text in the docstring, as a parameter."""
    required = argument.default is inspect.Parameter.empty
    default = None if required else plain(argument.default)
    name, help = argument.name, docstrings.first_sentence(text) or _USUAL.get(argument.name, "")
    choices, free = _choices(name, default, text)
    if choices:
        return Parameter(name, "choice", default, choices, free=free, required=required, help=help)
    kind = _kind(name, default, text)
    minimum, maximum = _range(name, kind)
    return Parameter(name, kind, default, required=required, minimum=minimum, maximum=maximum, help=help)


def plain(value: Any) -> Any:
    """A default as JSON has it. Raises `TypeError` for what JSON does not have."""
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"A default of {value!r} has no place in the node table.")


def _choices(name: str, default: Any, text: str) -> tuple[tuple[Any, ...], bool]:
    """What may stand for an argument, and whether anything else may too; nothing where it is no choice."""
    endings = {"activation": ACTIVATIONS, "initializer": INITIALIZERS, "regularizer": REGULARIZERS, "constraint": CONSTRAINTS, "dtype": DTYPES}
    for ending, names in endings.items():
        if name.endswith(ending):
            return tuple(dict.fromkeys([default, *names])), True
    if name == "data_format":
        return DATA_FORMATS if default is None else DATA_FORMATS[1:], False
    if name in _FIXED:
        return _FIXED[name], False
    if isinstance(default, str):
        named = tuple(dict.fromkeys([default, *re.findall(r"`?[\"']([\w\-]+)[\"']`?", text)]))
        return (named, "`None`" in text or "allable" in text) if len(named) > 1 else ((), False)
    return ((None, True, False), False) if default is None and _BOOLEANS.match(text) else ((), False)


def _kind(name: str, default: Any, text: str) -> str:
    """The kind of value, from the default where it tells, else from the beginning of the text, else from the name."""
    if isinstance(default, bool):
        return "bool"
    if isinstance(default, str):
        return "text"
    if isinstance(default, list) or name in _SIZES or _LISTS.search(text[:60]):
        return "list"
    if name in _BY_NAME and not isinstance(default, int | float):
        return _BY_NAME[name]
    head = re.split(r"[.,;(]", text, maxsplit=1)[0]
    if isinstance(default, float) or _FLOATS.search(head):
        return "float"
    return "int" if isinstance(default, int) or _INTEGERS.search(head) else "any"


def _range(name: str, kind: str) -> tuple[float | None, float | None]:
    if kind == "int" and name in _POSITIVE:
        return 1, None
    if kind == "float" and name in _SHARES:
        return 0, 1
    return None, None
