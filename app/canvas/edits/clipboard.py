"""Nodes as text, to be copied and pasted, also between windows and into mails."""

from __future__ import annotations

import hashlib

import msgspec

from app.own_blocks import without_weights
from ml.project.graph import Graph, Node, Note


class Copied(msgspec.Struct, frozen=True, omit_defaults=True):
    """Nodes and notes, and a mark of the file that has the first weights of their project: a text that is mailed names no file."""

    nodes: dict[str, Node] = {}
    notes: dict[str, Note] = {}
    weights: str = ""


class ClipboardProblem(Exception):
    """Why a text can't be pasted, as a sentence."""


def encode(graph: Graph, weights: str) -> str:
    """Nodes as JSON, of a project with its first weights in the file `weights`."""
    return msgspec.json.encode(Copied(graph.nodes, graph.notes, _mark(weights))).decode()


def decode(text: str, weights: str) -> Graph:
    """Nodes from JSON, into a project with its first weights in `weights`: what comes from another one has none. Raises `ClipboardProblem`."""
    try:
        copied = msgspec.json.decode(text, type=Copied)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ClipboardProblem("What was copied are no nodes of a graph.") from error
    if not copied.nodes and not copied.notes:
        raise ClipboardProblem("What was copied are no nodes of a graph.")
    stay = copied.weights == _mark(weights)
    return Graph(copied.nodes if stay else {name: without_weights(node) for name, node in copied.nodes.items()}, copied.notes)


def _mark(weights: str) -> str:
    return hashlib.sha256(weights.encode()).hexdigest()[:16] if weights else ""
