"""What Keras says of every node of a project, without making a single weight."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import keras
import msgspec
from keras.src.backend.common import global_state  # public Keras has no way to forget variables that were never made

from ml import costs, recipes
from ml.build import call, declared, fed, function_of, layer_of
from ml.data import DataProblem, spec
from ml.ops.table import problem
from ml.project.blocks import BlockProblem, repeats, resolved
from ml.project.expressions import ExpressionProblem
from ml.project.graph import BLOCK, INPUT, OUTPUT, Graph, Node
from ml.project.project import Project
from ml.project.report import NodeReport, ProjectReport, Shape, size_of, totals

Specs = list[keras.KerasTensor]

REFUSALS = (ValueError, TypeError, RuntimeError, IndexError, AttributeError, KeyError, NotImplementedError, ZeroDivisionError, OverflowError)
"""What Keras raises at a node that it can't build."""


class Checker:
    """Checks projects; a node whose type, arguments and input shapes were seen before is answered from memory."""

    def __init__(self) -> None:
        self._seen: dict[bytes, NodeReport] = {}

    def check(self, project: Project) -> ProjectReport:
        """Reports of all nodes of all roles, and what does not fit between data, models and recipe."""
        roles = {role: self.check_graph(graph) for role, graph in project.models.items()}
        whole = totals(report for nodes in roles.values() for report in nodes.values())
        return ProjectReport(
            roles=roles,
            parameters=whole.parameters,
            trainable=whole.trainable,
            problems=tuple(self._problems(project, roles)),
        )

    def check_graph(self, graph: Graph, given: list[keras.KerasTensor | None] | None = None, parameters: dict[str, Any] | None = None) -> dict[str, NodeReport]:
        """The report of every node by its name. `given` are the specs of what feeds the `Input` nodes, where that is known, `parameters` those of the block."""
        circle = graph.cycle()
        if circle:
            sentence = f"there is a circle: {' → '.join(circle)}. A network must run forward only: delete one of these links."
            return {name: NodeReport(error=sentence) if name in circle else NodeReport(waits=circle[0]) for name in graph.nodes}
        reports: dict[str, NodeReport] = {}
        specs: dict[str, Specs] = {}
        inputs = iter(given or [])
        for name in graph.sorted():
            node = graph[name]
            waits = next((link.node for link in node.inputs if link and _fails(reports.get(link.node))), "")
            if waits:
                reports[name] = NodeReport(waits=reports[waits].waits or waits)
                continue
            fed_from_outside = next(inputs, None) if node.type == INPUT else None
            try:
                report = self._report(name, graph, specs, fed_from_outside, parameters or {})
            except ExpressionProblem as problem:
                report = NodeReport(error=str(problem))
            except BlockProblem as problem:
                report = NodeReport(error=problem.reason)
            reports[name] = report
            specs[name] = [keras.KerasTensor(shape, dtype) for shape, dtype in zip(report.shapes, report.dtypes, strict=True)]
        return {name: reports[name] for name in graph.nodes}

    def _report(self, name: str, graph: Graph, specs: dict[str, Specs], given: keras.KerasTensor | None, parameters: dict[str, Any]) -> NodeReport:
        """Raises `ExpressionProblem` and `BlockProblem`."""
        node = resolved(graph[name], parameters)
        try:
            values = fed(node, specs)
        except ValueError as error:
            return NodeReport(error=str(error))
        owner = resolved(graph[node.shares], parameters) if node.shares in graph.nodes else None
        if node.shares and owner is None:
            return NodeReport(error=f"it shares the weights of {node.shares!r}, which is not in the graph.")
        layer, count = owner or node, repeats(graph, name)
        key = msgspec.json.encode(
            [
                [node.type, node.arguments, layer.arguments, layer.graph, bool(owner), count],
                [[value.shape, value.dtype] if value is not None else None for value in values],
                [given.shape, given.dtype] if given is not None else None,
            ]
        )
        if key not in self._seen:
            self._seen[key] = self._ask(name, node, layer, values, given, count)
        report = self._seen[key]
        return _again(report) if owner else report

    def _ask(self, name: str, node: Node, layer: Node, values: list[Any], given: keras.KerasTensor | None, count: int) -> NodeReport:
        # What shares a layer has its constructor's arguments by way of the owner.
        arguments = layer.arguments | node.arguments
        if node.type == INPUT and given is not None:
            arguments = {"shape": list(given.shape[1:])} | arguments
        if sentence := problem(msgspec.structs.replace(node, arguments=arguments)):
            return NodeReport(error=sentence)
        if node.type == BLOCK:
            return self._repeated(layer, values, count)
        with keras.StatelessScope(initialize_variables=False):
            try:
                return _spec(name, node, layer, values, given)
            except REFUSALS as error:
                return NodeReport(error=sentence_of(error))
            finally:
                global_state.set_global_attribute("uninitialized_variables", [])

    def _repeated(self, block: Node, values: list[Any], count: int) -> NodeReport:
        """The report of copies that stand one after another: shapes of the last, what is inside of the first, and as its own the weights of the others."""
        first = report = self._block(block, values)
        others: list[NodeReport] = []
        for number in range(2, count + 1):
            if report.error:
                break
            before = [keras.KerasTensor(shape, dtype) for shape, dtype in zip(report.shapes, report.dtypes, strict=True)]
            following = [*before[: len(values)], *values[len(before) :]]
            report = report if _same(following, values) else self._block(block, following)
            if report.error:
                gets = ", ".join(shape_text(value.shape) for value in before)
                return NodeReport(error=f"copy {number} of {count} gets {gets} from the one before: {report.error}", inside=first.inside)
            values = following
            others.append(report)
        if first.error or not others:
            return first
        cost = totals(others)
        return msgspec.structs.replace(
            first,
            shapes=report.shapes,
            dtypes=report.dtypes,
            parameters=cost.parameters,
            trainable=cost.trainable,
            operations=cost.operations,
            memory=cost.memory,
        )

    def _block(self, block: Node, values: list[Any]) -> NodeReport:
        graph = block.graph or Graph()
        inside = self.check_graph(graph, values, block.arguments)
        wrong = [name for name, report in inside.items() if report.error]
        if wrong:
            return NodeReport(error=f"inside, {wrong[0]}: {inside[wrong[0]].error}", inside=inside)
        outputs = [inside[name] for name in graph.of_type(OUTPUT)]
        if not outputs:
            return NodeReport(error="it has no Output inside: open it and link what it gives to an Output.", inside=inside)
        return NodeReport(
            shapes=tuple(report.shapes[0] for report in outputs),
            dtypes=tuple(report.dtypes[0] for report in outputs),
            inside=inside,
        )

    def _problems(self, project: Project, roles: dict[str, dict[str, NodeReport]]) -> Iterable[str]:
        known = recipes.names()
        if project.recipe.id not in known:
            yield f"There is no recipe {project.recipe.id!r}; there are: {', '.join(known)}."
            return
        recipe = recipes.recipe(project.recipe.id)
        missing = [role for role in recipe.RECIPE.roles if role not in project.models]
        if missing:
            yield f"The recipe {project.recipe.id} needs a model for {' and '.join(missing)}; the project has {', '.join(project.models) or 'none'}."
            return
        if any(_fails(report) for nodes in roles.values() for report in nodes.values()):
            return
        ends = {role: _ends(project.models[role], nodes) for role, nodes in roles.items()}
        for role, (inputs, outputs) in ends.items():
            if not inputs or not outputs:
                yield f"The {role} needs at least one {'Output' if inputs else 'Input'}."
                return
        try:
            yield from recipe.problems(ends, spec(project.data), **project.recipe.arguments)
        except (DataProblem, TypeError) as error:
            yield sentence_of(error)


