"""What Keras says of every node of a project, without making a single weight."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import keras
import msgspec
import tensorflow as tf
from keras.src.backend.common import global_state  # public Keras has no way to forget variables that were never made

from ml import costs, lone_softmax, recipes
from ml.build import call, declared, fed, function_of, layer_of
from ml.data import DataProblem, spec
from ml.explain import explanation
from ml.fixes import candidates, fitting
from ml.ops.table import problem
from ml.project.blocks import BlockProblem, repeats, resolved
from ml.project.expressions import ExpressionProblem, has_expression
from ml.project.fixes import Argument, Fix, apply, apply_to_project
from ml.project.graph import BLOCK, INPUT, OUTPUT, Graph, Node, sources
from ml.project.project import Project
from ml.project.report import NodeReport, ProjectReport, Shape, size_of, totals
from ml.situation import situation
from ml.small_embeddings import small_embeddings

Specs = list[keras.KerasTensor]
Given = list[keras.KerasTensor | None] | None

REFUSALS = (ValueError, TypeError, RuntimeError, IndexError, AttributeError, KeyError, NotImplementedError, ArithmeticError, StopIteration, tf.errors.OpError)
"""What Keras raises at a node that it can't build."""


ADVISED, TRIED, OFFERED = 5, 8, 3
"""Of how many nodes of a graph ways out are looked for, how many are tried of each at most, and how many of those that work are told."""


class Within(NamedTuple):
    """What a graph gets from the block that it is in."""

    given: Given = None
    """The specs of what feeds the `Input` nodes, where that is known."""
    parameters: Mapping[str, Any] = {}


class Checker:
    """Checks projects; a node whose type, arguments and input shapes were seen before is answered from memory."""

    def __init__(self) -> None:
        self._seen: dict[bytes, NodeReport] = {}

    def check(self, project: Project) -> ProjectReport:
        """Reports of all nodes of all roles, and what does not fit between data, models and recipe."""
        report = self._check(project, self.check_graph)
        if not report.problems or any(_fails(node) for nodes in report.roles.values() for node in nodes.values()):
            return report
        return msgspec.structs.replace(report, fixes=tuple(self._project_fixes(project, report)))

    def check_graph(self, graph: Graph, given: Given = None, parameters: dict[str, Any] | None = None) -> dict[str, NodeReport]:
        """The report of every node by its name. `given` are the specs of what feeds the `Input` nodes, where that is known, `parameters` those of the block."""
        within = Within(given, parameters or {})
        reports = self._reports(graph, within)
        wrong = [name for name, report in reports.items() if report.error]
        for place, name in enumerate(wrong):
            reports[name] = self._advised(name, graph, within, reports, place < ADVISED)
        return reports

    def _check(self, project: Project, ask: Callable[[Graph], dict[str, NodeReport]]) -> ProjectReport:
        roles = {role: ask(graph) for role, graph in project.models.items()}
        whole = totals(report for nodes in roles.values() for report in nodes.values())
        return ProjectReport(roles, whole.parameters, whole.trainable, tuple(self._problems(project, roles)))

    def _reports(self, graph: Graph, within: Within, known: Mapping[str, NodeReport] | None = None) -> dict[str, NodeReport]:
        """What Keras says of every node, in its own words; of those in `known` it is not asked."""
        circle = graph.cycle()
        if circle:
            sentence = f"there is a circle: {' → '.join(circle)}. A network must run forward only: delete one of these links."
            return {name: NodeReport(error=sentence) if name in circle else NodeReport(waits=circle[0]) for name in graph.nodes}
        reports: dict[str, NodeReport] = {}
        specs: dict[str, Specs] = {}
        inputs = iter(within.given or [])
        for name in graph.sorted():
            node = graph[name]
            feeding = next(inputs, None) if node.type == INPUT else None
            waits = next((source for source in sources(node) if _fails(reports.get(source))), "")
            if known and name in known:
                report = known[name]
            elif waits:
                report = NodeReport(waits=reports[waits].waits or waits)
            else:
                report = self._asked(name, graph, specs, feeding, within.parameters)
            reports[name] = report
            if not _fails(report):
                specs[name] = [keras.KerasTensor(shape, dtype) for shape, dtype in zip(report.shapes, report.dtypes, strict=True)]
        return {name: reports[name] for name in graph.nodes}

    def _advised(self, name: str, graph: Graph, within: Within, reports: dict[str, NodeReport], fixes: bool) -> NodeReport:
        """A node's report with its error in the words of shapes and, where `fixes` is set, with the ways out that work."""
        report = reports[name]
        try:
            here = situation(name, graph, reports, within.parameters)
        except ExpressionProblem:
            return report
        if not problem(here.node) and (said := explanation(here)):
            report = msgspec.structs.replace(report, error=said)
        if not fixes:
            return report
        tried = islice(candidates(here), TRIED)
        works = (fix for fix in tried if self._works(fix, name, graph, within, reports))
        return msgspec.structs.replace(report, fixes=tuple(islice(works, OFFERED)))

    def _works(self, fix: Fix, name: str, graph: Graph, within: Within, reports: dict[str, NodeReport]) -> bool:
        """Whether a fix takes away the node's error and breaks nothing that was right."""
        if _overwrites(fix, graph):
            return False
        changed = apply(graph, fix)
        if graph.cycle():
            return name not in changed.cycle()
        touched = {other for other, node in changed.nodes.items() if node is not graph.nodes.get(other)}
        if not touched or changed.cycle() or problem(situation(name, changed, reports, within.parameters).node):
            return False
        after = _behind(changed, touched)
        found = self._reports(changed, within, {other: report for other, report in reports.items() if other not in after and other in changed.nodes})
        return not _fails(found[name]) and all(not _fails(found[other]) or (other in reports and _fails(reports[other])) for other in after)

    def _project_fixes(self, project: Project, report: ProjectReport) -> Iterator[Fix]:
        """The ways out of a project's problems after which there are fewer."""
        try:
            wanted = spec(project.data)
        except DataProblem:
            return
        tried = islice(fitting.candidates(project, report.roles, wanted), TRIED)
        yield from islice((fix for fix in tried if self._eases(fix, project, report)), OFFERED)

    def _eases(self, fix: Fix, project: Project, report: ProjectReport) -> bool:
        changed = apply_to_project(project, fix)
        return changed != project and self._check(changed, lambda graph: self._reports(graph, Within())).errors < report.errors

    def _asked(self, name: str, graph: Graph, specs: dict[str, Specs], given: keras.KerasTensor | None, parameters: Mapping[str, Any]) -> NodeReport:
        try:
            return self._report(name, graph, specs, given, parameters)
        except ExpressionProblem as problem:
            return NodeReport(error=str(problem))
        except BlockProblem as problem:
            return NodeReport(error=problem.reason)

    def _report(self, name: str, graph: Graph, specs: dict[str, Specs], given: keras.KerasTensor | None, parameters: Mapping[str, Any]) -> NodeReport:
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
        first = fed(owner, specs) if owner else None
        key = msgspec.json.encode(
            [
                [node.type, node.arguments, layer.arguments, layer.graph, bool(owner), count],
                [[value.shape, value.dtype] if value is not None else None for value in [*values, *(first or [])]],
                [given.shape, given.dtype] if given is not None else None,
            ]
        )
        if key not in self._seen:
            self._seen[key] = self._ask(name, node, layer, values, given, count, first)
        report = self._seen[key]
        return _again(report) if owner else report

    def _ask(self, name: str, node: Node, layer: Node, values: list[Any], given: keras.KerasTensor | None, count: int, first: list[Any] | None) -> NodeReport:
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
                return _spec(name, node, layer, values, given, first)
            except REFUSALS as error:
                return NodeReport(error=_with_shapes(sentence_of(error), values))
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
            wanted = spec(project.data)
            yield from recipe.problems(ends, wanted, **project.recipe.arguments)
            for graph in project.models.values():
                yield from (small.sentence() for small in small_embeddings(graph, wanted))
            if project.recipe.id == "supervised":
                for role, nodes in roles.items():
                    yield from (lone_softmax.sentence(name, len(wanted.classes)) for name in lone_softmax.lone_softmaxes(project.models[role], nodes))
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
    text = re.sub(r"\{\{function_node [^}]*\}\} ?| \[Op:\w+\]( name: ?)?", "", text)
    text = re.sub(r"\s+", " ", text.split("\n\nArguments received")[0]).strip()
    text = re.sub(r"<KerasTensor shape=(\([^)]*\)), dtype=\w+, sparse=\w+(, ragged=\w+)?, name=[^>]*>", r"\1", text)
    return text or f"Keras refused it ({type(error).__name__})."


