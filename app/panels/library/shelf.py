"""Shelves of the library: rows with pictures under their groups, found by words, dragged onto the canvas."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractItemView, QStackedLayout, QTreeWidget, QTreeWidgetItem, QWidget

from app.canvas.view import MIME
from app.theme import GRID, label

ID = Qt.ItemDataRole.UserRole
WORDS = Qt.ItemDataRole.UserRole + 1


class Item(NamedTuple):
    """What a row of the library shows."""

    id: str
    group: str
    title: str
    help: str
    words: str
    """More by which it is found."""


Icons = dict[str, QIcon]
"""Of rows by their ids, and of groups by their names."""


class Shelf(QWidget):
    """One tab: the tree, or a sentence where the search finds nothing in it."""

    def __init__(self, items: list[Item], icons: Callable[[list[Item]], Icons], size: QSize, opened: bool) -> None:
        super().__init__()
        self.items = items
        self._icons = icons
        self._opened = opened
        self.tree = Tree(items, icons(items), size)
        if opened:
            self.tree.expandAll()
        nothing = label("Nothing here by that name.", "muted")
        nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        nothing.setMargin(2 * GRID)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.tree)
        self._stack.addWidget(nothing)

    def recolour(self) -> None:
        """Draw the icons in the theme's colours."""
        self.tree.show_icons(self._icons(self.items))

    def filter(self, text: str) -> int:
        """Show only what all words of `text` are found in; how many that are."""
        count = self.tree.filter(text.lower().split())
        self._stack.setCurrentIndex(0 if count else 1)
        if text.strip() or self._opened:
            self.tree.expandAll()
        else:
            self.tree.collapseAll()
        return count


class Tree(QTreeWidget):
    """Rows under their groups."""

    chosen = Signal(str)

    def __init__(self, items: list[Item], icons: Icons, size: QSize) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setIndentation(12)
        self.setIconSize(size)
        self.setUniformRowHeights(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setDragEnabled(False)
        self.setExpandsOnDoubleClick(True)
        self.fill(items, icons)
        self.itemActivated.connect(self._activated)

    def fill(self, items: list[Item], icons: Icons) -> None:
        """Show these rows and no others."""
        self.clear()
        groups: dict[str, QTreeWidgetItem] = {}
        for item in items:
            if item.group not in groups:
                groups[item.group] = head = QTreeWidgetItem([item.group])
                head.setFlags(Qt.ItemFlag.ItemIsEnabled)
                head.setIcon(0, icons.get(item.group, QIcon()))
            row = QTreeWidgetItem(groups[item.group], [item.title])
            row.setIcon(0, icons[item.id])
            row.setData(0, ID, item.id)
            row.setData(0, WORDS, f"{item.id} {item.title} {item.group} {item.words}".lower())
            row.setToolTip(0, f"<p><b>{item.title}</b></p><p>{item.help}</p>")
        self.addTopLevelItems(list(groups.values()))

    def show_icons(self, icons: Icons) -> None:
        """Give rows, by id, and groups, by name, their pictures."""
        for head in self._heads():
            if head.text(0) in icons:
                head.setIcon(0, icons[head.text(0)])
            for row in _rows(head):
                row.setIcon(0, icons[row.data(0, ID)])

    def filter(self, words: list[str]) -> int:
        """Hide the rows that lack one of the words; how many are left."""
        total = 0
        for head in self._heads():
            shown = 0
            for row in _rows(head):
                fits = all(word in row.data(0, WORDS) for word in words)
                row.setHidden(not fits)
                shown += fits
            head.setHidden(not shown)
            total += shown
        return total

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, items: Iterable[QTreeWidgetItem]) -> QMimeData:
        mime = QMimeData()
        for item in items:
            mime.setData(MIME, item.data(0, ID).encode())
        return mime

    def _heads(self) -> list[QTreeWidgetItem]:
        return [head for index in range(self.topLevelItemCount()) if (head := self.topLevelItem(index)) is not None]

    def _activated(self, item: QTreeWidgetItem) -> None:
        if item.data(0, ID):
            self.chosen.emit(item.data(0, ID))


def _rows(head: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    return [row for index in range(head.childCount()) if (row := head.child(index)) is not None]
