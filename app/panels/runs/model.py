"""The rows of the table of runs: what a search leaves of them, in the order of a column."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from app import theme
from app.panels.runs.columns import FIXED, FOLDER, NAME, STATE, TAGS, Column, metric_columns, sort
from app.panels.runs.query import Term, matches
from ml.runs.labels import one_line
from ml.runs.summary import Summary

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NOTHING = QModelIndex()
EDITED = (NAME, TAGS, FOLDER)
"""The columns in which a person writes."""
ID = Role.UserRole
"""Of a header: the column's id."""


class RunsModel(QAbstractTableModel):
    """Shows some of all runs. Rows stay the same ones when what they say changes, so that selection, place and editor stay too."""

    written = Signal(object, str, str)
    """A run, one of the columns `EDITED`, and what a person wrote there."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.columns: list[Column] = list(FIXED)
        self.runs: list[Summary] = []
        """The rows."""
        self.all: list[Summary] = []
        self.wanted: list[Term] = []
        self.folder = ""
        """Only what lies in this folder, or in one that is in it; nothing: all."""
        self.colours: dict[str, QColor] = {}
        """Of the curves of runs, by their folders."""
        self._column, self._descending = next(column for column in FIXED if column.id == "began"), True

    # What is shown.

    def show_all(self, runs: list[Summary]) -> None:
        """These are all runs there are."""
        if runs != self.all:
            self.all = runs
            known = {column.id for column in self.columns}
            new = [column for column in metric_columns(runs) if column.id not in known]
            if new:
                self.beginInsertColumns(NOTHING, len(self.columns), len(self.columns) + len(new) - 1)
                self.columns += new
                self.endInsertColumns()
            self.arrange()

    def search(self, wanted: list[Term], folder: str) -> None:
        """Show only what is wanted, of a folder or of all."""
        if (wanted, folder) != (self.wanted, self.folder):
            self.wanted, self.folder = wanted, folder
            self.arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if 0 <= column < len(self.columns):
            self._column, self._descending = self.columns[column], order == Qt.SortOrder.DescendingOrder
            self.arrange()

    def arrange(self) -> None:
        """Make the rows those that are wanted, in their order."""
        found = [run for run in self.all if _is_in(run, self.folder) and matches(run, self.wanted)]
        rows = sort(found, self._column, self._descending)
        self._remove_all_but({run.folder for run in rows})
        self._append(rows)
        self._reorder(rows)

    def row_of(self, folder: str) -> int:
        """In which row a run is, -1 where it is in none."""
        return next((row for row, run in enumerate(self.runs) if run.folder == folder), -1)

    def column_of(self, id: str) -> int:
        """Where a column is, -1 where there is none of that id."""
        return next((number for number, column in enumerate(self.columns) if column.id == id), -1)

    def show_colours(self, colours: dict[str, QColor]) -> None:
        """Mark runs, by their folders, with the colours of their curves."""
        was, self.colours = self.colours, colours
        if self.runs and colours != was:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.runs) - 1, 0), [Role.DecorationRole])

    # What Qt asks.

    def rowCount(self, parent: Index = NOTHING) -> int:
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, parent: Index = NOTHING) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        can_write = index.isValid() and self.columns[index.column()].id in EDITED and self.runs[index.row()].state != "unreadable"
        return flags | Qt.ItemFlag.ItemIsEditable if can_write else flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        run, column = self.runs[index.row()], self.columns[index.column()]
        match role:
            case Role.DisplayRole | Role.EditRole:
                return column.text(run)
            case Role.ToolTipRole:
                said = run.problem if column.id in (NAME, STATE) and run.problem else column.text(run)
                return f"<p>{escape(one_line(said, 400))}</p>" if said else None
            case Role.TextAlignmentRole if column.is_number:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Role.ForegroundRole if column.id not in (NAME, STATE) or run.state == "unreadable":
                colours = theme.colours()
                return QColor(colours.text if column.is_number else colours.muted)
            case Role.DecorationRole if column.id == NAME:
                return self.colours.get(run.folder)
            case Role.AccessibleTextRole:
                return f"{column.title}: {column.text(run) or 'nothing'}"
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if role == Role.EditRole and index.isValid():
            self.written.emit(self.runs[index.row()], self.columns[index.column()].id, str(value))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        match role:
            case Role.DisplayRole:
                return column.title
            case Role.ToolTipRole:
                return column.help or column.title
            case Role.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return column.id if role == ID else None

    # Rows that go, come and change places.

    def _remove_all_but(self, kept: set[str]) -> None:
        gone = [row for row, run in enumerate(self.runs) if run.folder not in kept]
        pieces = [[row for _, row in piece] for _, piece in groupby(enumerate(gone), key=lambda pair: pair[1] - pair[0])]
        for rows in reversed(pieces):
            self.beginRemoveRows(NOTHING, rows[0], rows[-1])
            del self.runs[rows[0] : rows[-1] + 1]
            self.endRemoveRows()

    def _append(self, wanted: list[Summary]) -> None:
        there = {run.folder for run in self.runs}
        new = [run for run in wanted if run.folder not in there]
        if new:
            self.beginInsertRows(NOTHING, len(self.runs), len(self.runs) + len(new) - 1)
            self.runs = [*self.runs, *new]
            self.endInsertRows()

    def _reorder(self, rows: list[Summary]) -> None:
        """Put the rows, which are all there, into this order, and tell which of them say something else now."""
        old, self_runs = [run.folder for run in self.runs], self.runs
        places = {run.folder: row for row, run in enumerate(rows)}
        if any(places[folder] != row for row, folder in enumerate(old)):
            self.layoutAboutToBeChanged.emit()
            kept = self.persistentIndexList()
            self.runs = rows
            self.changePersistentIndexList(kept, [self.index(places[old[index.row()]], index.column()) for index in kept])
            self.layoutChanged.emit()
            return
        self.runs = rows
        for row, (before, now) in enumerate(zip(self_runs, rows, strict=True)):
            if before != now:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))


def _is_in(run: Summary, folder: str) -> bool:
    return not folder or run.labels.folder == folder or run.labels.folder.startswith(f"{folder}/")
