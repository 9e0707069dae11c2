"""How cells of the table of runs are painted and edited: states with a dot in their colour, tags as chips, both completed from those in use."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QCompleter, QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app import theme
from app.panels.runs.columns import FOLDER, STATE, TAGS
from app.panels.runs.model import ID
from app.theme import GRID

DOT, PADDING, GAP = 8, 6, 4
"""The width of a state's dot, what is left at both sides of a tag's words, and between two tags, in pixels."""
Index = QModelIndex | QPersistentModelIndex
Words = Callable[[], Sequence[str]]


def state_colour(state: str) -> QColor:
    """The colour of a run's state."""
    colours = theme.colours()
    by_state = {"running": colours.accent, "paused": colours.warning, "interrupted": colours.warning, "failed": colours.error, "unreadable": colours.error}
    return QColor(by_state.get(state, colours.muted if state == "waiting" else colours.good))


class Cells(QStyledItemDelegate):
    """`tags` and `folders` say which are used already."""

    def __init__(self, tags: Words, folders: Words, parent: QObject) -> None:
        super().__init__(parent)
        self._known: dict[str, Words] = {TAGS: tags, FOLDER: folders}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        column, text = _column(index), index.data()
        if column not in (STATE, TAGS) or not text:
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        option.text = ""  # pyright: ignore[reportAttributeAccessIssue] - left out of the stubs
        style = option.widget.style() if option.widget else QApplication.style()  # pyright: ignore[reportAttributeAccessIssue] - as above
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)  # pyright: ignore[reportAttributeAccessIssue] - as above
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room: QRect = option.rect.adjusted(GRID, 0, -GAP, 0)  # pyright: ignore[reportAttributeAccessIssue] - as above
        painter.setClipRect(room)
        if column == STATE:
            _paint_state(painter, room, text, option.palette.color(QPalette.ColorRole.Text))  # pyright: ignore[reportAttributeAccessIssue] - as above
        else:
            _paint_tags(painter, room, text.split(", "))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hint = super().sizeHint(option, index)
        more = {STATE: 2 * DOT, TAGS: 2 * PADDING * (str(index.data()).count(",") + 1)}.get(_column(index), 0)
        return QSize(hint.width() + more, hint.height())

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        column = _column(index)
        editor.setAccessibleName(str(index.model().headerData(index.column(), Qt.Orientation.Horizontal)))
        editor.setPlaceholderText({TAGS: "paper, seed 3", FOLDER: "thesis/chapter 2"}.get(column, ""))
        if column in self._known:
            editor.setCompleter(completer(self._known[column](), editor, column == TAGS))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if not (isinstance(editor, QLineEdit) and editor.isModified()):  # What is being written stays when the row is refreshed.
            super().setEditorData(editor, index)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Close the editor without the window's own keys for Escape and Enter."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        return super().eventFilter(editor, event)


class _LastOf(QCompleter):
    """Completes what stands behind the last comma."""

    def splitPath(self, path: str) -> list[str]:
        return [path.rsplit(",", 1)[-1].strip()]

    def pathFromIndex(self, index: Index) -> str:
        widget = self.widget()
        before = widget.text().rsplit(",", 1)[:-1] if isinstance(widget, QLineEdit) else []
        return ", ".join([*(part.strip() for part in before), str(index.data())])


def completer(words: Sequence[str], parent: QObject, is_list: bool) -> QCompleter:
    """One that offers these words, of a list with commas for its last part."""
    made = (_LastOf if is_list else QCompleter)(list(words), parent)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setFilterMode(Qt.MatchFlag.MatchContains)
    return made


def _column(index: Index) -> str:
    return str(index.model().headerData(index.column(), Qt.Orientation.Horizontal, ID))


def _paint_state(painter: QPainter, room: QRect, state: str, text: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(state_colour(state))
    painter.drawEllipse(QPointF(room.left() + DOT / 2, room.center().y() + 0.5), DOT / 2, DOT / 2)
    painter.setPen(text)
    painter.drawText(room.adjusted(2 * DOT, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, state)


def _paint_tags(painter: QPainter, room: QRect, tags: list[str]) -> None:
    metrics, colours = QFontMetrics(painter.font()), theme.colours()
    left = float(room.left() - 2)
    for tag in tags:
        width, height = metrics.horizontalAdvance(tag) + 2 * PADDING, metrics.height() + 2
        chip = QRectF(left, room.center().y() - height / 2 + 0.5, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.pressed))
        painter.drawRoundedRect(chip, height / 2, height / 2)
        painter.setPen(QColor(colours.text))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, tag)
        left += width + GAP
