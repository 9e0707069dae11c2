"""Settings by path: one way to name any value of a project, for the command line, for presets and for forms."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from ml import data as sources
from ml.ops.table import NODE_TYPES, NodeType, is_operation
from ml.project.graph import BLOCK, Graph
from ml.project.parameters import PATHS, Parameter, problem
from ml.project.paths import absolute
from ml.project.project import Choice, Data, Project, Split, Training
from ml.project.writing import FileProblem
from ml.tables import OPTIMIZERS, RECIPES, SCHEDULES

HEADS = ("name", "notes", "training", "recipe", "data", "models")
"""What a path can begin with."""
PROJECT = (
    Parameter("name", "text", "", help="What the project is called."),
    Parameter("notes", "text", "", help="Whatever is worth writing down."),
)
TRAINING = (
    Parameter("epochs", "int", 10, minimum=1, help="How many times all training data is seen."),
    Parameter("batch_size", "int", 32, minimum=1, help="How many samples one step learns from."),
    Parameter("seed", "int", 0, minimum=0, help="Where chance begins: the first weights, the order of the data, dropout. The same seed gives the same run."),
    Parameter("patience", "int", None, minimum=1, help="Stop after this many epochs without a better validation loss; nothing: never."),
)
SPLIT = (
    Parameter("validation", "float", 0.15, minimum=0, maximum=0.9, help="The part of the data that is kept to watch the training with, 0 to 1."),
    Parameter("test", "float", 0.15, minimum=0, maximum=0.9, help="The part of the data that is kept until the end, 0 to 1."),
    Parameter("seed", "int", 0, minimum=0, help="Which samples go to which part."),
)


class SettingProblem(ValueError):
    """A setting that can't be: which, why, and what could be, as a sentence."""


def set_path(project: Project, path: str, value: Any) -> Project:
    """The project with one value changed.

    Paths are `name`, `notes`, `training.epochs` (and the other fields of `Training`), `training.optimizer` (an id; its arguments become the defaults),
    `training.optimizer.learning_rate`, the same for `training.schedule`, `recipe` and `data`, `data.split.seed`, and `models.<role>.<node>.<argument>`,
    where a node in a block is `block/node`. Raises `SettingProblem`.
    """
    head, _, rest = path.partition(".")
    match head:
        case "name" | "notes" if not rest:
            return replace(project, **_checked(path, PROJECT, head, value))
        case "training":
            return replace(project, training=_training(project.training, path, rest, value))
        case "recipe":
            return replace(project, recipe=_choice(project.recipe, path, rest, value, _parameters(RECIPES)))
        case "data":
            return replace(project, data=_data(project.data, path, rest, value))
        case "models":
            if rest.count(".") < 2:
                raise SettingProblem(f"{path}: of a model an argument can be set, as in models.{next(iter(project.models), 'model')}.dense.units.")
            role, _, rest = rest.partition(".")
            if role not in project.models:
                raise SettingProblem(f"{path}: there is no model {role!r}; there are: {', '.join(project.models)}.")
            return replace(project, models=project.models | {role: _graph(project.models[role], path, rest, value)})
    raise SettingProblem(f"There is no setting {path!r}; settings begin with: {', '.join(HEADS)}.")


def _training(training: Training, path: str, rest: str, value: Any) -> Training:
    head, _, tail = rest.partition(".")
    if head == "optimizer":
        return replace(training, optimizer=_choice(training.optimizer, path, tail, value, _parameters(OPTIMIZERS)))
    if head != "schedule":
        return replace(training, **_checked(path, TRAINING, rest, value))
    if not tail and value is None:
        return replace(training, schedule=None)
    if tail and training.schedule is None:
        raise SettingProblem(f"{path}: no schedule is chosen; set training.schedule first, to one of: {', '.join(SCHEDULES)}.")
    return replace(training, schedule=_choice(training.schedule or Choice(""), path, tail, value, _parameters(SCHEDULES)))


def _data(data: Data, path: str, rest: str, value: Any) -> Data:
    head, _, tail = rest.partition(".")
    if head == "split":
        split: Split = replace(data.split, **_checked(path, SPLIT, tail, value))
        if split.validation + split.test >= 1:
            raise SettingProblem(
                f"{path}: validation and test together leave nothing to train on ({split.validation:g} + {split.test:g}): make the other smaller first."
            )
        return replace(data, split=split)
    choice = _choice(Choice(data.id, data.arguments), path, rest, value, _parameters(sources.sources()))
    return replace(data, id=choice.id, arguments=choice.arguments)


def _choice(choice: Choice, path: str, rest: str, value: Any, known: dict[str, tuple[Parameter, ...]]) -> Choice:
    """`choice` with another id (`rest` is nothing), or with one argument changed."""
    id = choice.id if rest else value
    if not isinstance(id, str) or id not in known:
        raise SettingProblem(f"{path}: there is no {id!r}; there are: {', '.join(known)}.")
    return replace(choice, arguments=choice.arguments | _checked(path, known[id], rest, value)) if rest else Choice(id)


def _parameters(table: Any) -> dict[str, tuple[Parameter, ...]]:
    return {id: entry.parameters for id, entry in table.items()}


def _graph(graph: Graph, path: str, rest: str, value: Any) -> Graph:
    """`graph` with one argument changed; `rest` is `node.argument` or `block/node.argument`."""
    where, _, argument = rest.rpartition(".")
    name, _, inner = where.partition("/")
    if name not in graph.nodes:
        raise SettingProblem(f"{path}: there is no node {name!r}; there are: {', '.join(graph.nodes)}.")
    node = graph[name]
    if inner and node.type == BLOCK and node.graph is not None:
        return graph.with_node(name, replace(node, graph=_graph(node.graph, path, f"{inner}.{argument}", value)))
    if inner:
        raise SettingProblem(f"{path}: {name} is not a block, so there is no {inner!r} in it.")
    if node.type not in NODE_TYPES:
        raise SettingProblem(f"{path}: there is no node type {node.type!r}.")
    return graph.with_node(name, replace(node, arguments=node.arguments | _checked(path, _arguments(NODE_TYPES[node.type]), argument, value)))


def _arguments(kind: NodeType) -> tuple[Parameter, ...]:
    """What a node of this type can be told: of an operation also what its open ports are to get."""
    return (*kind.parameters, *(Parameter(port.name, "any") for port in kind.ports)) if is_operation(kind) else kind.parameters


def _checked(path: str, parameters: tuple[Parameter, ...], name: str, value: Any) -> dict[str, Any]:
    """`{name: value}` where a parameter of that name allows the value."""
    if not name:
        raise SettingProblem(f"{path} has settings of its own: {', '.join(f'{path}.{parameter.name}' for parameter in parameters)}.")
    if sentence := problem(tuple(p for p in parameters if p.name == name) or parameters, {name: value}):
        raise SettingProblem(f"{path}: {sentence}")
    if any(parameter.name == name and parameter.kind in PATHS for parameter in parameters):
        try:
            value = str(absolute(value))  # a project is read from other folders too
        except FileProblem as unknown:
            raise SettingProblem(f"{path}: {unknown}") from unknown
    return {name: value}
