"""Nodes as text, to be copied and pasted, also between windows and into mails."""

from __future__ import annotations

import msgspec

from ml.project.graph import Graph


class ClipboardProblem(Exception):
    """Why a text can't be pasted, as a sentence."""


def encode(graph: Graph) -> str:
    """Nodes as JSON."""
    return msgspec.json.encode(graph).decode()


def decode(text: str) -> Graph:
    """Nodes from JSON. Raises `ClipboardProblem`."""
    try:
        graph = msgspec.json.decode(text, type=Graph)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ClipboardProblem("What was copied are no nodes of a graph.") from error
    if not graph.nodes and not graph.notes:
        raise ClipboardProblem("What was copied are no nodes of a graph.")
    return graph
