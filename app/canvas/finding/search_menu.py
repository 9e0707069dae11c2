"""The menu that opens on the canvas: a few letters, Enter, and the node is there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from app.canvas.finding import search
from app.canvas.finding.suggest import Source
from app.canvas.palette import LIGHT, Palette
from ml.ops.table import NODE_TYPES, NodeType

WIDTH, HEIGHT, ROW = 340, 344, 28
CATEGORY, HELP, ID = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
WORDS = "Add a layer or an operation"
KEPT = 12
"""How many types are remembered."""
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 7, Qt.Key.Key_PageUp: -7}


class SearchMenu(QFrame):
    """A search field above a list of node types, over the canvas. It goes away when it loses the focus."""

    used = Signal(list)
    """The ids of the types used last, the latest first, after another was used."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.canvas = parent
        self.setObjectName("search-menu")
        self.field = QLineEdit(self)
        self.field.setAccessibleName("Search node types")
        self.list = QListWidget(self)
        self.list.setAccessibleName("Node types found")
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows = _Rows(self.list)
        self.list.setItemDelegate(self.rows)
        self.help = QLabel(self)
        self.help.setObjectName("search-help")
        self.help.setWordWrap(True)
        self.help.setFixedHeight(38)
        self.help.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 6)
        column.setSpacing(6)
        for widget in (self.field, self.list, self.help):
            column.addWidget(widget)
        self._chosen: Callable[[str], object] = lambda type: None
        self._source: Source | None = None
        self.recent: list[str] = []
        """The ids of the types used last, the latest first."""
        self.own: Callable[[], list[NodeType]] = list
        """What can be added besides the node types: the person's own blocks."""
        self.field.textChanged.connect(self._fill)
        self.list.currentItemChanged.connect(self._show_help)
        self.list.itemClicked.connect(self._choose)
        self.field.installEventFilter(self)
        self.hide()

    def set_palette(self, palette: Palette) -> None:
        """Take other colours."""
        self.rows.colours = palette
        self.setStyleSheet(
            f"#search-menu {{ background: {palette.card}; border: 1px solid {palette.hover}; border-radius: 8px; }}"
            f"#search-menu QListWidget {{ background: {palette.card}; border: none; }}"
            f"#search-help {{ color: {palette.muted}; background: transparent; }}"
        )

    def open_at(self, point: QPoint, chosen: Callable[[str], object], words: str = WORDS, source: Source | None = None) -> None:
        """Open near `point` of the parent; `chosen` gets the id of the type that is chosen.

        `words` stand in the empty field; what takes `source` comes first.
        """
        self._source = source
        self.field.setPlaceholderText(words)
        self._chosen = chosen
        room = self.canvas.size() - QSize(8, 8)
        self.resize(min(WIDTH, room.width() - 8), min(HEIGHT, room.height() - 8))
        self.move(max(8, min(point.x(), room.width() - self.width())), max(8, min(point.y(), room.height() - self.height())))
        self.field.clear()
        self._fill("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def note_use(self, type: str) -> None:
        """Remember that a node of this type was added."""
        self.recent = [type, *(other for other in self.recent if other != type)][:KEPT]
        self.used.emit(self.recent)

    def give_up(self) -> None:
        """Go away where it is open: what it was opened for may be gone."""
        if self.field.hasFocus():
            self.close_menu()

    def close_menu(self) -> None:
        """Go away; the canvas has the keyboard again."""
        self.hide()
        self.canvas.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _key(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Escape:
            self.close_menu()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            self._choose()
        elif key in STEPS:
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + STEPS[key])))
        else:
            return False
        return True

    def _fill(self, query: str) -> None:
        self.list.clear()
        for kind in search.find(query, [*NODE_TYPES.values(), *self.own()], source=self._source, recent=self.recent):
            item = QListWidgetItem(kind.id.removeprefix("block:"))
            item.setData(ID, kind.id)
            item.setData(CATEGORY, kind.category)
            item.setData(HELP, kind.help)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        if not self.list.count():
            self.help.setText(f"Nothing is called {query!r}.")

    def _show_help(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            text = item.data(HELP).split("\n")[0]
            self.help.setText(text if len(text) < 100 else text[:99] + "…")

    def _choose(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.close_menu()
            self._chosen(item.data(ID))


class _Rows(QStyledItemDelegate):
    """A type's name with its category's colour before it and its category in small print after it."""

    colours = LIGHT

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        rect, category = QRectF(option.rect), str(index.data(CATEGORY))  # pyright: ignore[reportAttributeAccessIssue] -- missing in PySide6's stubs
        name = str(index.data())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if index.row() == self._current():
            painter.setBrush(QColor(self.colours.border))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 5, 5)
        painter.setBrush(QColor(self.colours.category(name if name in ("Input", "Output", "Block") else category)))
        painter.drawRoundedRect(QRectF(rect.left() + 9, rect.center().y() - 7, 4, 14), 2, 2)
        text = rect.adjusted(22, 0, -10, 0)
        painter.setPen(QColor(self.colours.text))
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, name)
        used = painter.fontMetrics().horizontalAdvance(name) + 12
        painter.setPen(QColor(self.colours.muted))
        rest = painter.fontMetrics().elidedText(category, Qt.TextElideMode.ElideRight, max(0, int(text.width()) - used))
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, rest)
        painter.restore()

    def _current(self) -> int:
        view = self.parent()
        return view.currentRow() if isinstance(view, QListWidget) else -1
