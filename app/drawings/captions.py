"""What a figure calls a node: words as papers write them, `Conv 3×3, 64` for `Conv2D(64, 3)`."""

from __future__ import annotations

import re
from typing import Any

from app.canvas.items.faces import shape_label
from ml.project.expressions import text_of
from ml.project.graph import BLOCK, INPUT, OUTPUT, Node
from ml.project.report import NodeReport, Shape

SHORT = {
    "BatchNormalization": "BN",
    "LayerNormalization": "Layer norm",
    "GroupNormalization": "Group norm",
    "UnitNormalization": "Unit norm",
    "RMSNormalization": "RMS norm",
    "MultiHeadAttention": "Multi-head attention",
    "GroupQueryAttention": "Grouped-query attention",
    "ReLU": "ReLU",
    "PReLU": "PReLU",
    "LeakyReLU": "Leaky ReLU",
    "ELU": "ELU",
    "LSTM": "LSTM",
    "GRU": "GRU",
    "SimpleRNN": "RNN",
    "EinsumDense": "Dense",
    "Concatenate": "Concat",
}
NAMED = {"relu": "ReLU", "gelu": "GELU", "selu": "SELU", "elu": "ELU", "silu": "SiLU", "swish": "SiLU", "relu6": "ReLU6", "leaky_relu": "leaky ReLU"}
"""Activations as the papers write them."""
SIGNS = {"Add": "+", "Multiply": "×", "Subtract": "−", "ops.add": "+", "ops.multiply": "×", "ops.subtract": "−", "ops.matmul": "·", "Dot": "·"}
"""Nodes that are drawn as a sign in a circle where they join values."""
WEIGHTY = ("Conv", "Dense", "Depthwise", "Separable", "EinsumDense", "Embedding")


def sign(node: Node) -> str:
    """The sign of a node that joins several values, or nothing."""
    return SIGNS.get(node.type, "") if sum(link is not None for link in node.inputs) > 1 else ""


def is_weighty(node: Node) -> bool:
    """Whether it is a layer that takes the small ones after it into its box."""
    return node.type.startswith(WEIGHTY)


def is_small(node: Node) -> bool:
    """Whether papers say it beside the layer before it."""
    plain = node.type.removeprefix("ops.")
    return node.type in ("BatchNormalization", "Activation", "Dropout", "SpatialDropout1D", "SpatialDropout2D") or bool(activation(node)) or plain in NAMED


def activation(node: Node) -> str:
    """The name of the activation that the node is, or nothing."""
    if node.type == "Activation":
        return _named(node.arguments.get("activation"))
    plain = node.type.removeprefix("ops.").lower()
    found = NAMED.get(plain) or NAMED.get(plain.replace("leakyrelu", "leaky_relu"))
    return found or (plain.capitalize() if plain in ("softmax", "sigmoid", "tanh", "softplus") else "")


def kind(node: Node, name: str) -> str:
    """What sort of thing the node is."""
    if node.type in (INPUT, OUTPUT):
        return node.type
    if node.type == BLOCK:
        return name.replace("_", " ")
    if own := activation(node):
        return own
    if node.type.startswith("ops."):
        return node.type.removeprefix("ops.").replace("_", " ")
    return SHORT.get(node.type) or _words(node.type)


def caption(node: Node, name: str, joined: tuple[Node, ...], named: bool, arguments: bool) -> str:
    """What stands in the node's box: what it is, or its name, what it was set to, and the small ones after it."""
    text = name if named else kind(node, name)
    if arguments:
        text += setting(node)
        own = _named(node.arguments.get("activation")) if node.type != "Activation" else ""
        text += "".join(f", {word}" for word in (own, *(kind(other, "") for other in joined)) if word and word != "linear")
    return text


def unnumbered(name: str) -> str:
    """The name of one of several that are drawn once: `block` for `block_1`."""
    return name.rstrip(" _0123456789") or name


def active(node: Node, joined: tuple[Node, ...]) -> str:
    """The activation of a layer: its own, or that of one joined to it; nothing where it is linear."""
    own = _named(node.arguments.get("activation"))
    found = next((word for word in (own, *map(activation, joined)) if word), "")
    return "" if found == "linear" else found


def setting(node: Node) -> str:
    """The arguments that a paper names: ` 3×3, 64, /2`."""
    given = node.arguments
    if node.type in ("MultiHeadAttention", "GroupQueryAttention"):
        heads = given.get("num_heads") or given.get("num_query_heads")
        return f", {_plain(heads)} heads" if heads else ""
    if node.type in ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "GaussianNoise", "GaussianDropout"):
        value = given.get("rate", given.get("stddev"))
        return f" {value:g}" if isinstance(value, int | float) else ""
    rank = next((int(digit) for digit in "123" if node.type.endswith(f"{digit}D") or f"{digit}DTranspose" in node.type), 0)
    window = next((given[key] for key in ("kernel_size", "pool_size", "size", "output_size") if key in given), None)
    if window is None and node.type.startswith(("MaxPooling", "AveragePooling")):
        window = 2
    width = next((given[key] for key in ("filters", "units", "output_dim") if key in given), None)
    parts = [f" {_times(window, rank)}" if window is not None and rank else "", f", {_plain(width)}" if width is not None else ""]
    stride = given.get("strides") or 1
    steps = list(map(_plain, stride if isinstance(stride, list) else [stride]))
    if set(steps) != {"1"}:
        parts.append(f", /{steps[0] if len(set(steps)) == 1 else '×'.join(steps)}")
    if node.type == "Reshape" and isinstance(given.get("target_shape"), list):
        parts.append(" " + "×".join(map(_plain, given["target_shape"])))
    return "".join(parts)


def size(report: NodeReport) -> str:
    """The size of what comes out of a node, without the batch; nothing where it is not known."""
    return shape_label(report.shapes[0]).replace(" × ", "×") if report.shapes else ""


def sizes_of(report: NodeReport) -> Shape:
    """The shape of what comes out first, without the batch; () where it is not known."""
    return report.shapes[0][1:] if report.shapes else ()


def _named(value: Any) -> str:
    return NAMED.get(value, value) if isinstance(value, str) else ""


def _times(value: Any, rank: int) -> str:
    sizes = value if isinstance(value, list) else [value] * max(1, rank)
    return "×".join(map(_plain, sizes))


def _plain(value: Any) -> str:
    """A number, or the expression in its place."""
    return text_of(value) or (f"{value:,}" if isinstance(value, int) else str(value))


def _words(type: str) -> str:
    """`GlobalAveragePooling2D` as `Global average pooling`."""
    plain = re.sub(r"[123]D", "", type)
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]*", plain) or [plain]
    text = " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)
    text = text.replace("pooling", "pool").replace("conv transpose", "transposed conv")
    return text[:1].upper() + text[1:]
