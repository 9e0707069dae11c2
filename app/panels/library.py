"""The library: templates by family, datasets, and node types by category, each with a picture, with one search over all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QStackedLayout, QTabWidget, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app import theme
from app.canvas.palette import DARK, LIGHT
from app.canvas.view import MIME
from app.theme import GRID, label
from ml import catalog, data
from ml.ops.table import NODE_TYPES

PICTURES = Path(__file__).parents[2] / "resources" / "pictures"
ID = Qt.ItemDataRole.UserRole
WORDS = Qt.ItemDataRole.UserRole + 1
PICTURE_SIZE = QSize(56, 36)
ICON_SIZE = QSize(18, 18)


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


class LibraryPanel(QWidget):
    """Says what a person chose with a double click or Enter; node types can be dragged onto the canvas as well."""

    template_chosen = Signal(str)
    data_chosen = Signal(str)
    node_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit(placeholderText="Search templates, data, nodes", clearButtonEnabled=True)
        self.search.setAccessibleName("Search the library")
        self.tabs = QTabWidget()
        self.tabs.setObjectName("library")
        self.tabs.setDocumentMode(True)
        self.templates = Shelf(template_items(), lambda items: {item.id: picture("templates", item.id) for item in items}, PICTURE_SIZE, opened=True)
        self.datasets = Shelf(data_items(), lambda items: {item.id: picture("data", item.id) for item in items}, PICTURE_SIZE, opened=True)
        self.nodes = Shelf(node_items(), node_icons, ICON_SIZE, opened=False)
        self.nodes.tree.setDragEnabled(True)
        for title, shelf, chosen in (
            ("Templates", self.templates, self.template_chosen),
            ("Data", self.datasets, self.data_chosen),
            ("Nodes", self.nodes, self.node_chosen),
        ):
            self.tabs.addTab(shelf, title)
            shelf.tree.chosen.connect(chosen)
        self.search.textChanged.connect(self._filter)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, GRID, GRID, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.search)
        column.addWidget(self.tabs)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_theme_change(event):
            self.nodes.recolour()

    def _filter(self, text: str) -> None:
        shelves = (self.templates, self.datasets, self.nodes)
        found = [shelf.filter(text) for shelf in shelves]
        for index, (count, name) in enumerate(zip(found, ("Templates", "Data", "Nodes"), strict=True)):
            self.tabs.setTabText(index, f"{name} ({count})" if text.strip() else name)
        if text.strip() and not found[self.tabs.currentIndex()] and any(found):
            self.tabs.setCurrentIndex(next(index for index, count in enumerate(found) if count))


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
        self.itemActivated.connect(self._activated)

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


def template_items() -> list[Item]:
    """The catalogue's templates."""
    return [Item(t.id, t.family, t.title, t.summary, f"{t.recipe.id} {t.data.id}") for t in catalog.templates().values()]


def data_items() -> list[Item]:
    """The data sources."""
    return [Item(s.id, s.family, s.title, s.help, f"{s.task} {s.kind}") for s in data.sources().values()]


def node_items() -> list[Item]:
    """The node types, operations under their Keras names."""
    return [Item(t.id, t.category, t.id.removeprefix("ops."), t.help, " ".join(t.aliases)) for t in NODE_TYPES.values()]


def picture(folder: str, id: str) -> QIcon:
    """The picture of a template (folder `templates`) or of a dataset (`data`)."""
    return QIcon(str(PICTURES / folder / f"{id}.png"))


def node_icons(items: list[Item]) -> Icons:
    """The sign of its category for each node type, and for the categories themselves."""
    by_category = {category: category_icon(category) for category in dict.fromkeys(item.group for item in items)}
    return {item.id: by_category[item.group] for item in items} | by_category


def category_icon(category: str) -> QIcon:
    """The sign of a category of node types, in the colour that it has on the canvas."""
    colour = (DARK if theme.is_dark() else LIGHT).category(category)
    words = {"Image preprocessing": "preprocessing"}
    name = "operations" if category.startswith("Operations") else words.get(category, category.lower())
    return theme.icon(name if (theme.ICONS / f"{name}.svg").exists() else "core", colour)


def _rows(head: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    return [row for index in range(head.childCount()) if (row := head.child(index)) is not None]
