"""The start page: templates by family and datasets as cards with a picture, and the files used last, over the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QLayout, QLayoutItem, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.panels.library.panel import Item, data_items, picture, template_items
from app.theme import GRID, label

SIZE = QSize(1080, 720)
CARD = QSize(232, 208)
PICTURE = QSize(184, 96)


class StartPage(QDialog):
    """Says what a person chose, and closes."""

    template_chosen = Signal(str)
    data_chosen = Signal(str)
    file_chosen = Signal(object)
    """A `Path`; None: ask which."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New")
        self.resize(SIZE)
        self.cards: dict[str, Card] = {}
        """By `templates/<id>` and `data/<id>`."""
        self.search = QLineEdit(placeholderText="Search", clearButtonEnabled=True)
        self.search.setMaximumWidth(320)
        self.search.setAccessibleName("Search templates and datasets")
        self.search.textChanged.connect(self._filter)
        self._sections: list[tuple[QLabel, Flow, list[Card]]] = []
        self._files = QVBoxLayout()
        self._files.setSpacing(0)
        page = QWidget()
        self._page = QVBoxLayout(page)
        self._page.setContentsMargins(4 * GRID, 3 * GRID, 4 * GRID, 4 * GRID)
        self._page.setSpacing(GRID)
        self._add_head()
        for family, items in _by_group(template_items()).items():
            self._add_section(family, "templates", items)
        self._add_section("Begin with data", "data", data_items())
        self._page.addStretch()
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)
        for chosen in (self.template_chosen, self.data_chosen, self.file_chosen):
            chosen.connect(self.accept)

    def show_recent(self, paths: list[Path]) -> None:
        """Show the files used last."""
        while (item := self._files.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for path in paths[:5]:
            button = QPushButton(path.name)
            button.setFlat(True)
            button.setAutoDefault(False)
            button.setToolTip(str(path))
            button.clicked.connect(lambda _=False, path=path: self.file_chosen.emit(path))
            self._files.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)

    def _add_head(self) -> None:
        opener = QPushButton("Open a project or a .keras file…")
        opener.setAutoDefault(False)
        opener.clicked.connect(lambda: self.file_chosen.emit(None))
        row = QHBoxLayout()
        row.addWidget(self.search, 1)
        row.addStretch()
        row.addWidget(opener)
        self._page.addWidget(label("What do you want to build?", "title"))
        self._page.addWidget(label("Choose an architecture, or begin with data. Everything can be changed afterwards.", "muted"))
        self._page.addLayout(row)
        self._page.addLayout(self._files)

    def _add_section(self, title: str, folder: str, items: list[Item]) -> None:
        heading = label(title, "heading")
        flow = Flow(CARD, 2 * GRID)
        cards = []
        for item in items:
            card = self.cards[f"{folder}/{item.id}"] = Card(item, picture(folder, item.id))
            card.chosen.connect(self.template_chosen if folder == "templates" else self.data_chosen)
            flow.addWidget(card)
            cards.append(card)
        self._page.addSpacing(GRID)
        self._page.addWidget(heading)
        self._page.addLayout(flow)
        self._sections.append((heading, flow, cards))

    def _filter(self, text: str) -> None:
        words = text.lower().split()
        for heading, flow, cards in self._sections:
            fits = [all(word in card.words for word in words) for card in cards]
            for card, fit in zip(cards, fits, strict=True):
                card.setVisible(fit)
            heading.setVisible(any(fits))
            flow.invalidate()


class Card(QFrame):
    """A picture, a title and a sentence; a click or Enter chooses it."""

    chosen = Signal(str)

    def __init__(self, item: Item, icon: QIcon) -> None:
        super().__init__()
        self.id = item.id
        self.words = f"{item.id} {item.title} {item.group} {item.help} {item.words}".lower()
        self.setProperty("kind", "card")
        self.setFixedSize(CARD)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(item.title)
        self.setToolTip(f"<p>{item.help}</p>")
        self._icon = icon
        self._picture = QLabel()
        self._picture.setFixedHeight(PICTURE.height())
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        summary = QLabel(item.help, wordWrap=True)
        summary.setProperty("kind", "muted")
        summary.setAlignment(Qt.AlignmentFlag.AlignTop)
        title = QLabel(item.title)
        title.setProperty("kind", "heading")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, GRID)
        column.setSpacing(GRID // 2)
        for widget in (self._picture, title, summary):
            column.addWidget(widget)
        column.setStretchFactor(summary, 1)
        self._picture.setPixmap(icon.pixmap(PICTURE, self.devicePixelRatioF()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()) and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.id)
        else:
            super().keyPressEvent(event)


class Flow(QLayout):
    """Items of one size in rows, as many in each as fit."""

    def __init__(self, size: QSize, spacing: int) -> None:
        super().__init__()
        self._size, self._gap = size, spacing
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        shown, columns = self._shown(), self._columns(width)
        rows = -(-len(shown) // columns)
        return max(0, rows * (self._size.height() + self._gap) - self._gap)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        return self._size if self._shown() else QSize(0, 0)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        columns = self._columns(rect.width())
        for index, item in enumerate(self._shown()):
            x = rect.x() + (index % columns) * (self._size.width() + self._gap)
            y = rect.y() + (index // columns) * (self._size.height() + self._gap)
            item.setGeometry(QRect(x, y, self._size.width(), self._size.height()))

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if (widget := item.widget()) is None or not widget.isHidden()]

    def _columns(self, width: int) -> int:
        return max(1, (width + self._gap) // (self._size.width() + self._gap))


def _by_group(items: list[Item]) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.group, []).append(item)
    return groups
