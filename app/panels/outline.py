"""The outline: every model's nodes as a list in the order of the flow, with what is inside blocks, for those who read rather than look."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QStyledItemDelegate, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app import theme
from app.document import Document
from app.panels.inspector.panel import name_problem
from app.panels.outline_rows import NAME, PARAMETERS, Row, Shown, children, synchronized
from app.theme import GRID
from ml.project.graph import Graph, Node

WIDTHS = (17 * GRID, 12 * GRID, 14 * GRID, 11 * GRID)
"""Of the columns, in pixels: name, type, output, parameters."""
PAUSE_MILLISECONDS = 30
Flag = QItemSelectionModel.SelectionFlag


class OutlinePanel(QWidget):
    """Follows the document by itself, while it can be seen, and the canvas's selection by `show_selection`."""

    chosen = Signal(list)
    """The names of nodes of the graph that is looked at, which a person selected here."""
    entered = Signal()
    """A person is done here and wants to go to the canvas, with what is selected."""
    delete_requested = Signal()
    """The selected nodes are to be deleted."""
    refused = Signal(str)
    """Why a node can't be called so, as a sentence."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.tree = OutlineTree()
        self._names: list[str] = []
        self._quiet = self._stale = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tree)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._timer.timeout.connect(self.refresh)
        document.changed.connect(self._later)
        document.checked.connect(self._later)
        document.scope_changed.connect(self._mark)
        self.tree.itemSelectionChanged.connect(self._choose)
        self.tree.itemActivated.connect(self._enter)
        self.tree.deleted.connect(self.delete_requested)
        self.tree.named.connect(self._rename, Qt.ConnectionType.QueuedConnection)  # The row goes, and its editor must have gone before.
        self.refresh()

    def refresh(self) -> None:
        """Show the document as it is now; only rows that differ are touched."""
        self._timer.stop()
        self._stale = not self.isVisible()
        if self._stale:
            return
        reports = self.document.report.roles if self.document.report else {}
        roles = {name: Shown(Node("", graph=graph), None, Graph(), reports.get(name, {})) for name, graph in self.document.project.models.items()}
        was, self._quiet = self._quiet, True
        for row in synchronized(self.tree.invisibleRootItem(), roles):
            row.setExpanded(True)
        self._quiet = was
        self._mark()

    def show_selection(self, names: list[str]) -> None:
        """Select the rows of these nodes of the graph that is looked at, and bring the first into view."""
        if not self._quiet:
            self._names = list(names)
            self._mark()

    def _later(self) -> None:
        """Refresh when a burst of changes is over, so that no edit waits for the list."""
        self._stale = True
        if self.isVisible():
            self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_theme_change(event):
            self.tree.viewport().update()

    def _place(self) -> QTreeWidgetItem | None:
        """The row of the graph that is looked at."""
        row: QTreeWidgetItem = self.tree.invisibleRootItem()
        for name in (self.document.role, *self.document.scope):
            found = next((child for child in children(row) if child.path[-1] == name), None)
            if found is None:
                return None
            row = found
        return row

    def _mark(self) -> None:
        """Select what is selected on the canvas."""
        if self._quiet or self._stale:
            return
        place, wanted = self._place(), set(self._names)
        rows = [row for row in children(place) if row.path[-1] in wanted] if place and wanted else []
        if {id(row) for row in rows} == {id(row) for row in self.tree.selectedItems()}:
            return
        self._quiet = True
        chosen = QItemSelection()
        for row in rows:
            index = self.tree.indexFromItem(row)
            chosen.append(QItemSelectionRange(index, index.siblingAtColumn(PARAMETERS)))
        if rows:
            self.tree.setCurrentItem(rows[0], NAME, Flag.NoUpdate)
            self.tree.scrollToItem(rows[0])
        self.tree.selectionModel().select(chosen, Flag.ClearAndSelect)
        self._quiet = False

    def _choose(self) -> None:
        """Show on the canvas what a person selected here: the current row's graph, and those of its nodes."""
        current = self.tree.currentItem()
        if self._quiet or not isinstance(current, Row):
            return
        selected = [row for row in self.tree.selectedItems() if isinstance(row, Row)]
        around = current.path[:-1] or current.path
        names = [row.path[-1] for row in selected if row.path[:-1] == around]
        self._quiet = True
        self.document.role, self.document.scope = around[0], around[1:]
        self._quiet = False
        self.chosen.emit(names)

    def _enter(self, row: QTreeWidgetItem) -> None:
        """Open the block of a row, or the role's graph; of any other, go to where it lies on the canvas."""
        if isinstance(row, Row) and (len(row.path) == 1 or row.shown.node.graph is not None):
            self.document.role, self.document.scope = row.path[0], row.path[1:]
        self.entered.emit()

    def _rename(self, old: str, name: str) -> None:
        graph = self.document.graph
        if name == old or old not in graph.nodes:
            return
        if sentence := name_problem(graph, name):
            self.refused.emit(sentence)
            return
        self._names = [name]
        self.document.edit_graph(graph.renamed(old, name), f"Rename {old} to {name}")


class OutlineTree(QTreeWidget):
    """The rows, with the keys of a list: F2 renames, Del deletes, Enter opens, letters find."""

    deleted = Signal()
    named = Signal(str, str)
    """What a node is called, and what a person wants it to be called."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("outline")
        self.setAccessibleName("Outline")
        self.setHeaderLabels(["Name", "Type", "Output", "Parameters"])
        self.setUniformRowHeights(True)
        self.setIndentation(12)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setExpandsOnDoubleClick(False)
        self.setAllColumnsShowFocus(True)
        self.setItemDelegate(NameDelegate(self))
        for column, width in enumerate(WIDTHS):
            self.setColumnWidth(column, width)

    def keyboardSearch(self, search: str) -> None:
        """Find by name, whichever column was clicked."""
        if (current := self.currentItem()) is not None:
            self.setCurrentItem(current, NAME, Flag.NoUpdate)
        super().keyboardSearch(search)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.state() != QAbstractItemView.State.EditingState:
            self.deleted.emit()
        elif event.key() == Qt.Key.Key_F2 and isinstance(row := self.currentItem(), Row) and row.flags() & Qt.ItemFlag.ItemIsEditable:
            self.editItem(row, NAME)
        else:
            super().keyPressEvent(event)


class NameDelegate(QStyledItemDelegate):
    """Lets a name be written, and hands on what was written instead of putting it into the row: the document says what a node is called."""

    def __init__(self, tree: OutlineTree) -> None:
        super().__init__(tree)
        self.tree = tree

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        if not (isinstance(editor, QLineEdit) and editor.isModified()):  # What is being written stays when the row is refreshed.
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex) -> None:
        if isinstance(editor, QLineEdit):
            self.tree.named.emit(index.data(), editor.text())
