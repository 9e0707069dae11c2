"""The history: every step that can be undone or done again, to jump to with a click."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QListView, QStackedLayout, QWidget

from app import theme
from app.document import Document
from app.theme import GRID, label

Index = QModelIndex | QPersistentModelIndex
NOTHING = "Nothing has been changed yet. Each step you take is listed here: click one to go back to it, and forth again."


class HistoryPanel(QWidget):
    """Follows the document's undo stack; the row that is current is the step after which the project is as it is."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._following = False
        self.steps = Steps(document, self)
        self.list = QListView()
        self.list.setAccessibleName("History")
        self.list.setModel(self.steps)
        self.list.setUniformItemSizes(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        nothing = label(NOTHING, "muted")
        nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        nothing.setMargin(2 * GRID)
        nothing.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # So that a screen reader reads it.
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.list)
        self._stack.addWidget(nothing)
        self.list.selectionModel().currentChanged.connect(self._jump)
        for told in (document.stepped, document.clean_changed):
            told.connect(self._follow)
        self._follow()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_theme_change(event):
            self.list.viewport().update()

    def _follow(self) -> None:
        """Make the present step the current row, without a jump to where one is."""
        self._following = True  # Where the list comes to have the focus, Qt makes its first row the current one.
        self._stack.setCurrentIndex(1 if self.steps.rowCount() == 1 else 0)
        self.list.setCurrentIndex(self.steps.index(self.document.undo_stack.index()))
        self._following = False

    def _jump(self, row: QModelIndex) -> None:
        if not self._following and row.isValid() and row.row() != self.document.undo_stack.index():
            self.document.jump(row.row())


class Steps(QAbstractListModel):
    """The undo stack as rows: first the project as it was opened, then each step; row n is the project after n steps."""

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(parent)
        self.stack = document.undo_stack
        self._count = self.stack.count()
        document.stepped.connect(self.refresh)
        document.clean_changed.connect(self.refresh)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._count + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, undone = index.row(), index.row() > self.stack.index()
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self._text(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self._text(row)}, undone" if undone else self._text(row)
            case Qt.ItemDataRole.ForegroundRole if undone:
                return QColor(theme.colours().muted)
        return None

    def refresh(self) -> None:
        """Show the stack as it is now; the rows stay the same ones where as many steps are on it as before."""
        if self._count == self.stack.count():
            self.dataChanged.emit(self.index(0), self.index(self._count))
            return
        self.beginResetModel()
        self._count = self.stack.count()
        self.endResetModel()

    def _text(self, row: int) -> str:
        text = self.stack.text(row - 1) if row else "As it was opened"
        return f"{text}  ·  saved" if row and row == self.stack.cleanIndex() else text
