"""What is different between two runs: results, training, data and recipe side by side, and both graphs drawn as one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QHeaderView, QStackedWidget, QTabWidget, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app import theme
from app.panels import words
from app.panels.compare.comparison import Comparison
from app.panels.compare.differences import settings_changes, worded
from app.panels.request import Request
from app.panels.runs.columns import began
from app.panels.runs.facts import settings
from app.panels.runs.store import Store
from app.theme import GRID, label
from ml.project.files import FileProblem
from ml.project.project import Project
from ml.runs import Run
from ml.runs.summary import Summary, better

SIZE = (1100, 680)
WHICH = "of the earlier run", "of the later run"
WHAT, FIRST, SECOND, CHANGE = range(4)
Both = tuple[Project, Project] | FileProblem
Row = tuple[str, str, str, str]
"""What, in the first run, in the second one, and how much more that is."""


class DifferenceWindow(QWidget):
    """One for all: `compare` shows two runs in it."""

    def __init__(self, store: Store, request: Request, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.store = store
        self.resize(*SIZE)
        self.setWindowTitle("Difference Between Two Runs")
        self.heading, self.problem = label(kind="heading"), label(kind="error")
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.table, self.comparison = Table(), Comparison(request, WHICH)
        graph = QWidget()
        inside = QVBoxLayout(graph)
        inside.setContentsMargins(GRID, GRID, GRID, GRID)
        inside.addWidget(self.comparison.legend)
        inside.addWidget(self.comparison, 1)
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.addTab(self.table, "&Side by Side")
        self.tabs.addTab(graph, "&Graph")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.tabs)
        self._stack.addWidget(self.problem)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.addWidget(self.heading)
        column.addWidget(self._stack, 1)

    def compare(self, before: Summary, after: Summary) -> None:
        """Show two runs."""
        self.heading.setText(f"“{before.title}” ({began(before)}) and “{after.title}” ({began(after)})")
        self.store.ask(partial(_projects, before.folder, after.folder), partial(self._show, before, after))
        self.show()
        self.raise_()
        self.activateWindow()
        self.table.setFocus()

    def _show(self, before: Summary, after: Summary, both: Both) -> None:
        if isinstance(both, FileProblem):
            self.problem.setText(str(both))
            self._stack.setCurrentIndex(1)
            return
        self._stack.setCurrentIndex(0)
        self.table.show_runs(before, after, *both)
        self.comparison.compare(*both)


class Table(QTreeWidget):
    """Groups of rows; what differs stands out."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("differences")
        self.setAccessibleName("Side by side")
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setIndentation(12)
        self.setHeaderLabels(["", "", "", "Difference"])
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def show_runs(self, before: Summary, after: Summary, was: Project, now: Project) -> None:
        """Show two runs and the projects that they trained."""
        self.clear()
        self.setHeaderLabels(["", before.title, after.title, "Difference"])
        for title, rows in (
            ("Results, best", measured(before.best, after.best)),
            ("Results, last", measured(before.metrics, after.metrics)),
            ("Course", course(before, after)),
            ("Settings", chosen(was, now)),
            ("Settings that differ, one by one", changed(was, now)),
        ):
            self._add(title, rows)
        self.expandAll()

    def _add(self, title: str, rows: Iterable[Row]) -> None:
        group = QTreeWidgetItem([title])
        bold = QFont(self.font())
        bold.setBold(True)
        group.setFont(WHAT, bold)
        for row in rows:
            item = QTreeWidgetItem(list(row))
            for column, text in enumerate(row):
                item.setToolTip(column, text)
            if row[FIRST] == row[SECOND]:
                for column in range(self.columnCount()):
                    item.setForeground(column, QColor(theme.colours().muted))
            group.addChild(item)
        if group.childCount():
            self.addTopLevelItem(group)


def measured(before: dict[str, float], after: dict[str, float]) -> Iterable[Row]:
    """Every metric of both."""
    for name in dict.fromkeys((*before, *after)):
        first, second = before.get(name), after.get(name)
        change = ""
        if first is not None and second is not None and first != second:
            is_better = "better" if better(name, second, first) else "worse"
            change = f"{'+' if second > first else '−'}{words.number(abs(second - first))}, {is_better}"
        yield words.title(name), _number(first), _number(second), change


def course(before: Summary, after: Summary) -> Iterable[Row]:
    """How both went."""
    for what, say in (
        ("State", lambda run: run.state),
        ("Began", began),
        ("Training time", lambda run: words.duration(run.seconds)),
        ("Epochs", lambda run: f"{run.epoch:,} of {run.epochs:,}"),
        ("Steps", lambda run: f"{run.steps:,}"),
        ("Template", lambda run: run.template or "none"),
        ("Tags", lambda run: ", ".join(run.labels.tags)),
        ("Folder", lambda run: run.labels.folder),
    ):
        if say(before) or say(after):
            yield what, say(before), say(after), ""


def chosen(was: Project, now: Project) -> Iterable[Row]:
    """Data, models, recipe and training of both."""
    first, second = dict(settings(was)), dict(settings(now))
    for what in dict.fromkeys((*first, *second)):
        yield what, first.get(what, ""), second.get(what, ""), ""


def changed(was: Project, now: Project) -> Iterable[Row]:
    """Each setting that is not the same."""
    for change in settings_changes(was, now):
        yield words.title(change.what), worded(change.before), worded(change.after), ""


def _number(value: float | None) -> str:
    return "" if value is None else words.number(value)


def _projects(before: str, after: str) -> Both:
    try:
        return Run(Path(before)).project, Run(Path(after)).project
    except FileProblem as problem:
        return problem
