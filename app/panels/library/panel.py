"""The library: templates by family, datasets, and node types by category, each with a picture, with one search over all."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLineEdit, QTabWidget, QVBoxLayout, QWidget

from app import theme
from app.canvas.palette import DARK, LIGHT
from app.own_blocks import OwnBlocks
from app.panels.library.own_blocks import OwnShelf
from app.panels.library.shelf import Icons, Item, Shelf
from app.theme import GRID
from ml import catalog, data
from ml.ops.table import NODE_TYPES

PICTURES = Path(__file__).parents[3] / "resources" / "pictures"
PICTURE_SIZE = QSize(56, 36)
ICON_SIZE = QSize(18, 18)


class LibraryPanel(QWidget):
    """Says what a person chose with a double click or Enter; node types can be dragged onto the canvas as well."""

    template_chosen = Signal(str)
    data_chosen = Signal(str)
    node_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.own: OwnShelf | None = None
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

    def follow(self, own: OwnBlocks) -> None:
        """Show a person's own blocks on a shelf of their own."""
        self.own = OwnShelf(own)
        self.own.chosen.connect(self.node_chosen)
        self.tabs.addTab(self.own, "Mine")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_theme_change(event):
            self.nodes.recolour()
            if self.own is not None:
                self.own.refresh()

    def _filter(self, text: str) -> None:
        shelves = [self.templates, self.datasets, self.nodes, *([self.own] if self.own is not None else [])]
        found = [shelf.filter(text) for shelf in shelves]
        for index, (count, name) in enumerate(zip(found, ("Templates", "Data", "Nodes", "Mine"), strict=False)):
            self.tabs.setTabText(index, f"{name} ({count})" if text.strip() else name)
        if text.strip() and not found[self.tabs.currentIndex()] and any(found):
            self.tabs.setCurrentIndex(next(index for index, count in enumerate(found) if count))


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
