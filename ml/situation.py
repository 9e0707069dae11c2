"""A node that Keras refused, with what it gets: what explanations and fixes are found from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from msgspec.structs import replace

from ml.ops.table import NODE_TYPES, is_operation
from ml.project.blocks import resolved
from ml.project.graph import Graph, Link, Node
from ml.project.report import NodeReport, Shape

LAYER_MERGES = frozenset({"Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"})
MERGES = LAYER_MERGES | {
    f"ops.{name}"
    for name in (
        *("add", "subtract", "multiply", "divide", "true_divide", "floor_divide", "divide_no_nan", "maximum", "minimum", "power", "mod", "fmod", "arctan2"),
        *("equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "logical_and", "logical_or", "logical_xor", "hypot", "logaddexp"),
    )
}
"""What goes number by number through tensors of one shape, or of shapes that broadcast."""
RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional"})
ATTENTION = frozenset({"Attention", "AdditiveAttention", "MultiHeadAttention", "GroupQueryAttention"})
WINDOWS = re.compile(r"(Depthwise|Separable)?Conv[123]D(Transpose)?|(Max|Average)Pooling[123]D")
SPATIAL = re.compile(r"(?!ConvLSTM).*(Conv|Pooling|UpSampling|ZeroPadding|Cropping|SpatialDropout)([123])D(Transpose)?")
"""Types that take pictures, or rows or volumes, of the rank in their name."""


@dataclass(frozen=True)
class Feed:
    """What one input gets."""

    port: int
    link: Link
    shape: Shape
    dtype: str


@dataclass(frozen=True)
class Situation:
    """A node, the graph that it is in, the reports of the nodes before it, and what its linked inputs get."""

    name: str
    node: Node
    graph: Graph
    reports: dict[str, NodeReport]
    feeds: tuple[Feed, ...]

    @property
    def type(self) -> str:
        """The node's type."""
        return self.node.type

    def argument(self, name: str) -> Any:
        """What a parameter of the node is set to, or its default."""
        default = next((parameter.default for parameter in NODE_TYPES[self.type].parameters if parameter.name == name), None)
        return self.node.arguments.get(name, default)

    def clash(self) -> tuple[Feed, Feed] | None:
        """The first two inputs of a merge that do not go together."""
        return next(((a, b) for a, b in combinations(self.feeds, 2) if not broadcasts(a.shape, b.shape)), None)


def situation(name: str, graph: Graph, reports: dict[str, NodeReport], parameters: Mapping[str, Any] | None = None) -> Situation:
    """How a node stands in its graph, its expressions put to their values. A node that shares a layer has its owner's arguments too.

    Raises `ExpressionProblem` where an expression has no value.
    """
    node = resolved(graph[name], parameters or {})
    if node.shares in graph.nodes:
        owner = resolved(graph[node.shares], parameters or {})
        node = replace(node, arguments=owner.arguments | node.arguments, graph=owner.graph)
    return Situation(name, node, graph, reports, tuple(_feeds(node, reports)))


def _feeds(node: Node, reports: dict[str, NodeReport]) -> Iterator[Feed]:
    for port, link in enumerate(node.inputs):
        report = reports.get(link.node) if link else None
        if link and report and link.output < len(report.shapes):
            yield Feed(port, link, report.shapes[link.output], report.dtypes[link.output])
    kind = NODE_TYPES.get(node.type)
    for port, place in enumerate(kind.ports if kind and is_operation(kind) else ()):
        linked = port < len(node.inputs) and node.inputs[port] is not None
        if not linked and not place.many and isinstance(node.arguments.get(place.name), list):
            yield Feed(port, Link(""), np.shape(np.asarray(node.arguments[place.name], dtype=object)), "float32")


def broadcasts(a: Shape, b: Shape) -> bool:
    """Whether two shapes go together number by number; open sizes fit all."""
    return all(x in (None, 1) or y in (None, 1) or x == y for x, y in zip(a[::-1], b[::-1], strict=False))


def rank_wanted(type: str) -> int | None:
    """How many sizes, the batch among them, a type's first input must have; None where it takes several ranks or takes them differently."""
    if found := SPATIAL.fullmatch(type):
        return int(found[2]) + 2
    if found := re.fullmatch(r"ConvLSTM([123])D", type):
        return int(found[1]) + 3
    if type in RECURRENT or type in ("Attention", "AdditiveAttention", "GroupQueryAttention"):
        return 3
    return 2 if type == "RepeatVector" else None


def per_axis(value: Any, rank: int) -> list[int]:
    """A kernel size or a stride as Keras takes it: one number for all axes, or one for each; 1 for each where it is neither."""
    if isinstance(value, int):
        return [value] * rank
    fits = isinstance(value, list | tuple) and len(value) == rank and all(isinstance(size, int) for size in value)
    return [*value] if fits else [1] * rank


def space(shape: Shape, argument: str | None = None) -> tuple[int | None, ...]:
    """A picture's sizes without batch and channels. `argument` is the node's data_format."""
    return tuple(shape[2:] if argument == "channels_first" else shape[1:-1])
