"""Nodes as text, to be copied and pasted, also between windows and into mails."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QMimeData

from app.own_blocks import without_weights
from ml.project.graph import Graph

WEIGHTS = "application/x-neural-atelier-weights"
"""Beside the text, for this program's own windows: the file with the first weights of the nodes."""


class ClipboardProblem(Exception):
    """Why a text can't be pasted, as a sentence."""


def encode(graph: Graph, weights: str) -> QMimeData:
    """Nodes as JSON, with the file `weights` of their project named beside them."""
    mime = QMimeData()
    mime.setText(msgspec.json.encode(graph).decode())
    mime.setData(WEIGHTS, weights.encode())
    return mime


def decode(mime: QMimeData | None, weights: str) -> Graph:
    """Nodes from JSON, into a project with its first weights in `weights`: what comes from another one has none. Raises `ClipboardProblem`.

    Of a clipboard on which nothing was put yet Qt has no `mime`.
    """
    mime = mime or QMimeData()
    try:
        graph = msgspec.json.decode(mime.text(), type=Graph)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ClipboardProblem("What was copied are no nodes of a graph.") from error
    if not graph.nodes and not graph.notes:
        raise ClipboardProblem("What was copied are no nodes of a graph.")
    if mime.data(WEIGHTS) == weights.encode():
        return graph
    return graph.with_nodes({name: without_weights(node) for name, node in graph.nodes.items()})
