"""The table of runs: keys and mouse as in a list of files, columns that a person chooses and orders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import msgspec
from msgspec import Struct
from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QItemSelectionRange, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTreeView

from app.panels.runs.cells import Cells
from app.panels.runs.columns import FIRST_SHOWN, NAME
from app.panels.runs.model import RunsModel
from app.theme import GRID
from ml.runs.summary import Summary

Flag = QItemSelectionModel.SelectionFlag


class Layout(Struct, frozen=True):
    """How a person has the table."""

    shown: tuple[str, ...] = FIRST_SHOWN
    """The ids of the columns that are shown, from left to right."""
    sort: str = "began"
    descending: bool = True


class RunsTable(QTreeView):
    """Shows a `RunsModel`. `commands` are done by their keys while it has the focus."""

    chosen = Signal()
    """Other rows are selected."""
    opened = Signal()
    """The current row was double clicked, or Enter was pressed."""
    menu_requested = Signal(QPoint)
    """Where on the screen a context menu is asked for."""
    layout_changed = Signal(str)
    """A person has other columns or another order, as `layout` says it."""

    def __init__(self, model: RunsModel, tags: Callable[[], Sequence[str]], folders: Callable[[], Sequence[str]]) -> None:
        super().__init__()
        self.runs = model
        self.commands: list[QAction] = []
        self._restoring = False
        self.setModel(model)
        self.setObjectName("runs")
        self.setAccessibleName("Runs")
        self.setItemDelegate(Cells(tags, folders, self))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSortingEnabled(True)
        header = self.header()
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(True)
        header.setStretchLastSection(False)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda place: self.columns_menu().popup(header.mapToGlobal(place)))
        header.sectionMoved.connect(self._tell)
        header.sortIndicatorChanged.connect(self._tell)
        self.doubleClicked.connect(lambda index: self.opened.emit())
        self.selectionModel().selectionChanged.connect(lambda: self.chosen.emit())
        model.columnsInserted.connect(self._columns_inserted)
        self.layout_ = Layout()

    # What is selected.

    def selected(self) -> list[Summary]:
        """The selected runs, from top to bottom."""
        return [self.runs.runs[row] for row in sorted(index.row() for index in self.selectionModel().selectedRows())]

    def select(self, folders: Sequence[str]) -> None:
        """Select these runs as far as they are shown, and bring the first into view."""
        rows = [row for folder in folders if (row := self.runs.row_of(folder)) >= 0]
        chosen, last = QItemSelection(), self.runs.columnCount() - 1
        for row in rows:
            chosen.append(QItemSelectionRange(self.runs.index(row, 0), self.runs.index(row, last)))
        if rows:
            self.setCurrentIndex(self.runs.index(rows[0], 0))
            self.scrollTo(self.runs.index(rows[0], 0))
        self.selectionModel().select(chosen, Flag.ClearAndSelect)

    def edit_cell(self, id: str) -> None:
        """Let a person write in a column of the current row; the column is shown for it."""
        column = self.runs.column_of(id)
        if self.currentIndex().isValid() and column >= 0:
            self.show_column(id, True)
            index = self.currentIndex().siblingAtColumn(column)
            self.scrollTo(index)
            self.edit(index)

    # Columns.

    def show_layout(self, text: str) -> None:
        """Show the columns as `layout_changed` said it once; as in a new table where that can't be read."""
        try:
            self.layout_ = msgspec.json.decode(text, type=Layout) if text else Layout()
        except msgspec.DecodeError:
            self.layout_ = Layout()
        self._restore()

    def show_column(self, id: str, shown: bool) -> None:
        """Show a column or hide it."""
        column = self.runs.column_of(id)
        if column >= 0 and self.isColumnHidden(column) == shown:
            self.setColumnHidden(column, not shown)
            if shown and not self.columnWidth(column):
                self.setColumnWidth(column, self.runs.columns[column].width)
            self._tell()

    def columns_menu(self) -> QMenu:
        """Which columns are shown, to choose from; without the name there would be no list."""
        menu = QMenu("&Columns", self)
        metrics = {"best:": QMenu("&Best of a Metric", menu), "last:": QMenu("&Last of a Metric", menu)}
        for number, column in enumerate(self.runs.columns):
            into = next((submenu for prefix, submenu in metrics.items() if column.id.startswith(prefix)), menu)
            action = into.addAction(column.title.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(number))
            action.setEnabled(column.id != NAME)
            action.toggled.connect(partial(self.show_column, column.id))
        menu.addSeparator()
        for submenu in metrics.values():
            if not submenu.isEmpty():
                menu.addMenu(submenu)
        menu.addAction("As in a &New Table", lambda: (self.show_layout(""), self._tell()))
        return menu

    def _restore(self) -> None:
        self._restoring = True
        header, columns = self.header(), self.runs.columns
        for number, column in enumerate(columns):
            self.setColumnHidden(number, column.id not in self.layout_.shown)
            self.setColumnWidth(number, max(column.width, self.fontMetrics().horizontalAdvance(column.title) + 4 * GRID))
        for place, id in enumerate(id for id in self.layout_.shown if self.runs.column_of(id) >= 0):
            header.moveSection(header.visualIndex(self.runs.column_of(id)), place)
        by = max(0, self.runs.column_of(self.layout_.sort))
        self.sortByColumn(by, Qt.SortOrder.DescendingOrder if self.layout_.descending else Qt.SortOrder.AscendingOrder)
        self._restoring = False

    def _columns_inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        """Metrics that were not known yet: each has its column where a person wanted it."""
        self._restore()

    def _tell(self) -> None:
        if self._restoring:
            return
        header, columns = self.header(), self.runs.columns
        here = [columns[header.logicalIndex(place)].id for place in range(header.count()) if not header.isSectionHidden(header.logicalIndex(place))]
        unknown = [id for id in self.layout_.shown if self.runs.column_of(id) < 0]  # Of metrics that no run has yet, or no more.
        sort = columns[min(max(header.sortIndicatorSection(), 0), len(columns) - 1)].id
        self.layout_ = Layout((*here, *unknown), sort, header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder)
        self.layout_changed.emit(msgspec.json.encode(self.layout_).decode())

    # Keys and mouse.

    def event(self, event: QEvent) -> bool:
        """Have the keys of the commands for itself, before the window's own actions with the same keys."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and (self._command(event) or _is_own(event)):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() == QAbstractItemView.State.EditingState
        if not editing and (command := self._command(event)):
            command.trigger()
        elif not editing and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_requested.emit(self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft()))
        elif self.indexAt(event.pos()).isValid():
            self.menu_requested.emit(event.globalPos())

    def keyboardSearch(self, search: str) -> None:
        """Find by name, whichever column was clicked."""
        current = self.currentIndex()
        if current.isValid():
            self.selectionModel().setCurrentIndex(current.siblingAtColumn(0), Flag.NoUpdate)
        super().keyboardSearch(search)

    def _command(self, event: QKeyEvent) -> QAction | None:
        keys = QKeySequence(event.keyCombination())
        return next((action for action in self.commands if action.isEnabled() and keys in action.shortcuts()), None)


def _is_own(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.SelectAll) or event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
