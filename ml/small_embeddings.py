"""Finds embeddings that have no vector for some of the tokens that the data gives: training would break off at the first of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ml.data.dataset import Spec
from ml.project.graph import BLOCK, INPUT, Graph, Link

EMBEDDINGS = ("Embedding", "ReversibleEmbedding")
SAME_TOKENS = ("ops.flip", "Identity")
"""What gives the tokens that it gets, and no others."""


class Small(NamedTuple):
    """An embedding, where it is as a path through blocks, how many tokens it has vectors for, and how many there are."""

    path: str
    has: int
    tokens: int

    def sentence(self) -> str:
        """What is wrong and what would work."""
        return f"{self.path} has vectors for {self.has} tokens and is given {self.tokens}: make its input_dim {self.tokens} or more."


def small_embeddings(graph: Graph, spec: Spec) -> Iterator[Small]:
    """Those of a model that has no circle; its first input gets the source's tokens, a second one the target's."""
    return _found(graph, (spec.vocabulary, spec.target_vocabulary), "")


def _found(graph: Graph, given: Sequence[int], path: str) -> Iterator[Small]:
    """`given`: for each `Input`, how many different tokens come in; 0 where they are none, or it is not known."""
    tokens = dict(zip(graph.of_type(INPUT), given, strict=False))

    def count(link: Link | None) -> int:
        return tokens.get(link.node, 0) if link is not None else 0

    for name in graph.sorted():
        node = graph.owning(name)
        counts = [count(link) for link in node.inputs]
        if node.type == BLOCK and node.graph is not None:
            yield from _found(node.graph, counts, f"{path}{name}/")
        elif node.type in SAME_TOKENS and counts:
            tokens[name] = counts[0]
        elif node.type in EMBEDDINGS and counts:
            has = node.arguments.get("input_dim")
            if isinstance(has, int) and has < counts[0]:
                yield Small(path + name, has, counts[0])