def _with_shapes(sentence: str, values: list[Any]) -> str:
    """What Keras says, and the shapes that it says it of, where it leaves them out."""
    shapes = [str(tuple(value.shape)) for value in values if value is not None]
    if not sentence.endswith((".", "!", "?")):
        sentence = f"{sentence}."
    told = not re.search(r"shape|rank|dim|broadcast|axis|axes", sentence) or any(shape in sentence for shape in shapes)
    return sentence if told or not shapes else f"{sentence} It gets {' and '.join(shapes)}."


def _behind(graph: Graph, names: set[str]) -> set[str]:
    """These nodes and all that come after them."""
    found = set(names)
    for name in graph.sorted():
        if not found.isdisjoint(sources(graph[name])):
            found.add(name)
    return found


def _overwrites(fix: Fix, graph: Graph) -> bool:
    """Whether a fix would put a plain value where an expression stands."""
    return any(has_expression(_argument(graph, change.node.split("/"), change.name)) for change in fix.changes if isinstance(change, Argument))


def _argument(graph: Graph | None, path: list[str], name: str) -> Any:
    """An argument of a node, or of one in its blocks; None where there is no such node."""
    node = graph.nodes.get(path[0]) if graph else None
    if node is None or len(path) == 1:
        return node and node.arguments.get(name)
    return _argument(node.graph, path[1:], name)


def _spec(name: str, node: Node, layer: Node, values: list[Any], given: keras.KerasTensor | None, first: list[Any] | None) -> NodeReport:
    if node.type == INPUT:
        return _input_spec(node, given)
    if node.type == OUTPUT:
        return msgspec.structs.replace(_shapes(values[:1]), memory=0)
    if node.type.startswith("ops."):
        report = _shapes(call(node, function_of(node), values))
        return msgspec.structs.replace(report, operations=costs.of_operation(node, _shapes_of(values), report.shapes))
    made = layer_of(name, layer)
    if first is not None:  # what shares a layer gets it as its owner's inputs made it
        call(layer, made, first)
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
