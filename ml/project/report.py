"""What a check says of a graph, node by node."""

from __future__ import annotations

from msgspec import Struct

Shape = tuple[int | None, ...]


class NodeReport(Struct, frozen=True, omit_defaults=True):
    """What Keras says of one node."""

    shapes: tuple[Shape, ...] = ()
    """The shape of each output, None for a size that is open (the batch)."""
    dtypes: tuple[str, ...] = ()
    parameters: int = 0
    """Weights of this node's own layer; 0 where it shares another's."""
    trainable: int = 0
    error: str = ""
    """What is wrong, in a sentence, or nothing."""
    waits: str = ""
    """The name of the node whose error keeps this one from being checked, or nothing."""
    inside: dict[str, NodeReport] = {}
    """Of a block: the reports of what is in it."""


class ProjectReport(Struct, frozen=True):
    """The reports of every role's nodes, the totals, and what is wrong with the project as a whole."""

    roles: dict[str, dict[str, NodeReport]]
    parameters: int
    trainable: int
    problems: tuple[str, ...] = ()
    """Sentences about what no single node is to blame for: the data does not fit the model, a role is missing."""

    @property
    def errors(self) -> int:
        """How many things are wrong."""
        return len(self.problems) + sum(count_errors(nodes) for nodes in self.roles.values())


def weights(nodes: dict[str, NodeReport]) -> tuple[int, int]:
    """How many weights these nodes, and those inside them, have of their own, and how many of them are trained."""
    inside = [weights(report.inside) for report in nodes.values()]
    return (
        sum(report.parameters for report in nodes.values()) + sum(count for count, _ in inside),
        sum(report.trainable for report in nodes.values()) + sum(count for _, count in inside),
    )


def count_errors(nodes: dict[str, NodeReport]) -> int:
    """How many of these nodes, and of those inside them, have an error of their own."""
    return sum(count_errors(report.inside) or bool(report.error) for report in nodes.values())
