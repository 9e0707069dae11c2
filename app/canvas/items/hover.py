"""What the canvas says of what the mouse rests on, as HTML for a tooltip: shapes, costs, and the line of Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from graphlib import CycleError
from html import escape

from app.amounts import memory, operations
from app.canvas.geometry import Hit
from app.canvas.items.faces import ports, slots
from ml.codegen.models import node_source
from ml.project.graph import BLOCK, INPUT, OUTPUT, Graph, Link, Node
from ml.project.report import NodeReport, Shape, size_of, totals

LONGEST = 400
"""Of a line of Python, in characters."""


def words(graph: Graph, reports: Mapping[str, NodeReport], hit: Hit) -> str:
    """What to say of what lies under a point, or nothing."""
    node, report = graph.nodes.get(hit.node), reports.get(hit.node)
    if node is None:
        return ""
    match hit.kind:
        case "input":
            return _port(graph, reports, node, hit.index)
        case "output":
            return _value(report, hit.index) or "output"
        case "link":
            return _link(graph, reports, hit)
        case "fix" if report and hit.index < len(report.fixes):
            return f"{escape(report.fixes[hit.index].text)}, as one step that can be undone."
        case "node":
            return _node(graph, hit.node, node, report)
    return ""


def _port(graph: Graph, reports: Mapping[str, NodeReport], node: Node, index: int) -> str:
    found = slots(node)
    if index >= len(found):
        return ""
    name = f"{found[index].port} (optional)" if found[index].optional and not found[index].linked else found[index].port
    link = node.inputs[index] if index < len(node.inputs) else None
    value = _value(reports.get(link.node), link.output) if link else ""
    return ": ".join(part for part in (escape(name), value) if part)


def _link(graph: Graph, reports: Mapping[str, NodeReport], hit: Hit) -> str:
    node = graph[hit.node]
    link = node.inputs[hit.index] if hit.index < len(node.inputs) else None
    if link is None:
        return ""
    value = _value(reports.get(link.node), link.output)
    return _lines([f"<b>{value}</b>" if value else "", f"from {escape(_end(graph, link))} to {escape(hit.node)}{escape(_into(node, hit.index))}"])


def _end(graph: Graph, link: Link) -> str:
    several = any(other.output for _, _, other in graph.consumers(link.node)) if link.node in graph.nodes else False
    return f"{link.node}, output {link.output + 1}," if several else link.node


def _into(node: Node, index: int) -> str:
    found = ports(node)
    return f", {found[index].name}" if len(found) > 1 and index < len(found) else ""


def _value(report: NodeReport | None, output: int) -> str:
    """One output's shape and type: `(batch, 28, 28, 32) float32`."""
    if report is None or output >= len(report.shapes):
        return ""
    return f"{shape_words(report.shapes[output])} {report.dtypes[output] if output < len(report.dtypes) else ''}".strip()


def shape_words(shape: Shape) -> str:
    """A shape with its open sizes in words: `(batch, any, 64)`."""
    sizes = ["batch" if size is None and index == 0 else "any" if size is None else f"{size:,}" for index, size in enumerate(shape)]
    return f"({', '.join(sizes)})" if sizes else "one number"


def _node(graph: Graph, name: str, node: Node, report: NodeReport | None) -> str:
    """The error, or what the node gives and costs; and the Python that makes it."""
    title = f"<b>{escape(name)}</b> {escape(node.type.removeprefix('ops.'))}"
    if report is None:
        return _lines([title, "not checked yet", _python(graph, name)])
    if report.error:
        ways = f"Ctrl+. offers {len(report.fixes)} way{'s' if len(report.fixes) != 1 else ''} out." if report.fixes else ""
        return _lines([title, escape(report.error), ways])
    if report.waits:
        return _lines([title, f"waits for {escape(report.waits)}"])
    return _lines([title, *_outputs(report), *costs(node, report), _python(graph, name)])


def _outputs(report: NodeReport) -> Iterable[str]:
    values = [_value(report, index) for index in range(len(report.shapes))]
    yield f"gives {' and '.join(dict.fromkeys(values))}"
    yield f"{memory(sum(map(size_of, report.shapes, report.dtypes)))} of output a sample"


def costs(node: Node, report: NodeReport) -> list[str]:
    """Weights, whether they are trained, and multiply-adds, each a line; nothing for what costs nothing."""
    whole = totals([report])
    lines = []
    if whole.parameters:
        frozen = whole.parameters - whole.trainable
        state = "trainable" if not frozen else "frozen" if frozen == whole.parameters else f"{frozen:,} of them not trained"
        lines.append(f"{whole.parameters:,} parameters, {state}")
    elif node.shares:
        lines.append(f"shares the weights of {escape(node.shares)}")
    elif node.type not in (INPUT, OUTPUT, BLOCK):
        lines.append("nothing to train")
    if whole.operations:
        lines.append(f"{operations(whole.operations)} a sample")
    if node.type == BLOCK and whole.memory:
        lines.append(f"{memory(whole.memory)} for all outputs inside")
    return lines


def _python(graph: Graph, name: str) -> str:
    text = _source(_Key(graph), name)
    return f"<code>{escape(text if len(text) <= LONGEST else text[:LONGEST] + '…')}</code>".replace("\n", "<br>") if text else ""


class _Key:
    """A graph by its identity, so that what was worked out for it is found again."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def __hash__(self) -> int:
        return id(self.graph)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.graph is self.graph


@lru_cache(maxsize=32)
def _source(key: _Key, name: str) -> str:
    """The node's Python, or nothing for a graph of which none can be written."""
    try:
        return node_source(key.graph, name)
    except (CycleError, KeyError, ValueError):
        return ""


def _lines(parts: Iterable[str]) -> str:
    return "<br>".join(part for part in parts if part)
