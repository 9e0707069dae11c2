"""What is different between two projects as a list: by model, node for node, with what it costs or saves."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import UNSET
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from app.canvas.comparison import colour
from app.canvas.items.faces import count, summary
from app.forms import written
from app.theme import GRID
from ml.project.difference import Change, Difference, difference, settings
from ml.project.expressions import text_of
from ml.project.graph import Graph, Node
from ml.project.merged import Mark
from ml.project.project import Project
from ml.project.report import NodeReport, Totals, totals

PATH = Qt.ItemDataRole.UserRole
NAME, WHAT, PARAMETERS, OPERATIONS = range(4)
SIGNS: dict[Mark, str] = {"added": "+", "gone": "−", "changed": "≠", "same": ""}
Reports = Mapping[str, NodeReport]
Costs = tuple[str, str]
"""How many parameters and multiply-adds more or less, in words."""
NO_COSTS: Costs = ("", "")
Path = tuple[str, ...]


class DifferenceList(QTreeWidget):
    """Rows for what is different; those of nodes lead to them."""

    chosen = Signal(tuple, bool)
    """Where a node is: its role, the blocks around it, its name; and whether it is gone (so that this is its name before)."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("differences")
        self.setAccessibleName("Differences")
        self.setHeaderLabels(["Node", "What is different", "Parameters", "Multiply-adds"])
        self.setUniformRowHeights(True)
        self.setIndentation(12)
        self.setAllColumnsShowFocus(True)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(WHAT, QHeaderView.ResizeMode.Stretch)
        self.setColumnWidth(NAME, 20 * GRID)
        for column in (PARAMETERS, OPERATIONS):
            self.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.currentItemChanged.connect(self._choose)

    def show_projects(self, before: Project, after: Project, was: Mapping[str, Reports], now: Mapping[str, Reports]) -> None:
        """List what is different from `before` in `after`; `was` and `now` are what the engine says of the nodes of both, by role."""
        self.blockSignals(True)
        self.clear()
        if changed := settings_changes(before, after):
            head = _row("Project", "", NO_COSTS, "changed", ())
            head.addChildren([_row(change.what, _arrow(change), NO_COSTS, "changed", ()) for change in changed])
            self.addTopLevelItem(head)
        for role in dict.fromkeys((*after.models, *before.models)):
            graphs = before.models.get(role, Graph()), after.models.get(role, Graph())
            found = difference(*graphs)
            if found:
                mark: Mark = "added" if role not in before.models else "gone" if role not in after.models else "changed"
                both = was.get(role, {}), now.get(role, {})
                head = _row(role, said(found), more(totals(both[0].values()), totals(both[1].values())), mark, (role,))
                head.addChildren(_rows(*graphs, found, *both, (role,)))
                self.addTopLevelItem(head)
        self.expandAll()
        self.blockSignals(False)

    def _choose(self, row: QTreeWidgetItem | None) -> None:
        path = row.data(NAME, PATH) if row is not None else ()
        if row is not None and path:
            self.chosen.emit(tuple(path), row.text(NAME).startswith(SIGNS["gone"]))


def settings_changes(before: Project, after: Project) -> list[Change]:
    """What is different outside of the models."""
    parts = (("data", before.data, after.data), ("recipe", before.recipe, after.recipe), ("training", before.training, after.training))
    return [change for what, left, right in parts for change in settings(left, right, what)]


def said(found: Difference) -> str:
    """How much is different, in words: `2 added, 1 gone, 3 changed`."""
    changed = len(dict.fromkeys((*found.changes, *found.inside)))
    parts = (len(found.added), "added"), (len(found.gone), "gone"), (changed, "changed")
    return ", ".join(f"{count} {word}" for count, word in parts if count) or "no difference"


def words(change: Change) -> str:
    """A change of a node: `filters 32 → 64`."""
    return f"{'inputs' if change.what == 'inputs' else change.what.replace('_', ' ')} {_arrow(change)}"


def notes(found: Difference) -> dict[str, str]:
    """What is written over the cards of the nodes that changed, by name."""
    inside = {name: f"inside: {said(deeper)}" for name, deeper in found.inside.items()}
    return inside | {name: "; ".join([*map(words, changes), *([inside[name]] if name in inside else [])]) for name, changes in found.changes.items()}


def _arrow(change: Change) -> str:
    return f"{worded(change.before)} → {worded(change.after)}"


def worded(value: object) -> str:
    """A value of a change in words."""
    if value is UNSET:
        return "default"
    if (formula := text_of(value)) is not None:
        return f"= {formula}"
    if isinstance(value, dict) and "id" in value:
        return str(value["id"])
    return "nothing" if value in (None, "") else value if isinstance(value, str) else written(value)


def _rows(before: Graph, after: Graph, found: Difference, was: Reports, now: Reports, path: Path) -> list[QTreeWidgetItem]:
    """The rows of a graph's nodes that differ, in the order of the graphs, and under them those of what is inside."""
    back, over = {new: old for old, new in found.pairs.items()}, notes(found)
    rows = []
    for name, node in after.nodes.items():
        if name in found.added:
            rows.append(_row(name, _told(node), more(Totals(), _costs(now, name)), "added", (*path, name)))
        elif name in found.changes or name in found.inside:
            old = back[name]
            row = _row(name, over[name], more(_costs(was, old), _costs(now, name)), "changed", (*path, name))
            if deeper := found.inside.get(name):
                insides = before[old].graph or Graph(), node.graph or Graph()
                row.addChildren(_rows(*insides, deeper, _inside(was, old), _inside(now, name), (*path, name)))
            rows.append(row)
    return rows + [_row(name, _told(before[name]), more(_costs(was, name), Totals()), "gone", (*path, name)) for name in found.gone]


def _row(name: str, what: str, costs: Costs, mark: Mark, path: Path) -> QTreeWidgetItem:
    row = QTreeWidgetItem([f"{SIGNS[mark]} {name}", what, *costs])
    row.setData(NAME, PATH, path)
    row.setForeground(NAME, colour(mark) or QColor())
    for column in (PARAMETERS, OPERATIONS):
        row.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    row.setToolTip(WHAT, what)
    parts = (f"{name}: {mark}", what, costs[0] and f"{costs[0]} parameters", costs[1] and f"{costs[1]} multiply-adds")
    row.setData(NAME, Qt.ItemDataRole.AccessibleTextRole, ", ".join(part for part in parts if part))
    return row


def _told(node: Node) -> str:
    return " · ".join(part for part in (node.type, summary(node)) if part)


def _inside(reports: Reports, name: str) -> Reports:
    return reports[name].inside if name in reports else {}


def _costs(reports: Reports, name: str) -> Totals:
    """What a node and what is in it cost, as far as it is known."""
    return totals([reports[name]] if name in reports else [])


def more(before: Totals, after: Totals) -> Costs:
    """What one costs more than the other: `+4,128` parameters, `−18.5k` multiply-adds, or nothing where it is as much."""
    parameters, operations = after.parameters - before.parameters, after.operations - before.operations
    return _signed(parameters, f"{abs(parameters):,}"), _signed(operations, count(abs(operations)))


def _signed(more: int, said: str) -> str:
    return f"{'+' if more > 0 else '−'}{said}" if more else ""
