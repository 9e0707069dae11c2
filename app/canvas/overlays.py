"""Small things that float over the canvas: the reason at the cursor, and the path of opened blocks."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.canvas.palette import Palette


class Hint(QLabel):
    """Words beside the cursor."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.canvas = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.hide()

    def set_palette(self, palette: Palette) -> None:
        """Take other colours."""
        shape = "border-radius: 5px; padding: 4px 8px;"
        self._styles = {
            True: f"background: {palette.error_card}; color: {palette.error_text}; border: 1px solid {palette.error}; {shape}",
            False: f"background: {palette.card}; color: {palette.text}; border: 1px solid {palette.border}; {shape}",
        }

    def show_at(self, text: str, point: QPoint, refuses: bool = False) -> None:
        """Show `text` near a point of the parent, as a refusal or as a remark; nothing hides it."""
        if not text:
            self.hide()
            return
        if text != self.text() or self.styleSheet() != self._styles[refuses]:
            self.setStyleSheet(self._styles[refuses])
            self.setText(text)
            width = min(280, self.fontMetrics().horizontalAdvance(text) + 26)
            self.resize(width, self.heightForWidth(width))
        room = self.canvas.rect()
        self.move(min(point.x() + 16, room.width() - self.width() - 4), min(point.y() + 18, room.height() - self.height() - 4))
        self.show()
        self.raise_()


class Breadcrumb(QLabel):
    """`model › block_1`: where in nested blocks the canvas is; a click goes back there."""

    chosen = Signal(int)
    """How many of the opened blocks stay open."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self.setAccessibleName("Opened blocks")
        self.setToolTip("Back to an outer graph (Ctrl+Up)")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.linkActivated.connect(lambda link: self.chosen.emit(int(link)))
        self._shown: tuple[str, tuple[str, ...]] = ("", ())
        self.move(12, 12)
        self.hide()

    def set_palette(self, palette: Palette) -> None:
        """Take other colours."""
        self._colours = palette.accent, palette.faint
        self.setStyleSheet(f"background: {palette.card}; color: {palette.text}; border: 1px solid {palette.border}; border-radius: 6px; padding: 5px 10px;")
        self.show_scope(*self._shown)

    def show_scope(self, role: str, scope: tuple[str, ...]) -> None:
        """Show the path, or nothing where no block is open."""
        self._shown = role, scope
        names = [escape(name) for name in (role, *scope)]
        accent, faint = self._colours
        steps = [f'<a href="{depth}" style="color: {accent}; text-decoration: none">{name}</a>' for depth, name in enumerate(names[:-1])]
        self.setText(f' <span style="color: {faint}">›</span> '.join([*steps, f"<b>{names[-1]}</b>"]))
        self.adjustSize()
        self.setVisible(bool(scope))
