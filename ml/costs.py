"""What a node costs: its multiply-adds for one sample, as papers count them.

Counted are the products that are summed: dense layers, convolutions, recurrent steps, attention and matrix products. Normalization, activations, pooling
and sums of branches are not, as in the figures of He et al. (2016) and of Howard et al. (2017). An open size counts as 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from ml.ops.table import NODE_TYPES
from ml.project.graph import Node
from ml.project.report import Shape

Shapes = Sequence[Shape]
"""With the batch first."""


def of_layer(layer: keras.Layer, inputs: Shapes, outputs: Shapes) -> int:
    """Multiply-adds of a layer that has been called on `inputs` (an empty shape where nothing is linked) and gave `outputs`."""
    count = next((_LAYERS[kind.__name__] for kind in type(layer).__mro__ if kind.__name__ in _LAYERS), None)
    return count(layer, inputs, outputs) if count and inputs and outputs else 0


def of_operation(node: Node, inputs: Shapes, outputs: Shapes) -> int:
    """Multiply-adds of an operation; what is not linked takes its shape from the value that the node has for it."""
    count = _OPERATIONS.get(node.type)
    if count is None or not outputs:
        return 0
    return count(node.arguments, _with_constants(node, inputs), outputs)


def _with_constants(node: Node, inputs: Shapes) -> list[Shape]:
    """The shapes of all ports; those of an operation that are values and no links have no batch to leave out."""
    ports = NODE_TYPES[node.type].ports
    given = [*inputs, *[()] * (len(ports) - len(inputs))]
    for index, port in enumerate(ports):
        if not port.many and not given[index] and port.name in node.arguments:
            given[index] = np.shape(node.arguments[port.name])
    return given


def _size(shape: Sequence[int | None]) -> int:
    return math.prod(size or 1 for size in shape)


def _space(layer: Any, shape: Shape) -> int:
    """How many places a picture has: its size without the batch and the channels."""
    return _size(shape[2:] if layer.data_format == "channels_first" else shape[1:-1])


def _kernel(layer: Any) -> int:
    return _size(layer.kernel.shape)


# Layers: (layer, the shapes of its inputs, the shapes of its outputs) -> multiply-adds.


def _dense(layer: Any, inputs: Shapes, outputs: Shapes) -> int:
    return _size(outputs[0][1:-1]) * _kernel(layer)


def _einsum_dense(layer: Any, inputs: Shapes, outputs: Shapes) -> int:
    return _einsum(layer.equation, [inputs[0], tuple(layer.kernel.shape)])


def _convolution(layer: Any, inputs: Shapes, outputs: Shapes) -> int:
    return _space(layer, outputs[0]) * _kernel(layer)


def _transposed(layer: Any, inputs: Shapes, outputs: Shapes) -> int:
    return _space(layer, inputs[0]) * _kernel(layer)


def _separable(layer: Any, inputs: Shapes, outputs: Shapes) -> int:
    return _space(layer, outputs[0]) * (_size(layer.depthwise_kernel.shape) + _size(layer.pointwise_kernel.shape))


def _cell(layer: Any, inputs: Shapes, outputs: Shapes) -> int:
    """One step of a recurrent layer: its kernels, each number used once."""
    return sum(_size(weight.shape) for weight in layer.weights if "kernel" in weight.name)


def _recurrent(layer: Any, inputs: Shapes, outputs: Shapes) -> int:
    return (inputs[0][1] or 1) * _cell(layer, inputs, outputs)


def _recurrent_convolution(layer: Any, inputs: Shapes, outputs: Shapes) -> int:
    places = outputs[0][2:] if layer.return_sequences else outputs[0][1:]
    space = places[1:] if layer.cell.data_format == "channels_first" else places[:-1]
    return (inputs[0][1] or 1) * _size(space) * _cell(layer, inputs, outputs)


def _both_ways(layer: Any, inputs: Shapes, outputs: Shapes) -> int:
    return sum(of_layer(part, inputs, outputs) for part in (layer.forward_layer, layer.backward_layer))


def _each_step(layer: Any, inputs: Shapes, outputs: Shapes) -> int:
    one = [shape[:1] + shape[2:] for shape in inputs], [shape[:1] + shape[2:] for shape in outputs]
    return (inputs[0][1] or 1) * of_layer(layer.layer, *one)


def _inner(layer: Any, inputs: Shapes, outputs: Shapes) -> int:
    return of_layer(layer.layer, inputs, outputs)


def _attention(layer: Any, inputs: Shapes, outputs: Shapes) -> int:
    query, value = inputs[0], inputs[1]
    return _size(query[1:-1]) * (value[-2] or 1) * ((query[-1] or 1) + (value[-1] or 1))


def _heads(layer: Any, inputs: Shapes, outputs: Shapes) -> int:
    """The projections, and for each head the scores and their sums over the values."""
    query, value = inputs[0], inputs[1]
    places = _size(query[1:-1]), _size(value[1:-1])
    parts = [(places[0], "_query_dense"), (places[1], "_key_dense"), (places[1], "_value_dense"), (places[0], "_gate_dense"), (places[0], "_output_dense")]
    projections = sum(count * _kernel(getattr(layer, name)) for count, name in parts if hasattr(layer, name))
    wide = tuple(layer._query_dense.kernel.shape)[-2:]
    deep = tuple(layer._value_dense.kernel.shape)[-1]
    axes = getattr(layer, "_attention_axes", None) or range(1, len(value) - 1)
    return projections + places[0] * _size([value[axis] for axis in axes]) * wide[0] * (wide[1] + deep)


def _reversible(layer: Any, inputs: Shapes, outputs: Shapes) -> int:
    """Looking up costs nothing; going back is a product with the whole table."""
    is_back = len(inputs[0]) == len(outputs[0]) and outputs[0][-1] == layer.input_dim
    return _size(inputs[0][1:]) * layer.input_dim if is_back else 0


def _dot_layer(layer: Any, inputs: Shapes, outputs: Shapes) -> int:
    axis = layer.axes if isinstance(layer.axes, int) else layer.axes[0]
    return _size(outputs[0][1:]) * (inputs[0][axis] or 1)


_LAYERS: dict[str, Callable[[Any, Shapes, Shapes], int]] = {
    "Dense": _dense,
    "EinsumDense": _einsum_dense,
    "ReversibleEmbedding": _reversible,
    "BaseConv": _convolution,
    "BaseDepthwiseConv": _convolution,
    "BaseSeparableConv": _separable,
    "BaseConvTranspose": _transposed,
    "ConvLSTM": _recurrent_convolution,
    "RNN": _recurrent,
    "LSTMCell": _cell,
    "GRUCell": _cell,
    "SimpleRNNCell": _cell,
    "StackedRNNCells": _cell,
    "Bidirectional": _both_ways,
    "TimeDistributed": _each_step,
    "SpectralNormalization": _inner,
    "Attention": _attention,
    "MultiHeadAttention": _heads,
    "GroupedQueryAttention": _heads,
    "Dot": _dot_layer,
}
"""By the name of the layer's class or of a class that it is made from, the nearest first."""


