"""The outline's rows: one for each node, with its words made when they are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError
from typing import Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QTreeWidgetItem

from app import theme
from app.canvas.items.faces import Face, count, face
from ml.project.graph import INPUT, OUTPUT, Graph, Node
from ml.project.report import NodeReport, count_errors, weights

NAME, TYPE, OUT, PARAMETERS = range(4)
EDITABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
FIXED = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Shown(NamedTuple):
    """What a row shows: a node, its report and the graph that it is in; of a role, its graph as a node of no type and the reports of what is in it."""

    node: Node
    report: NodeReport | None
    graph: Graph
    inside: Mapping[str, NodeReport]

    def same(self, other: Shown) -> bool:
        """Whether a row of the other would read the same. What feeds a node is in the node; where it lies is not read."""
        same_node = self.node is other.node or _read(self.node) == _read(other.node)
        return same_node and self.report == other.report and self.inside == other.inside


def _read(node: Node) -> tuple[object, ...]:
    """Of a node, what its row reads."""
    return node.type, node.arguments, node.inputs, node.graph, node.shares, node.repeat


class Row(QTreeWidgetItem):
    """A node, or at the top a role."""

    def __init__(self, path: tuple[str, ...], shown: Shown) -> None:
        super().__init__([""] * 4)  # Qt announces no change of a row that has no columns of its own.
        self.path = path
        """The role and the names of the blocks around the node, and its own."""
        self.shown = shown
        self._face: Face | None = None
        self.setFlags(EDITABLE if len(path) > 1 else FIXED)

    def show_node(self, shown: Shown) -> None:
        """Show another value of the node."""
        differs = not self.shown.same(shown)
        self.shown = shown
        if differs:
            self._face = None
            self.emitDataChanged()

    @property
    def face(self) -> Face:
        """What the canvas shows of the node."""
        if self._face is None:
            self._face = face(self.path[-1], self.shown.node, self.shown.report)
        return self._face

    def data(self, column: int, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return self._text(column)
            case Qt.ItemDataRole.AccessibleTextRole if column == NAME:
                return self.sentence()
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._text(column)
            case Qt.ItemDataRole.ToolTipRole:
                return self.sentence()
            case Qt.ItemDataRole.TextAlignmentRole if column == PARAMETERS:
                return RIGHT
            case Qt.ItemDataRole.ForegroundRole:
                return self._colour(column)
        return super().data(column, role)

    def sentence(self) -> str:
        """The row read aloud: the node, what feeds it, and what it feeds."""
        if len(self.path) == 1:
            return _role_sentence(self.path[0], self.shown)
        node, graph = self.shown.node, self.shown.graph
        fed = ", ".join(link.node for link in node.inputs if link is not None)
        feeds = ", ".join(dict.fromkeys(name for name, _, _ in graph.consumers(self.path[-1])))
        parts = [self.face.sentence, f"fed by {fed}" if fed else "" if node.type == INPUT else "fed by nothing"]
        parts += [f"feeds {feeds}" if feeds else "" if node.type == OUTPUT else "feeds nothing", f"shares the weights of {node.shares}" if node.shares else ""]
        return ", ".join(part for part in parts if part)

    def _text(self, column: int) -> str:
        if column == NAME:
            return self.path[-1]
        if len(self.path) == 1:
            total, wrong = weights(dict(self.shown.inside))[0], count_errors(dict(self.shown.inside))
            return {TYPE: "Model", OUT: _errors(wrong), PARAMETERS: count(total) if self.shown.inside else ""}[column]
        if column == TYPE:
            return self.face.type + (f" ×{self.shown.node.repeat}" if self.shown.node.repeat > 1 else "")
        if column == PARAMETERS:
            return self.face.parameters
        return self.face.error or (f"waits for {self.face.waits}" if self.face.waits else "  |  ".join(self.face.shapes))

    def _colour(self, column: int) -> QColor | None:
        wrong = count_errors(dict(self.shown.inside)) if len(self.path) == 1 else bool(self.shown.report and self.shown.report.error)
        if wrong and column in (NAME, OUT):
            return QColor(theme.colours().error)
        waits = self.shown.report is not None and self.shown.report.waits
        return QColor(theme.colours().muted) if waits or column != NAME else None


def synchronized(parent: QTreeWidgetItem, wanted: Mapping[str, Shown], path: tuple[str, ...] = ()) -> list[Row]:
    """Make the rows under `parent` those of `wanted`, in this order; rows that stay keep their place in the tree. Gives the new rows of roles."""
    rows = {row.path[-1]: row for row in children(parent)}
    for name in rows.keys() - wanted.keys():
        parent.removeChild(rows.pop(name))
    new = []
    for index, (name, shown) in enumerate(wanted.items()):
        row = rows.get(name)
        if row is None:
            rows[name] = row = Row((*path, name), shown)
            parent.insertChild(index, row)
            new.append(row)
        elif parent.child(index) is not row:
            _put(parent, index, row)
        _follow(row, shown)
    return new if not path else []


def _follow(row: Row, shown: Shown) -> None:
    """Show a node in its row, and under it what is inside."""
    before = row.shown
    row.show_node(shown)
    if shown.node.graph is None and not row.childCount():
        return
    if not row.childCount() or before.node.graph is not shown.node.graph or before.inside is not shown.inside:
        inside = shown.node.graph or Graph()
        nodes = {name: inside[name] for name in _in_flow(inside)}
        synchronized(row, {name: Shown(node, shown.inside.get(name), inside, _inside(shown.inside.get(name))) for name, node in nodes.items()}, row.path)


def _put(parent: QTreeWidgetItem, index: int, row: QTreeWidgetItem) -> None:
    """Move a row to another place among its siblings, open or closed as it is."""
    open = row.isExpanded()
    parent.takeChild(parent.indexOfChild(row))
    parent.insertChild(index, row)
    row.setExpanded(open)


def children(row: QTreeWidgetItem) -> list[Row]:
    """The rows directly under a row."""
    return [child for index in range(row.childCount()) if isinstance(child := row.child(index), Row)]


def _in_flow(graph: Graph) -> list[str]:
    try:
        return graph.sorted()
    except CycleError:
        return list(graph.nodes)


def _inside(report: NodeReport | None) -> Mapping[str, NodeReport]:
    return report.inside if report else {}


def _role_sentence(name: str, shown: Shown) -> str:
    """A role's row read aloud."""
    nodes = len((shown.node.graph or Graph()).nodes)
    total, wrong = weights(dict(shown.inside))[0], count_errors(dict(shown.inside))
    parts = [f"{name}: a model of {nodes:,} node{'s' if nodes != 1 else ''}", f"{total:,} parameters" if shown.inside else "", _errors(wrong)]
    return ", ".join(part for part in parts if part)


def _errors(count: int) -> str:
    return "" if not count else "1 error" if count == 1 else f"{count} errors"
