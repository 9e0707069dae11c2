"""What a node may be called."""

from __future__ import annotations

import re

from ml.project.graph import Graph

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]*")


def name_problem(graph: Graph, name: str) -> str:
    """Why a node can't be called so, as a sentence, or nothing."""
    if name in graph.nodes:
        return f"There is a node called {name} already."
    if not NAME.fullmatch(name):
        return "A name has letters, digits, _, - and . and begins with a letter or digit."
    return ""


def default_name(type: str) -> str:
    """What Keras would call a layer or an operation: `multi_head_attention`, `conv2d`, `matmul`."""
    name = type.removeprefix("ops.").replace(".", "_")
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
