"""Other data for a project: its models follow where they can."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from ml import catalog, data
from ml.data import Spec
from ml.project.graph import INPUT, OUTPUT, Graph, Node
from ml.project.project import Data, Project

FIRST_TEMPLATE = {"image": "cnn", "table": "mlp", "points": "mlp", "text": "gpt", "board": "policy_cnn", "series": "lstm", "graph": "mlp"}
"""What to begin with on a kind of data."""
OF_TASK = {
    "none": "vae",
    "tagging": "birnn",
    "translation": "seq2seq_attention",
    "segmentation": "unet",
    "detection": "overfeat",
    "transcription": "ctc",
    "bits": "neural_turing_machine",
}
"""What to begin with where it is the task that decides."""
OF_BOTH = {("text", "classification"): "lstm"}
"""What to begin with where it takes both to decide."""
OF_SOURCE = {"sorting": "pointer_network", "stories": "memory_network"}
"""What to begin with on samples like no others."""
SMALL = 1_000_000
"""Bytes of a file that is read at once, and not by the engine."""


def with_data(project: Project, changed: Data) -> Project:
    """The project on `changed` data.

    Models that are as their template made them are made anew for it; in others the inputs take its shape and the last layer its classes.
    Raises `ml.catalog.SettingProblem` where the template says that it can't learn from such data, `ml.data.DataProblem` for wrong arguments.
    """
    before, after = _spec(project), data.spec(changed)
    if before is None:
        return replace(project, data=changed, models={role: _fitted(graph, _taken(graph), after) for role, graph in project.models.items()})
    if replace(before, features=(), notes=()) == replace(after, features=(), notes=()):
        return replace(project, data=changed)
    for preset in _presets(project):
        if _bare(_as_template(project, preset, project.data).models) == _bare(project.models):
            return replace(project, data=changed, models=_as_template(project, preset, changed).models)
    return replace(project, data=changed, models={role: _fitted(graph, before, after) for role, graph in project.models.items()})


def project_on(chosen: Data) -> Project:
    """A new project on a dataset, with the simplest architecture for its kind.

    Raises `ml.catalog.SettingProblem` where there is none that learns from such data, `ml.data.DataProblem` for wrong arguments.
    """
    known = data.spec(chosen)
    begun = catalog.new(OF_SOURCE.get(chosen.id) or OF_BOTH.get((known.kind, known.task)) or OF_TASK.get(known.task) or FIRST_TEMPLATE[known.kind])
    return begun if chosen == Data(begun.data.id) else with_data(begun, chosen)


def _spec(project: Project) -> Spec | None:
    """What is known of the project's data; None where their file is gone, or so large that reading it would hold the window up."""
    path = data.sources()[project.data.id].path if project.data.id in data.sources() else None
    if path is None:
        return data.spec(project.data)
    try:
        small = data.known(project.data) is not None or Path(data.name(project.data)).stat().st_size < SMALL
        return data.spec(project.data) if small else None
    except (data.DataProblem, OSError, ValueError):
        return None


def _taken(graph: Graph) -> Spec:
    """What a graph takes, as far as its first input tells."""
    inputs = graph.of_type(INPUT)
    return Spec(_shape(graph[inputs[0]]) if inputs else ())


def _shape(node: Node) -> tuple[int, ...]:
    """An input's shape; none where it has no such argument, or what stands there is no shape."""
    shape = node.arguments.get("shape")
    return tuple(shape) if isinstance(shape, list) else ()


def _presets(project: Project) -> tuple[str, ...]:
    template = catalog.templates().get(project.template)
    return tuple(template.presets) if template else ()


def _as_template(project: Project, preset: str, chosen: Data) -> Project:
    """The project as its template begins it, on `chosen` data."""
    settings = {"data": chosen.id} | {f"data.{name}": value for name, value in chosen.arguments.items()}
    return catalog.new(project.template, preset, settings)


def _bare(models: dict[str, Graph]) -> dict[str, Graph]:
    """The models without the places of their nodes."""
    return {role: Graph({name: replace(node, position=None) for name, node in graph.nodes.items()}) for role, graph in models.items()}


def _fitted(graph: Graph, before: Spec, after: Spec) -> Graph:
    """The graph with inputs of the new shape, and as many units before its outputs as there are classes, where they were fitted before."""
    for name in graph.of_type(INPUT):
        node = graph[name]
        if _shape(node) == before.shape:
            graph = graph.with_node(name, replace(node, arguments={**node.arguments, "shape": list(after.shape)}))
    lasts = {link.node for name in graph.of_type(OUTPUT) for link in graph[name].inputs if link is not None}
    for name in lasts & graph.nodes.keys():
        node = graph[name]
        if before.classes and after.classes and node.arguments.get("units") == len(before.classes):
            graph = graph.with_node(name, replace(node, arguments={**node.arguments, "units": len(after.classes)}))
    return graph
