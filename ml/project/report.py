"""What a check says of a graph, node by node."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from ml.project.fixes import Fix

Shape = tuple[int | None, ...]


class NodeReport(Struct, frozen=True, omit_defaults=True):
    """What Keras says of one node."""

    shapes: tuple[Shape, ...] = ()
    """The shape of each output, None for a size that is open (the batch)."""
    dtypes: tuple[str, ...] = ()
    parameters: int = 0
    """Weights of this node's own layer; 0 where it shares another's."""
    trainable: int = 0
    operations: int = 0
    """Multiply-adds for one sample by this node itself, what is inside of it left out; an open size counts as 1."""
    memory: int = 0
    """Bytes that its own outputs take for one sample; 0 where it makes no new tensor: an `Output`, and a block beside what is inside."""
    error: str = ""
    """What is wrong, in a sentence, or nothing."""
    waits: str = ""
    """The name of the node whose error keeps this one from being checked, or nothing."""
    fixes: tuple[Fix, ...] = ()
    """Ways out of the error, each of which was tried; the likeliest first."""
    inside: dict[str, NodeReport] = {}
    """Of a block: the reports of what is in it."""


class ProjectReport(Struct, frozen=True):
    """The reports of every role's nodes, the totals, and what is wrong with the project as a whole."""

    roles: dict[str, dict[str, NodeReport]]
    parameters: int
    trainable: int
    problems: tuple[str, ...] = ()
    """Sentences about what no single node is to blame for: the data does not fit the model, a role is missing."""
    fixes: tuple[Fix, ...] = ()
    """Ways out of the problems, each of which was tried and leaves fewer of them."""

    @property
    def errors(self) -> int:
        """How many things are wrong."""
        return len(self.problems) + sum(count_errors(nodes) for nodes in self.roles.values())


class Totals(Struct, frozen=True):
    """What nodes cost together."""

    parameters: int = 0
    trainable: int = 0
    operations: int = 0
    """Multiply-adds for one sample."""
    memory: int = 0
    """Bytes of all outputs for one sample: what training keeps for the way back."""

    def __add__(self, other: Totals) -> Totals:
        return Totals(self.parameters + other.parameters, self.trainable + other.trainable, self.operations + other.operations, self.memory + other.memory)


def totals(nodes: Iterable[NodeReport]) -> Totals:
    """What these nodes, and those inside them, cost together."""
    found = Totals()
    for report in nodes:
        found += Totals(report.parameters, report.trainable, report.operations, report.memory) + totals(report.inside.values())
    return found


def weights(nodes: dict[str, NodeReport]) -> tuple[int, int]:
    """How many weights these nodes, and those inside them, have of their own, and how many of them are trained."""
    found = totals(nodes.values())
    return found.parameters, found.trainable


def size_of(shape: Shape, dtype: str) -> int:
    """How many bytes one sample of a tensor takes; an open size counts as 1."""
    return math.prod(size or 1 for size in shape[1:]) * _BYTES.get(dtype, 4)


_BYTES = {
    "float64": 8,
    "int64": 8,
    "uint64": 8,
    "complex64": 8,
    "complex128": 16,
    "float16": 2,
    "bfloat16": 2,
    "int16": 2,
    "uint16": 2,
    "int8": 1,
    "uint8": 1,
    "bool": 1,
}


def count_errors(nodes: dict[str, NodeReport]) -> int:
    """How many of these nodes, and of those inside them, have an error of their own."""
    return sum(count_errors(report.inside) or bool(report.error) for report in nodes.values())


def without_fixes(nodes: Mapping[str, NodeReport]) -> dict[str, NodeReport]:
    """The reports for where a graph is only looked at, and nothing can be mended."""
    return {name: replace(report, fixes=()) if report.fixes else report for name, report in nodes.items()}
