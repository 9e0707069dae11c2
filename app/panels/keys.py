"""The keys of the window in one list, read from its menus, with a field to look one up."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QMenu, QMenuBar, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.canvas.keyboard import KEYS
from app.theme import GRID

SIZE = (560, 620)
MOST = 2
"""Of a command's keys, where it has more."""


class KeysDialog(QDialog):
    """Every command that has keys, menu by menu, and what keys do on the canvas beside."""

    def __init__(self, bar: QMenuBar, also: Iterable[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find a command or a key")
        self.field.setAccessibleName("Find a command or a key")
        self.field.setClearButtonEnabled(True)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Keys")
        self.tree.setHeaderLabels(["Command", "Keys"])
        self.tree.setUniformRowHeights(True)
        self.tree.setRootIsDecorated(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setStretchLastSection(False)
        self._groups: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(self.field)
        column.addWidget(self.tree)
        self.field.textChanged.connect(self._filter)
        self._add("Canvas", [*KEYS, *rows(also)])
        for action in bar.actions():
            if isinstance(menu := action.menu(), QMenu):
                self._add(_plain(menu.title()), list(_rows_of(menu)))

    def _add(self, title: str, found: list[tuple[str, str]]) -> None:
        if found:
            group = QTreeWidgetItem(self.tree, [title])
            font = group.font(0)
            font.setBold(True)
            group.setFont(0, font)
            items = [QTreeWidgetItem(group, [text, keys]) for text, keys in found]
            self._groups.append((group, items))
            group.setExpanded(True)

    def _filter(self, text: str) -> None:
        words = text.lower().split()
        for group, found in self._groups:
            for row in found:
                row.setHidden(not all(word in f"{row.text(0)} {row.text(1)}".lower() for word in words))
            group.setHidden(all(row.isHidden() for row in found))


def rows(actions: Iterable[QAction]) -> list[tuple[str, str]]:
    """The actions that have keys, as (what they do, their keys)."""
    found = [(_plain(action.iconText() or action.text()), action.shortcuts()) for action in actions]
    return [(text, "  or  ".join(_native(key) for key in keys[:MOST])) for text, keys in found if keys and not keys[0].isEmpty()]


def _rows_of(menu: QMenu) -> Iterable[tuple[str, str]]:
    for action in menu.actions():
        if isinstance(inner := action.menu(), QMenu):
            yield from _rows_of(inner)
        else:
            yield from rows([action])


def _native(key: QKeySequence) -> str:
    return key.toString(QKeySequence.SequenceFormat.NativeText)


def _plain(text: str) -> str:
    return text.replace("&", "").removesuffix("…")
