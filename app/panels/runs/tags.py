"""Tags as chips in a row that breaks: a click on one takes it away, what is written in the field behind them is added."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLayout, QLayoutItem, QLineEdit, QSizePolicy, QToolButton, QWidget

from app.panels.runs.cells import completer

GAP = 4
FIELD_WIDTH = 96


class TagRow(QWidget):
    """`known` says which tags are used already."""

    edited = Signal(tuple)
    """The tags as a person wants them."""

    def __init__(self, known: Callable[[], Sequence[str]]) -> None:
        super().__init__()
        self._known = known
        self._tags: tuple[str, ...] = ()
        self.field = QLineEdit(placeholderText="Add a tag")
        self.field.setAccessibleName("Add a tag")
        self.field.setToolTip("Write a tag and press Enter; Backspace takes the last one away.")
        self.field.setMinimumWidth(FIELD_WIDTH)
        self.field.installEventFilter(self)
        self.field.returnPressed.connect(self._add)
        self.field.editingFinished.connect(self._add)
        self._row = Chips(self)
        self._row.addWidget(self.field)
        self._chips: list[QToolButton] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_tags(self, tags: tuple[str, ...]) -> None:
        """Show these tags."""
        if tags == self._tags and self._chips:
            return
        had_focus = any(chip.hasFocus() for chip in self._chips)
        self._tags = tags
        for chip in self._chips:
            self._row.removeWidget(chip)
            chip.deleteLater()
        self._chips = [self._chip(tag) for tag in tags]
        self._row.removeWidget(self.field)
        for widget in (*self._chips, self.field):
            self._row.addWidget(widget)
        self.field.setCompleter(completer([tag for tag in self._known() if tag not in tags], self.field, False))
        if had_focus:
            self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Backspace and not self.field.text() and self._tags:
                self.edited.emit(self._tags[:-1])
                return True
            if event.key() == Qt.Key.Key_Comma:
                self._add()
                return True
        return super().eventFilter(watched, event)

    def _chip(self, tag: str) -> QToolButton:
        chip = QToolButton(self)
        chip.setText(f"{tag.replace('&', '&&')}  ×")
        chip.setProperty("kind", "chip")
        chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        chip.setAccessibleName(f"Tag {tag}")
        chip.setToolTip(f"Take the tag {tag} away")
        chip.clicked.connect(lambda: self.edited.emit(tuple(other for other in self._tags if other != tag)))
        chip.show()
        return chip

    def _add(self) -> None:
        word = self.field.text().strip()
        self.field.clear()
        if word and word not in self._tags:
            self.edited.emit((*self._tags, word))


class Chips(QLayout):
    """Widgets beside each other as far as there is room, then in the next row; the last one takes what is left of its row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rectangle: QRect) -> None:
        super().setGeometry(rectangle)
        self._place(rectangle, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._items]
        return QSize(max((size.width() for size in sizes), default=0), max((size.height() for size in sizes), default=0))

    def _place(self, room: QRect, move: bool) -> int:
        """Put each where it belongs; the height of all."""
        left, top, height = room.left(), room.top(), 0
        for number, item in enumerate(self._items):
            size = item.sizeHint()
            is_last = number == len(self._items) - 1
            width = min(item.minimumSize().width() if is_last else size.width(), room.width())
            if left > room.left() and left + width > room.left() + room.width():
                left, top, height = room.left(), top + height + GAP, 0
            if move:
                whole = room.left() + room.width() - left if is_last else width
                item.setGeometry(QRect(QPoint(left, top), QSize(whole, size.height())))
            left, height = left + width + GAP, max(height, size.height())
        return top + height - room.top()
