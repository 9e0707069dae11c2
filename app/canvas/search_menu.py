"""The menu that opens on the canvas: a few letters, Enter, and the node is there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.canvas import search

WIDTH, HEIGHT = 320, 340


class SearchMenu(QFrame):
    """A search field above a list of node types, over the canvas. It goes away when it loses the focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("search-menu")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.resize(WIDTH, HEIGHT)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Add a layer or an operation")
        self.field.setAccessibleName("Search node types")
        self.field.setClearButtonEnabled(True)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Node types found")
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.help = QLabel(self)
        self.help.setWordWrap(True)
        self.help.setFixedHeight(52)
        self.help.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        for widget in (self.field, self.list, self.help):
            column.addWidget(widget)
        self._chosen: Callable[[str], None] = lambda type: None
        self.field.textChanged.connect(self._fill)
        self.list.currentItemChanged.connect(self._show_help)
        self.list.itemClicked.connect(lambda item: self._choose())
        self.field.installEventFilter(self)
        self.hide()

    def open_at(self, point: QPoint, chosen: Callable[[str], None]) -> None:
        """Open near `point` of the parent; `chosen` gets the id of the type that is chosen."""
        self._chosen = chosen
        room = self.parentWidget().size() - QSize(8, 8)
        self.resize(min(WIDTH, room.width() - 8), min(HEIGHT, room.height() - 8))
        self.move(max(8, min(point.x(), room.width() - self.width())), max(8, min(point.y(), room.height() - self.height())))
        self.field.clear()
        self._fill("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_menu(self) -> None:
        """Go away; the canvas has the keyboard again."""
        self.hide()
        self.parentWidget().setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_menu()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Tab:
                self._choose()
            case Qt.Key.Key_Down | Qt.Key.Key_Up | Qt.Key.Key_PageDown | Qt.Key.Key_PageUp:
                step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}[Qt.Key(event.key())]
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
            case _:
                return False
        return True

    def _fill(self, query: str) -> None:
        self.list.clear()
        for kind in search.find(query):
            item = QListWidgetItem(f"{kind.id}    {kind.category}")
            item.setData(Qt.ItemDataRole.UserRole, kind.id)
            item.setData(Qt.ItemDataRole.UserRole + 1, kind.help)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        if not self.list.count():
            self.help.setText(f"Nothing is called {query!r}.")

    def _show_help(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            text = item.data(Qt.ItemDataRole.UserRole + 1).split("\n")[0]
            self.help.setText(text if len(text) < 130 else text[:129] + "…")

    def _choose(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.close_menu()
            self._chosen(item.data(Qt.ItemDataRole.UserRole))
