"""A note as it lies on the canvas: a comment is a slip of paper, a frame a tinted field behind the nodes with its title."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.canvas.edits.note_edits import EDGES, TITLE, rect_of
from app.canvas.items.look import Detail, Look
from ml.project.graph import Note

RADIUS, INDENT, HANDLE, TITLE_PIXELS = 8.0, 12.0, 8.0, 14
FAR_PIXELS = 12.0
"""How large a frame's title is on the screen where the canvas is seen from afar."""
BEHIND, ABOVE_LINKS, ABOVE_ALL = -2.0, 0.5, 3.0
"""Where frames and comments lie, among links at 0 and nodes at 1 and above; from afar frames lie above all, for their titles to be read."""


class NoteItem(QGraphicsItem):
    """A note that paints itself; in its own coordinates it begins at (0, 0)."""

    def __init__(self, name: str, note: Note, look: Look) -> None:
        super().__init__()
        self.name, self.look = name, look
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.show_note(note)

    def show_note(self, note: Note) -> None:
        """Show another value of the note."""
        self.note = note
        self.put(rect_of(note))

    def put(self, rect: QRectF) -> None:
        """Lie elsewhere, while a hand drags or resizes it."""
        self.prepareGeometryChange()
        self._lines: list[str] | None = None
        self.size = rect.size()
        self.setPos(rect.topLeft())
        self.follow_detail()

    def follow_detail(self) -> None:
        """Lie where the level of detail asks, smaller frames above larger ones."""
        floor = BEHIND if self.look.detail == Detail.FULL else ABOVE_ALL
        self.setZValue(floor + 1e6 / (1e6 + self.size.width() * self.size.height()) if self.note.frame else ABOVE_LINKS)
        self.update()

    def rect(self) -> QRectF:
        """What it covers in the scene."""
        return QRectF(self.pos(), self.size)

    @property
    def kind(self) -> str:
        """What people call it."""
        return "frame" if self.note.frame else "comment"

    @property
    def sentence(self) -> str:
        """The note read aloud."""
        return f"{self.kind}: {self.note.text or 'nothing written'}"

    def boundingRect(self) -> QRectF:
        return QRectF(QPointF(), self.size).adjusted(-2, -2, 2, 2)

    def grip(self, point: QPointF, zoom: float) -> int | None:
        """The handle under a point of the scene, where the note is selected: its number in `EDGES`."""
        if not self.isSelected():
            return None
        reach = (HANDLE + 2) / zoom
        near = [(abs(point.x() - place.x()) + abs(point.y() - place.y()), index) for index, place in enumerate(self._handles(zoom))]
        distance, index = min((distance, index) for distance, index in near)
        return index if distance <= 1.5 * reach else None

    def holds(self, point: QPointF, zoom: float) -> bool:
        """Whether a hand takes hold of the note at a point of the scene: anywhere on a comment, at a frame's title or edge."""
        rect = self.rect()
        if not rect.adjusted(-2, -2, 2, 2).contains(point):
            return False
        edge = 6 / zoom
        inner = rect.adjusted(edge, max(TITLE - 6, 14 / zoom), -edge, -edge)
        return not self.note.frame or not inner.contains(point)

    def _handles(self, zoom: float) -> list[QPointF]:
        """The middles of the handles in the scene, just within the edges."""
        rect = self.rect().adjusted(HANDLE / zoom / 2, HANDLE / zoom / 2, -HANDLE / zoom / 2, -HANDLE / zoom / 2)
        middle = rect.center()
        return [QPointF(middle.x() + across * rect.width() / 2, middle.y() + down * rect.height() / 2) for across, down in EDGES]

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom = painter.worldTransform().m11()
        colours = self.look.palette.note(self.note.colour)
        line, fill = QColor(colours.line), QColor(colours.fill)
        if self.note.frame:
            fill.setAlpha(120 if self.look.detail == Detail.FULL else 70)
        if self.isSelected():
            line = QColor(self.look.palette.accent)
        pen = QPen(line, 2.0 if self.isSelected() else 1.2)
        pen.setCosmetic(self.look.detail != Detail.FULL)
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(QPointF(), self.size), RADIUS, RADIUS)
        painter.setPen(QColor(colours.ink if self.note.frame else self.look.palette.text))
        if self.note.frame:
            self._paint_title(painter, zoom)
        elif self.look.detail == Detail.FULL:
            self._paint_words(painter)
        if self.isSelected():
            self._paint_handles(painter, zoom)

    def _paint_title(self, painter: QPainter, zoom: float) -> None:
        """The title in one line; from afar larger, as far as the frame has room for it."""
        text, font, room = self.note.text.replace("\n", " "), QFont(self.look.title), self.size.width() - 2 * INDENT
        font.setPixelSize(TITLE_PIXELS)
        widest = TITLE_PIXELS * room / max(1.0, QFontMetricsF(font).horizontalAdvance(text))
        pixels = max(TITLE_PIXELS, min(FAR_PIXELS / zoom, self.size.height() / 3, 0.95 * widest))
        font.setPixelSize(round(pixels))
        painter.setFont(font)
        text = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(INDENT, 0, room, max(TITLE, 1.6 * pixels)), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_words(self, painter: QPainter) -> None:
        """As many lines as there is room for; the last one says where there are more."""
        font, room = writing_font(self.look), self.size.width() - 2 * INDENT
        painter.setFont(font)
        if self._lines is None:
            self._lines = wrapped(self.note.text, font, room)
        lines = self._lines
        height = QFontMetricsF(font).lineSpacing()
        count = max(1, int((self.size.height() - INDENT) / height))
        shown = lines[:count]
        if len(lines) > count:
            shown[-1] = QFontMetricsF(font).elidedText(shown[-1] + "…", Qt.TextElideMode.ElideRight, room)
        for index, text in enumerate(shown):
            painter.drawText(QRectF(INDENT, INDENT / 2 + index * height, room, height), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_handles(self, painter: QPainter, zoom: float) -> None:
        side = HANDLE / zoom
        pen = QPen(QColor(self.look.palette.accent), 1.5)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(QColor(self.look.palette.card))
        for place in self._handles(zoom):
            painter.drawRect(QRectF(place - self.pos() - QPointF(side / 2, side / 2), place - self.pos() + QPointF(side / 2, side / 2)))

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(QRectF(QPointF(), self.size))
        return path


def writing_font(look: Look) -> QFont:
    """What comments are written in."""
    font = QFont(look.title)
    font.setWeight(QFont.Weight.Normal)
    return font


def wrapped(text: str, font: QFont, width: float) -> list[str]:
    """The lines of a text that is `width` pixels wide."""
    lines = []
    for paragraph in text.split("\n"):
        layout, units = QTextLayout(paragraph, font), paragraph.encode("utf-16-le", "surrogatepass")  # Qt counts so: a smiley is two
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        found = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            found.append(units[2 * line.textStart() : 2 * (line.textStart() + line.textLength())].decode("utf-16-le", "surrogatepass"))
        layout.endLayout()
        lines += found or [""]
    return lines


def height_for(text: str, look: Look, width: float) -> float:
    """How high a comment of this width must be for all its words."""
    font = writing_font(look)
    return len(wrapped(text, font, width - 2 * INDENT)) * QFontMetricsF(font).lineSpacing() + INDENT + 2
