"""How much memory a model's configuration asks for, reckoned before anything of it is built and without Keras."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

Config = dict[str, Any]
Shape = list[int]

BYTES = {"float16": 2, "bfloat16": 2, "float64": 8, "int64": 8, "uint64": 8, "int8": 1, "uint8": 1, "bool": 1}
"""Of one number, where it is not four."""
GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1, "LSTMCell": 4, "GRUCell": 3, "SimpleRNNCell": 1, "ConvLSTM1D": 4, "ConvLSTM2D": 4, "ConvLSTM3D": 4}


def weights(config: Config) -> int:
    """The bytes of all weights that a file's configuration asks for, as far as its sizes tell. What shares a layer counts once."""
    return sum(count * width for count, _, width in _layers(config))


def activations(config: Config) -> int:
    """The bytes of what all layers give for one sample, as far as the configuration tells."""
    return sum(size * width for _, size, width in _layers(config))


def _layers(entry: Any) -> Iterator[tuple[int, int, int]]:
    """Of each layer: its weights, the numbers that it gives for one sample, and the bytes of a number."""
    config = entry.get("config") if isinstance(entry, dict) else None
    if not isinstance(config, dict):
        return
    for layer in config["layers"] if isinstance(config.get("layers"), list) else ():
        if isinstance(layer, dict) and isinstance(layer.get("config"), dict):
            if isinstance(layer["config"].get("layers"), list):
                yield from _layers(layer)
            else:
                own = layer["config"]
                given = _given(layer)
                yield _count(str(layer.get("class_name")), own, given), _result(str(layer.get("class_name")), own, given), _width(own)


def _count(kind: str, config: Config, given: Shape) -> int:
    """How many weights a layer of this kind has when it is fed values of this shape (without the batch)."""
    inner = next((config[key] for key in ("layer", "cell") if isinstance(config.get(key), dict)), None)
    if inner is not None:
        shape = (given[1:] or [1]) if kind == "TimeDistributed" else given
        found = _count(str(inner.get("class_name")), inner["config"] if isinstance(inner.get("config"), dict) else {}, shape)
        return 2 * found if kind == "Bidirectional" else found
    if kind in GATES:
        units = _size(config, "units") or _size(config, "filters")
        return GATES[kind] * units * (given[-1] * _area(config) + units * _area(config))
    rule = _RULES.get(kind) or next((found for start, found in _FAMILIES.items() if kind.startswith(start)), None)
    return rule(config, given) if rule else 0


def _depthwise(config: Config, given: Shape) -> int:
    return given[-1] * _area(config) * (_size(config, "depth_multiplier") or 1)


def _heads(config: Config, given: Shape) -> int:
    heads = _size(config, "num_heads") or _size(config, "num_query_heads") or 1
    return 4 * given[-1] * heads * max(_size(config, "key_dim") or _size(config, "head_dim"), _size(config, "value_dim"))


_RULES: dict[str, Callable[[Config, Shape], int]] = {
    "Dense": lambda config, given: (given[-1] + 1) * _size(config, "units"),
    "Embedding": lambda config, given: _size(config, "input_dim") * _size(config, "output_dim"),
    "ReversibleEmbedding": lambda config, given: _size(config, "input_dim") * _size(config, "output_dim"),
    "EinsumDense": lambda config, given: _product(config.get("output_shape")),
    "MultiHeadAttention": _heads,
    "GroupQueryAttention": _heads,
    "BatchNormalization": lambda config, given: 4 * given[-1],
    "DepthwiseConv1D": _depthwise,
    "DepthwiseConv2D": _depthwise,
}
_FAMILIES: dict[str, Callable[[Config, Shape], int]] = {
    "SeparableConv": lambda config, given: _depthwise(config, given) + given[-1] * (_size(config, "depth_multiplier") or 1) * _size(config, "filters"),
    "Conv": lambda config, given: (given[-1] // max(_size(config, "groups"), 1) * _area(config) + 1) * _size(config, "filters"),
}


def _result(kind: str, config: Config, given: Shape) -> int:
    """How many numbers a layer gives for one sample, as far as its kind makes more of what it is given."""
    before = math.prod(given)
    grown = {
        "RepeatVector": before * _size(config, "n"),
        "Dense": before // max(given[-1], 1) * _size(config, "units"),
        "Embedding": before * _size(config, "output_dim"),
        "CategoryEncoding": _size(config, "num_tokens"),
        "Resizing": _size(config, "height") * _size(config, "width") * given[-1],
    }
    if kind.startswith("UpSampling"):
        return before * _product(config.get("size"))
    if kind.startswith("ZeroPadding"):
        padded = _padded(given, config.get("padding"))
        return math.prod(padded)
    return grown.get(kind, before)


def _padded(given: Shape, padding: Any) -> Shape:
    sides = padding if isinstance(padding, list) and padding else [padding]
    sums = [sum(_whole(part) for part in side) if isinstance(side, list) else 2 * _whole(side) for side in sides]
    return [size + sums[min(index, len(sums) - 1)] for index, size in enumerate(given[:-1])] + given[-1:]


def _given(layer: Config) -> Shape:
    """The shape of one sample that a layer is fed, as the file has it; what is open counts as one."""
    nodes = layer.get("inbound_nodes")
    shapes = list(_shapes(nodes)) if isinstance(nodes, list) else []
    built = layer.get("build_config")
    if isinstance(built, dict):
        shapes += [value for value in built.values() if isinstance(value, list)]
    shapes += [layer["config"][key] for key in ("batch_shape", "batch_input_shape") if isinstance(layer["config"].get(key), list)]
    found = [[max(1, _whole(size)) for size in shape[1:]] for shape in shapes if all(isinstance(size, int | None) for size in shape)]
    return max(found, key=math.prod, default=[1]) or [1]


def _shapes(value: Any) -> Iterator[list[Any]]:
    """The shapes of the tensors in the calls of a layer."""
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__" and isinstance(value.get("config"), dict):
            shape = value["config"].get("shape")
            if isinstance(shape, list):
                yield shape
        else:
            for part in value.values():
                yield from _shapes(part)
    elif isinstance(value, list):
        for part in value:
            yield from _shapes(part)


def _width(config: Config) -> int:
    policy = config.get("dtype")
    name = policy["config"].get("name") if isinstance(policy, dict) and isinstance(policy.get("config"), dict) else policy
    return BYTES.get(str(name), 4)


def _area(config: Config) -> int:
    return _product(config.get("kernel_size"))


def _product(value: Any) -> int:
    return math.prod(max(1, _whole(part)) for part in value) if isinstance(value, list) else max(1, _whole(value))


def _size(config: Config, name: str) -> int:
    return _whole(config.get(name))


def _whole(value: Any) -> int:
    """A size as a file has it: what is none counts as nothing."""
    return max(0, value) if isinstance(value, int) and not isinstance(value, bool) else 0
