"""The band under a node that is wrong: its error in words, and a button for each way out.

It is small until the mouse or the selection is on its node: two lines and the first way out fill the room between two rows of cards.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QStaticText

from app.canvas.items.faces import Face
from app.canvas.items.look import Look

WIDER, MARGIN, ABOVE = 12.0, 14.0, 5.0
"""How far the band reaches beyond the card on each side, how far its words stand off its edge, and how far it lies below the card."""
LINES, LINES_WITH_FIX, LINES_OPEN = 3, 2, 8
"""How many lines of an error are shown at most: alone, beside a way out, and where the band is open."""
BUTTON, GAP = 18.0, 4.0


class Band:
    """Where the words and the buttons lie, in the item's own coordinates. It is made anew whenever something in it changes."""

    def __init__(self, face: Face, look: Look, width: float, bottom: float, is_open: bool) -> None:
        self.look = look
        self.left, self.top = -width / 2 - WIDER, bottom + ABOVE
        self.width = width + 2 * WIDER
        inner = self.width - 2 * MARGIN
        shown = face.fixes if is_open else face.fixes[:1]
        lines = LINES_OPEN if is_open else LINES_WITH_FIX if shown else LINES
        self.error = self._wrapped(face.error, inner, lines)
        self.fixes = [look.static(text, look.text, inner - 2 * GAP - (self._more_width(face) if not is_open else 0)) for text in shown]
        self.more = look.static(f"+{len(face.fixes) - 1}", look.small, 40) if len(face.fixes) > 1 and not is_open else None
        self.pad = 5.0 if is_open or not shown else 2.0
        words = self.error.size().height() + 2 * self.pad
        self.buttons = [QRectF(self.left + MARGIN - GAP, self.top + words + index * (BUTTON + GAP), inner + 2 * GAP, BUTTON) for index in range(len(shown))]
        self.rect = QRectF(self.left, self.top, self.width, words + len(shown) * (BUTTON + GAP) + (GAP if shown else 0))

    def _more_width(self, face: Face) -> float:
        return 26.0 if len(face.fixes) > 1 else 0.0

    def _wrapped(self, text: str, width: float, lines: int) -> QStaticText:
        made = self.look.static(text, self.look.text, width * lines * 0.9)
        made.setTextWidth(width)
        made.prepare(font=self.look.text)
        return made

    def part_at(self, point: QPointF) -> int | None:
        """The button under a point, -1 for the words or the gap to the card, None beside the band."""
        for index, button in enumerate(self.buttons):
            if button.contains(point):
                return index
        return -1 if self.rect.adjusted(0, -ABOVE, 0, 0).contains(point) else None

    def paint(self, painter: QPainter, lit: int | None) -> None:
        """Paint all of it, with the button numbered `lit` under the hand."""
        palette, look = self.look.palette, self.look
        painter.setPen(QPen(look.colour(palette.error), 1))
        painter.setBrush(look.colour(palette.error_card))
        painter.drawRoundedRect(self.rect, 6, 6)
        painter.setFont(look.text)
        painter.setPen(look.colour(palette.error_text))
        painter.drawStaticText(self.rect.topLeft() + QPointF(MARGIN, self.pad), self.error)
        for index, (button, text) in enumerate(zip(self.buttons, self.fixes, strict=True)):
            self._paint_button(painter, button, text, index == lit)
        if self.more is not None:
            painter.setFont(look.small)
            painter.setPen(look.colour(palette.muted))
            right = self.buttons[0].right() - GAP - self.more.size().width()
            painter.drawStaticText(QPointF(right, self.buttons[0].center().y() - self.more.size().height() / 2), self.more)

    def _paint_button(self, painter: QPainter, button: QRectF, text: QStaticText, is_lit: bool) -> None:
        palette, look = self.look.palette, self.look
        painter.setPen(QPen(look.colour(palette.accent if is_lit else palette.border), 1))
        painter.setBrush(look.colour(palette.card))
        painter.drawRoundedRect(button, 5, 5)
        painter.setFont(look.text)
        painter.setPen(look.colour(palette.accent))
        painter.drawStaticText(QPointF(button.left() + 2 * GAP, button.center().y() - text.size().height() / 2), text)
