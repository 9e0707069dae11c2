"""A project for an architecture that came alone: the recipe and the data that fit its shapes."""

from __future__ import annotations

from typing import Any

from ml import data as sources
from ml.ops.table import NODE_TYPES
from ml.project.graph import BLOCK, INPUT, OUTPUT, Graph, Node
from ml.project.project import Choice, Data, Project


def project(name: str, graph: Graph) -> tuple[Project, list[str]]:
    """The project, with the first dataset that gives what the graph takes; where none does, a sentence says so."""
    inputs = graph.of_type(INPUT)
    shape = list(graph[inputs[0]].arguments["shape"]) if len(inputs) == 1 else []
    fitting = [choice for choice in _choices(shape) if _fits(graph, shape, choice)]
    choice = fitting[0] if fitting else Data("digits")
    recipe = "causal_lm" if fitting and sources.sources()[choice.id].task == "language" else "supervised"
    problems = [] if fitting else [f"No dataset here gives what the model takes ({_text(graph)}): choose the data that it is for."]
    return Project(name, choice, {"model": graph}, Choice(recipe), notes=f"Opened from {name}.keras."), problems


def _choices(shape: list[int | None]) -> list[Data]:
    """Every source, its parameters set to give this shape where it has such parameters; those that must be downloaded come last."""
    wanted: dict[str, Any] = {}
    if len(shape) == 3:
        wanted = {"size": shape[0], "channels": shape[2]}
    elif len(shape) == 1:
        wanted = {"context": shape[0]}
    found = []
    for id, source in sorted(sources.sources().items(), key=lambda item: bool(item[1].files)):
        if source.path is not None:
            continue
        arguments = {p.name: wanted[p.name] for p in source.parameters if wanted.get(p.name) is not None and p.problem(wanted[p.name]) is None}
        arguments = {p.name: arguments[p.name] for p in source.parameters if p.name in arguments and arguments[p.name] != p.default}
        found.append(Data(id, arguments))
    return found


def _fits(graph: Graph, shape: list[int | None], choice: Data) -> bool:
    """Whether a source gives what the graph takes, and asks for what it gives."""
    spec = sources.spec(choice)
    if len(shape) != len(spec.shape) or any(size not in (None, given) for size, given in zip(shape, spec.shape, strict=True)):
        return False
    is_tokens = (graph[graph.of_type(INPUT)[0]].arguments.get("dtype") or "float32").startswith("int")
    if is_tokens != (spec.dtype == "int32"):
        return False
    units = _units(graph)
    return units is None or units in (len(spec.classes) or spec.vocabulary or 1, 1 if len(spec.classes) == 2 else None)


def _units(graph: Graph) -> int | None:
    """How many numbers the model gives, as far as its last layer with `units` tells."""
    ends = graph.of_type(OUTPUT)
    name = graph[ends[0]].inputs[0] if len(ends) == 1 and graph[ends[0]].inputs else None
    while name is not None:
        node = graph[name.node]
        if node.type == BLOCK and node.graph is not None:
            return _units(node.graph)
        if "units" in node.arguments or not _keeps_shape(node):
            return node.arguments.get("units")
        name = node.inputs[0] if node.inputs else None
    return None


def _keeps_shape(node: Node) -> bool:
    return node.type in NODE_TYPES and (NODE_TYPES[node.type].category in ("Activation", "Regularization") or node.type == "ops.softmax")


def _text(graph: Graph) -> str:
    shapes = [graph[name].arguments["shape"] for name in graph.of_type(INPUT)]
    return " and ".join(" × ".join("any" if size is None else str(size) for size in shape) or "one number" for shape in shapes)
