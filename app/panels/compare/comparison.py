"""Two projects held against each other: the list of what is different, both graphs drawn as one, and what the difference costs."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QSplitter, QTabBar, QVBoxLayout, QWidget

from app import theme
from app.canvas.comparison import ComparisonView, colour
from app.canvas.items.faces import count
from app.canvas.overlays import Breadcrumb
from app.canvas.palette import DARK, LIGHT
from app.panels.compare.differences import SIGNS, DifferenceList, more, notes
from app.panels.request import Request
from app.theme import GRID, label
from ml.events import Check, Checked, Message, Refused
from ml.project.graph import BLOCK, Graph
from ml.project.merged import Comparison as Step
from ml.project.merged import compared
from ml.project.project import Project
from ml.project.report import NodeReport, ProjectReport, totals

BEFORE, AFTER = "before", "after"
Reports = Mapping[str, NodeReport]
Path = tuple[str, ...]


class Comparison(QWidget):
    """Shows nothing until `compare`. `which` says in words what the projects before and after are."""

    def __init__(self, request: Request, which: tuple[str, str], role: str = "model") -> None:
        super().__init__()
        self._request = request
        self._which: dict[str, str] = {BEFORE: which[0], AFTER: which[1]}
        self._before: Project | None = None
        self._after: Project | None = None
        self._reports: dict[str, ProjectReport] = {}
        """What the engine says, by `BEFORE` and `AFTER`."""
        self._place: Path = (role,)
        """The role that is shown, and the opened blocks."""
        self._steps: list[Step] = []
        """The comparison of the role's graphs, and of what is in each opened block."""
        self.list, self.view = DifferenceList(), ComparisonView()
        self.totals, self.legend = label(), QLabel(textFormat=Qt.TextFormat.RichText)
        self.roles = QTabBar(expanding=False)
        self.roles.setAccessibleName("Models")
        self.breadcrumb = Breadcrumb(self.view)
        self._lay_out()
        self._recolour()
        self.list.chosen.connect(self._choose)
        self.view.opened.connect(self._open)
        self.view.left.connect(lambda: self._leave(max(0, len(self._place) - 2)))
        self.breadcrumb.chosen.connect(self._leave)
        for chosen in (self.roles.tabBarClicked, self.roles.currentChanged):  # by the mouse, also out of a block; by the keys
            chosen.connect(lambda index: self._go((self.roles.tabText(index),)) if index >= 0 else None)

    def compare(self, before: Project, after: Project) -> None:
        """Show what is different in `after`, and have the engine count what it costs."""
        self._before, self._after, self._reports = before, after, {}
        self._show()
        for side, project in ((BEFORE, before), (AFTER, after)):
            self._request(Check(0, project), lambda event, side=side, project=project: self._checked(side, project, event))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_theme_change(event) and hasattr(self, "breadcrumb"):
            self._recolour()
            self._list()

    # Showing.

    def _show(self) -> None:
        """Show both projects from the top, at the same place as before where it is still there."""
        assert self._before is not None and self._after is not None
        roles = list(dict.fromkeys((*self._after.models, *self._before.models)))
        blocked = self.roles.blockSignals(True)
        while self.roles.count():
            self.roles.removeTab(0)
        for role in roles:
            self.roles.addTab(role)
        self.roles.blockSignals(blocked)
        self.roles.setVisible(len(roles) > 1)
        self._go(self._place if self._place[0] in roles else (roles[0],))
        self._list()

    def _list(self) -> None:
        if self._before is not None and self._after is not None:
            before, after = (self._reports[side].roles if side in self._reports else {} for side in (BEFORE, AFTER))
            self.list.show_projects(self._before, self._after, before, after)
            self.totals.setText(costs(self._reports, bool(self.list.topLevelItemCount()), self._which))

    def _go(self, place: Path) -> None:
        """Show the graphs of a role, or what is inside a block that is in both or in one of them."""
        assert self._before is not None and self._after is not None
        role = place[0]
        self._steps = [compared(self._before.models.get(role, Graph()), self._after.models.get(role, Graph()))]
        for name in place[1:]:
            inside = self._steps[-1].inside(name)
            if inside is None:
                break
            self._steps.append(inside)
        self._place = place[: len(self._steps)]
        shown = self._steps[-1]
        self.view.show_both(shown.both, self._shown_reports(), notes(shown.found))
        blocked = self.roles.blockSignals(True)
        self.roles.setCurrentIndex([self.roles.tabText(index) for index in range(self.roles.count())].index(role))
        self.roles.blockSignals(blocked)
        self.breadcrumb.show_scope(role, self._place[1:])

    def _shown_reports(self) -> dict[str, NodeReport]:
        """The reports of the nodes that are shown, by their names here."""
        before, after = (_of_role(self._reports.get(side), self._place[0]) for side in (BEFORE, AFTER))
        for step, name in zip(self._steps, self._place[1:], strict=False):
            before, after = _inside(before, step.old(name)), _inside(after, "" if name in step.both.gone else name)
        gone = self._steps[-1].both.gone
        return {name: report for name, report in after.items() if name not in gone} | {name: before[old] for name, old in gone.items() if old in before}

    def _checked(self, side: str, project: Project, event: Message) -> None:
        """Take the engine's answer, unless something else is compared by now."""
        if project is not (self._before if side == BEFORE else self._after):
            return
        if isinstance(event, Refused):
            self.totals.setText(f"Parameters and multiply-adds can't be compared: {event.reason}")
        elif isinstance(event, Checked):
            self._reports[side] = event.report
            if len(self._reports) == 2:
                self.view.show_reports(self._shown_reports())
                self._list()

    def _choose(self, path: Path, is_gone: bool) -> None:
        """Go to the node of a row."""
        place = path[:-1] or path
        if place != self._place:
            self._go(place)
        if len(path) > 1:
            here = {old: name for name, old in self._steps[-1].both.gone.items()}
            self.view.show_node(here.get(path[-1], path[-1]) if is_gone else path[-1])

    def _open(self, name: str) -> None:
        if self._steps[-1].both.graph[name].type == BLOCK:
            self._go((*self._place, name))

    def _leave(self, depth: int) -> None:
        self._go(self._place[: depth + 1])

    # Putting together.

    def _lay_out(self) -> None:
        split = QSplitter(childrenCollapsible=False)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.roles)
        column.addWidget(self.view, 1)
        split.addWidget(self.list)
        split.addWidget(right)
        split.setSizes([560, 680])
        split.setStretchFactor(1, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GRID)
        outer.addWidget(self.totals)
        outer.addWidget(split, 1)

    def _recolour(self) -> None:
        self.breadcrumb.set_palette(DARK if theme.is_dark() else LIGHT)
        parts = [f'<span style="color: {found.name()}">{sign} {mark}</span>' for mark, sign in SIGNS.items() if (found := colour(mark)) is not None]
        self.legend.setText(" &nbsp; ".join(parts))


def costs(reports: Mapping[str, ProjectReport], differs: bool, which: Mapping[str, str]) -> str:
    """What the differences cost or save altogether, in words."""
    if not differs:
        return "There is no difference."
    if len(reports) < 2:
        return "Counting parameters and multiply-adds…"
    before, after = (totals(node for nodes in reports[side].roles.values() for node in nodes.values()) for side in (BEFORE, AFTER))
    parameters, operations = more(before, after)
    words = f"Parameters {before.parameters:,} → {after.parameters:,}" + (f" ({parameters})" if parameters else "")
    words += f"   ·   Multiply-adds {count(before.operations)} → {count(after.operations)}" + (f" ({operations})" if operations else "")
    wrong = [f"{reports[side].errors} in the project {words}" for side, words in which.items() if reports[side].errors]
    return f"{words}   ·   Left out is what waits for an error: {', '.join(wrong)}" if wrong else words


def _of_role(report: ProjectReport | None, role: str) -> Reports:
    return report.roles.get(role, {}) if report else {}


def _inside(reports: Reports, name: str) -> Reports:
    return reports[name].inside if name in reports else {}
