"""Words written in place on the canvas: a note's text, a frame's title, a node's name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from app.canvas.items.notes import writing_font
from app.canvas.palette import Palette
from app.canvas.sheet import Sheet

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
LOWEST, NARROWEST = 26, 120
"""Pixels of the screen that a field has at least, however far away the canvas is."""
MARGIN = 3


def anything(text: str) -> str:
    """Any words will do."""
    return ""


class Writing(QPlainTextEdit):
    """A field over the canvas. Enter keeps what is written (Ctrl+Enter where there are many lines), so does going elsewhere; Escape gives it up."""

    def __init__(self, view: Sheet) -> None:
        super().__init__(view)
        self.view = view
        self.setObjectName("writing")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self._done: Callable[[str], object] | None = None
        self._problem: Callable[[str], str] = anything
        self._lines = False
        self.textChanged.connect(self._judge)
        self.textChanged.connect(self._grow)
        for bar in (view.horizontalScrollBar(), view.verticalScrollBar()):
            bar.valueChanged.connect(self.keep)
        view.document.scope_changed.connect(self.close_field)
        self.hide()

    def set_palette(self, palette: Palette) -> None:
        """Take other colours."""
        self.setStyleSheet(
            f"#writing {{ background: {palette.card}; color: {palette.text}; border: 2px solid {palette.accent}; border-radius: 6px; padding: 0 4px; }}"
        )

    def open_over(
        self, rect: QRectF, what: str, text: str, done: Callable[[str], object], problem: Callable[[str], str] = anything, lines: bool = False
    ) -> None:
        """Write `what` over a rectangle of the scene, beginning with `text`.

        `done` gets the words that are kept. `problem` says why words won't do, as a sentence, or nothing. `lines`: there may be many of them.
        """
        self.keep()
        self.view.ensureVisible(rect, 24, 24)
        place = self.view.mapFromScene(rect).boundingRect()
        self.setGeometry(QRect(place.left(), place.top(), max(place.width(), NARROWEST), max(place.height(), LOWEST)))
        self._lines, self._problem = lines, problem
        self.setAccessibleName(what)
        self.setPlaceholderText(what)
        look = self.view.graph_scene.look
        self.setFont(writing_font(look) if lines else look.title)
        self.document().setDocumentMargin(MARGIN)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth if lines else QPlainTextEdit.LineWrapMode.NoWrap)
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)
        if not lines:
            self.selectAll()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self._done = done

    def keep(self) -> None:
        """Close the field and keep what is written, if it will do."""
        done, text = self._done, self.toPlainText()
        if done is not None:
            self.close_field()
            if not self._problem(text):
                done(text)

    def close_field(self) -> None:
        """Close the field and keep nothing; the canvas has the keyboard again."""
        self._done = None
        self.view.hint.hide()
        had_focus = self.hasFocus()
        self.hide()
        if had_focus:
            self.view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_field()
        elif event.key() in ENTER and (not self._lines or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            if not self._judge():
                self.keep()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.keep()

    def _grow(self) -> None:
        """Become as high as the lines need, as far as the canvas goes."""
        if self._lines:
            lines = int(self.document().size().height())
            wanted = lines * self.fontMetrics().lineSpacing() + 4 * MARGIN
            self.resize(self.width(), max(self.height(), min(wanted, self.view.height() - self.y())))

    def _judge(self) -> str:
        """Why what is written won't do; it stands under the field too."""
        reason = self._problem(self.toPlainText()) if self._done is not None else ""
        self.view.hint.show_at(reason, self.geometry().bottomLeft(), refuses=True)
        return reason