def _same(one: list[Any], other: list[Any]) -> bool:
    """Whether two lists of specs are of the same shapes and kinds."""
    return all(
        left is right or (left is not None and right is not None and (left.shape, left.dtype) == (right.shape, right.dtype))
        for left, right in zip(one, other, strict=True)
    )


def sentence_of(error: BaseException) -> str:
    """What Keras says, without the wall of arguments around it."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error.args[0] if isinstance(error, KeyError) and error.args else error))
    match = re.search(r"Exception encountered when calling [^\n]*\n+(.*?)(\n\nArguments received by|\Z)", text, re.DOTALL)
    if match:
        text = match.group(1)
    text = re.sub(r"\s+", " ", text.split("\n\nArguments received")[0]).strip()
    text = re.sub(r"<KerasTensor shape=(\([^)]*\)), dtype=\w+, sparse=\w+(, ragged=\w+)?, name=[^>]*>", r"\1", text)
    return text or f"Keras refused it ({type(error).__name__})."


def _spec(name: str, node: Node, layer: Node, values: list[Any], given: keras.KerasTensor | None) -> NodeReport:
    if node.type == INPUT:
        return _input_spec(node, given)
    if node.type == OUTPUT:
        return msgspec.structs.replace(_shapes(values[:1]), memory=0)
    if node.type.startswith("ops."):
        report = _shapes(call(node, function_of(node), values))
        return msgspec.structs.replace(report, operations=costs.of_operation(node, _shapes_of(values), report.shapes))
    made = layer_of(name, layer)
    report = _shapes(call(node, made, values))
    return msgspec.structs.replace(
        report,
        parameters=sum(math.prod(variable.shape) for variable in made.weights),
        trainable=sum(math.prod(variable.shape) for variable in made.trainable_weights),
        operations=costs.of_layer(made, _shapes_of(values), report.shapes),
    )


def _input_spec(node: Node, given: keras.KerasTensor | None) -> NodeReport:
    wanted = keras.Input(**declared(node, given))
    if given is None:
        return _shapes([wanted])
    fits = len(given.shape) == len(wanted.shape) and all(
        size in (None, offered) or offered is None for size, offered in zip(wanted.shape[1:], given.shape[1:], strict=True)
    )
    if not fits:
        raise ValueError(f"the block expects {shape_text(wanted.shape)} here and gets {shape_text(given.shape)}.")
    return msgspec.structs.replace(_shapes([wanted]), memory=0)


def shape_text(shape: Iterable[int | None]) -> str:
    """A shape as a person reads it, the batch left out: `28 × 28 × 1`."""
    return " × ".join("?" if size is None else str(size) for size in list(shape)[1:]) or "one number"


def _shapes(tensors: list[Any]) -> NodeReport:
    shapes = tuple(tuple(tensor.shape) for tensor in tensors)
    dtypes = tuple(keras.backend.standardize_dtype(tensor.dtype) for tensor in tensors)
    return NodeReport(shapes=shapes, dtypes=dtypes, memory=sum(map(size_of, shapes, dtypes)))


def _shapes_of(values: list[Any]) -> list[Shape]:
    return [() if value is None else tuple(value.shape) for value in values]


def _again(report: NodeReport) -> NodeReport:
    """The report of a node that uses another's layer: it costs as much as its owner does, but has no weights of its own."""
    cost = totals([report])
    return msgspec.structs.replace(report, parameters=0, trainable=0, operations=cost.operations, memory=cost.memory, inside={})


def _fails(report: NodeReport | None) -> bool:
    return report is not None and bool(report.error or report.waits)


def _ends(graph: Graph, reports: dict[str, NodeReport]) -> tuple[list[Any], list[Any]]:
    """The shapes of a model's inputs and outputs."""
    return [reports[name].shapes[0] for name in graph.of_type(INPUT)], [reports[name].shapes[0] for name in graph.of_type(OUTPUT)]
