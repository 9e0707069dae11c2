"""Ways out of a project's problems: what its models take and give, made to fit the data and the recipe."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from ml import lone_softmax
from ml.data import Spec
from ml.fixes.merging import KEEPS
from ml.project.fixes import Argument as Set
from ml.project.fixes import Change, Fix, Insertion
from ml.project.graph import INPUT, OUTPUT, Graph
from ml.project.project import Project
from ml.project.report import NodeReport, Shape
from ml.small_embeddings import small_embeddings

FAR = 6
"""How many nodes above an output are looked at for the one that makes its width."""


def candidates(project: Project, reports: dict[str, dict[str, NodeReport]], spec: Spec) -> Iterator[Fix]:
    """Fixes to try, role by role: each input's and each output's, then both together."""
    for role, graph in project.models.items():
        inputs = list(_inputs(graph, spec))
        outputs = [fix for name in graph.of_type(OUTPUT) for fix in _outputs(graph, reports[role], name, spec)]
        outputs += [*_softmaxes(graph, reports[role], spec), *_embeddings(graph, spec)]
        both = [Fix(f"{one.text} and {_lower(other.text)}", (*one.changes, *other.changes)) for one, other in product(inputs, outputs)]
        for fix in (*inputs, *outputs, *both):
            yield Fix(fix.text if len(project.models) == 1 else f"{role}: {fix.text}", fix.changes, role)


def _inputs(graph: Graph, spec: Spec) -> Iterator[Fix]:
    for name in graph.of_type(INPUT):
        node = graph[name]
        if tuple(node.arguments.get("shape", ())) != spec.shape:
            changes: tuple[Change, ...] = (Set(name, "shape", list(spec.shape)),)
            if node.arguments.get("dtype", "float32") != spec.dtype:
                changes += (Set(name, "dtype", spec.dtype),)
            yield Fix(f"Set shape of {name} to {list(spec.shape)}", changes)


def _outputs(graph: Graph, reports: dict[str, NodeReport], name: str, spec: Spec) -> Iterator[Fix]:
    """As many numbers as there are classes, tokens or targets; one row of them, where there are more sizes."""
    wanted = spec.vocabulary or len(spec.classes) or 1
    maker, argument = _maker(graph, name)
    widths = [number for number in dict.fromkeys((wanted, 1)) if maker and graph[maker].arguments[argument] != number]
    for number in widths:
        yield Fix(f"Set {argument} of {maker} to {number}", (Set(maker, argument, number),))
    shape = reports[name].shapes[0] if reports[name].shapes else ()
    if spec.vocabulary or len(shape) < 3:
        return
    for text, change in _rows(maker or name, shape):
        yield Fix(text, (change,))
        yield from (Fix(f"{text}, with {number} {argument}", (change, Set(maker, argument, number))) for number in widths)


def _softmaxes(graph: Graph, reports: dict[str, NodeReport], spec: Spec) -> Iterator[Fix]:
    """Another activation in the place of a softmax over one unit."""
    instead = lone_softmax.activation(len(spec.classes))
    for name in lone_softmax.lone_softmaxes(graph, reports):
        if "activation" in graph[name].arguments:
            yield Fix(f"Set activation of {name} to {instead}", (Set(name, "activation", instead),))


def _embeddings(graph: Graph, spec: Spec) -> Iterator[Fix]:
    """A vector for each token, in all embeddings that have too few and are not in a block."""
    small = {found.path: found.tokens for found in small_embeddings(graph, spec) if found.path in graph.nodes}
    if small:
        names = f"{', '.join(small)} to {' and '.join(map(str, dict.fromkeys(small.values())))}"
        yield Fix(f"Set input_dim of {names}", tuple(Set(name, "input_dim", tokens) for name, tokens in small.items()))


def _rows(target: str, shape: Shape) -> Iterator[tuple[str, Insertion]]:
    """What makes one row of a picture or of a sequence, before `target`."""
    yield f"Flatten before {target}", Insertion("Flatten", {}, target)
    if len(shape) <= 5:
        yield f"Pool before {target}", Insertion(f"GlobalAveragePooling{len(shape) - 2}D", {}, target)


def _maker(graph: Graph, name: str) -> tuple[str, str]:
    """The node above an output that says how wide it is, and its argument; nothing where none does."""
    for _ in range(FAR):
        link = next((link for link in graph[name].inputs if link), None)
        if link is None or link.node not in graph.nodes:
            return "", ""
        name, node = link.node, graph[link.node]
        for argument in ("units", "filters"):
            if isinstance(node.arguments.get(argument), int):
                return name, argument
        if node.type not in KEEPS:
            return "", ""
    return "", ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