# Operations: (arguments, the shapes of all ports, the shapes of the outputs) -> multiply-adds.


def _product(arguments: dict[str, Any], inputs: Shapes, outputs: Shapes) -> int:
    """Each number of the result is a sum over the first one's last axis."""
    return _size(outputs[0]) * (inputs[0][-1] or 1 if inputs[0] else 1)


def _tensordot(arguments: dict[str, Any], inputs: Shapes, outputs: Shapes) -> int:
    axes, first = arguments.get("axes", 2), inputs[0]
    if isinstance(axes, int):
        return _size(outputs[0]) * _size(first[len(first) - axes :])
    summed = [axes[0]] if isinstance(axes[0], int) else axes[0]
    return _size(outputs[0]) * _size([first[axis] for axis in summed])


def _of_einsum(arguments: dict[str, Any], inputs: Shapes, outputs: Shapes) -> int:
    return _einsum(arguments.get("subscripts", ""), [shape for shape in inputs if shape])


def _einsum(equation: str, shapes: Shapes) -> int:
    """The product of all letters' sizes, which is what a sum over them in one go takes; one operand alone is no product."""
    terms = equation.replace(" ", "").split("->")[0].split(",")
    if len(terms) < 2 or len(terms) != len(shapes):
        return 0
    sizes: dict[str, int] = {}
    for term, shape in zip(terms, shapes, strict=True):
        before, dots, after = term.partition("...")
        named = [*zip(before, shape, strict=False), *zip(after[::-1], shape[::-1], strict=False)]
        rest = shape[len(before) : len(shape) - len(after)] if dots else ()
        named += [(f"...{len(rest) - index}", size) for index, size in enumerate(rest)]
        for letter, size in named:
            sizes[letter] = max(sizes.get(letter, 1), size or 1)
    return math.prod(sizes.values())


def _conv(arguments: dict[str, Any], inputs: Shapes, outputs: Shapes) -> int:
    return _places(arguments, outputs[0]) * sum(_size(kernel) for kernel in inputs[1:])


def _conv_back(arguments: dict[str, Any], inputs: Shapes, outputs: Shapes) -> int:
    return _places(arguments, inputs[0]) * _size(inputs[1])


def _places(arguments: dict[str, Any], shape: Shape) -> int:
    return _size(shape[2:] if arguments.get("data_format") == "channels_first" else shape[1:-1])


def _dot_product_attention(arguments: dict[str, Any], inputs: Shapes, outputs: Shapes) -> int:
    """The shapes are (batch, time, heads, depth)."""
    query, value = inputs[0], inputs[2]
    return (query[1] or 1) * (query[2] or 1) * (value[1] or 1) * ((query[3] or 1) + (value[3] or 1))


def _same(arguments: dict[str, Any], inputs: Shapes, outputs: Shapes) -> int:
    return _size(outputs[0])


def _summed(arguments: dict[str, Any], inputs: Shapes, outputs: Shapes) -> int:
    return _size(inputs[0])


_OPERATIONS: dict[str, Callable[[dict[str, Any], Shapes, Shapes], int]] = {
    "ops.matmul": _product,
    "ops.dot": _product,
    "ops.inner": _product,
    "ops.outer": _same,
    "ops.vdot": _summed,
    "ops.tensordot": _tensordot,
    "ops.einsum": _of_einsum,
    "ops.conv": _conv,
    "ops.depthwise_conv": _conv,
    "ops.separable_conv": _conv,
    "ops.conv_transpose": _conv_back,
    "ops.dot_product_attention": _dot_product_attention,
}
