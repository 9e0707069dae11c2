"""What lies on the canvas: a node paints all of itself, a link is one bare path."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QStaticText
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from app.canvas.geometry import BELOW, END_HEIGHT, HEIGHT, INSIDE, PORT_RADIUS, RIGHT_COLUMN, WIDTH, Box, height_for, port_place, width_for
from app.canvas.items.band import WIDER, Band
from app.canvas.items.faces import Face
from app.canvas.items.look import Detail, Look
from ml.project.graph import RIGHT

STRIP, RADIUS, MARGIN, STACK = 5.0, 9.0, 14.0, 5.0
LABEL = RIGHT_COLUMN - WIDTH - 22.0
"""How long the words above a link that runs right may be."""


class NodeItem(QGraphicsItem):
    """A node's card with its ports, words, output shapes and error."""

    def __init__(self, face: Face, look: Look) -> None:
        super().__init__()
        self.look = look
        self.hovered = False
        self._band: Band | None = None
        self.lit: tuple[str, int] | None = None
        """The port, or the way out, under the hand: ("input", "output" or "fix", its index)."""
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(1)
        self.show_face(face)
        self.follow_detail()

    def show_face(self, face: Face) -> None:
        """Show another face."""
        self.prepareGeometryChange()
        self.face = face
        self.width = width_for(len(face.slots), face.outputs, self.look.flow)
        least = (HEIGHT if face.kind in ("node", "block") else END_HEIGHT) + (INSIDE if face.inside else 0)
        self.height = height_for(least, len(face.slots), face.outputs, self.look.flow)
        self._laid_out, self._band = False, None
        if face.error:
            self._lay_out_text()
        self._card, self._bounds = self.card(), self._extent()
        self._strip = self.look.colour(self.look.palette.error if face.error else self.look.palette.category(face.category))
        self.setZValue(2 if face.error else 1)
        self.update()

    def refresh(self) -> None:
        """Show the same face after fonts or colours have changed."""
        self.show_face(self.face)

    def follow_hand(self, hovered: bool, lit: tuple[str, int] | None) -> None:
        """Show whether the mouse is on the node, and on which port or way out."""
        if (self.hovered, self.lit) != (hovered, lit):
            self.lit, self.hovered = lit, hovered
            self.fold()
            self.update()

    def fold(self) -> None:
        """Open the error's band where the mouse or the selection is, and close it elsewhere."""
        if self.face.error:
            self.prepareGeometryChange()
            self._band = self._made_band()
            self._bounds = self._extent()
            self.setZValue(3 if self.hovered or self.isSelected() else 2)

    def _made_band(self) -> Band:
        return Band(self.face, self.look, self.width, self.height / 2, self.hovered or self.isSelected())

    def part_at(self, point: QPointF) -> int | None:
        """What of the error's band lies under a point of the scene: a way out by its number, -1 for the words, None for nothing."""
        return self._band.part_at(point - self.pos()) if self._band and self.look.detail == Detail.FULL else None

    def follow_detail(self) -> None:
        """Cache as the level of detail asks."""
        full = self.look.detail == Detail.FULL
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache if full else QGraphicsItem.CacheMode.NoCache)

    def box(self) -> Box:
        """The node as geometry sees it."""
        return Box(self.face.name, self.x(), self.y(), self.width, self.height, len(self.face.slots), self.face.outputs, self.look.flow, self.face.spare)

    def card(self) -> QRectF:
        """The card in the item's own coordinates."""
        return QRectF(-self.width / 2, -self.height / 2, self.width, self.height)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def _extent(self) -> QRectF:
        """What is painted, worked out once for each face: Qt asks for it several times a frame."""
        below = max(BELOW, self._band.rect.height() + 8 if self._band else 0)
        beyond = LABEL + 12 if self.look.flow == RIGHT else WIDER + 2 * STACK
        return self.card().adjusted(-WIDER - 2, -PORT_RADIUS - 2 * STACK, beyond, below)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self.card())
        return path

    def _lay_out_text(self) -> None:
        """Measure and cut the words: before they are painted, not before, unless an error makes the item larger."""
        self._laid_out = True
        face, look = self.face, self.look
        inner = self.width - STRIP - 2 * MARGIN
        if face.kind in ("input", "output"):
            inner -= MARGIN
        self._count = look.static(face.parameters, look.small, inner)
        self._name = look.static(face.name, look.title, inner - (self._count.size().width() + 8 if face.parameters else 0))
        self._type = look.static(face.type, look.text, inner)
        self._times = look.static(f"×{face.repeat}" if face.repeat > 1 else "", look.title, inner)
        left = inner - self._type.size().width()
        self._detail = look.static(f" · {face.detail}" if face.detail else "", look.text, left) if left > 24 else look.static("", look.text, 0)
        self._shapes = self._shape_texts()
        self._band = self._made_band() if face.error else None

    def _shape_texts(self) -> list[tuple[QPointF, QStaticText]]:
        """The shapes right of the last output: one where all are the same, up to three where they differ. Where values flow right, above each link."""
        shapes = self.face.shapes
        if self.look.flow == RIGHT:
            return self._shapes_beside(shapes[: self.face.outputs] if len(set(shapes)) > 1 else shapes[:1])
        if not shapes or not self.face.outputs or len(set(shapes)) > 3:
            return []
        last = self._output(self.face.outputs - 1).x()
        text = shapes[0] if len(set(shapes)) == 1 else "  |  ".join(shapes)
        return [(QPointF(last + 10, self.height / 2 + 5), self.look.static(text, self.look.small, self.width / 2 + 4 * STACK - last - 10))]

    def _shapes_beside(self, shapes: tuple[str, ...]) -> list[tuple[QPointF, QStaticText]]:
        texts = [self.look.static(shape, self.look.small, LABEL) for shape in shapes] if self.face.outputs else []
        return [(self._output(index) + QPointF(PORT_RADIUS + 5, -text.size().height() - 3), text) for index, text in enumerate(texts)]

    def _input(self, index: int) -> QPointF:
        return port_place(index, len(self.face.slots), self.look.flow, -self.width / 2, -self.height / 2, self.face.spare)

    def _output(self, index: int) -> QPointF:
        return port_place(index, self.face.outputs, self.look.flow, self.width / 2, self.height / 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        look, strip = self.look, self._strip
        if look.detail == Detail.BLOCKS:
            painter.fillRect(self._card, look.colour(look.palette.accent) if self.isSelected() else strip)
            return
        self._paint_card(painter, strip)
        if look.detail == Detail.FULL:
            if not self._laid_out:
                self._lay_out_text()
            self._paint_words(painter, strip)
            self._paint_inside(painter)
            self._paint_ports(painter, strip)
            if self._band:
                self._band.paint(painter, self.lit[1] if self.lit and self.lit[0] == "fix" else None)

    def _paint_card(self, painter: QPainter, strip: QColor) -> None:
        palette, look, card = self.look.palette, self.look, self.card()
        radius = card.height() / 2 if self.face.kind in ("input", "output") else RADIUS
        border = palette.border
        if self.isSelected():
            border = palette.accent
        elif self.face.error:
            border = palette.error
        elif self.hovered:
            border = palette.hover
        pen = QPen(look.colour(border), 2.0 if self.isSelected() else 1.2)
        if self.face.waits and not self.isSelected():
            pen.setStyle(Qt.PenStyle.DashLine)
        if look.detail == Detail.FULL:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour(palette.shadow))
            painter.drawRoundedRect(card.translated(0, 2).adjusted(-1, 0, 1, 1), radius, radius)
        painter.setPen(pen)
        painter.setBrush(look.colour(palette.card))
        if self.face.kind == "block":
            painter.setPen(QPen(look.colour(palette.hover), 1.2))
            painter.drawRoundedRect(card.translated(2 * STACK, -2 * STACK).adjusted(2 * STACK, 0, 0, 0), radius, radius)
            painter.drawRoundedRect(card.translated(STACK, -STACK).adjusted(STACK, 0, 0, 0), radius, radius)
            painter.setPen(pen)
        painter.drawRoundedRect(card, radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        if look.detail == Detail.CARDS:
            painter.setBrush(look.tint(strip))
            painter.drawRoundedRect(card, radius, radius)
        painter.setBrush(look.colour(palette.faint) if self.face.waits else strip)
        painter.drawPath(_strip(card.width(), card.height(), radius))

    def _paint_words(self, painter: QPainter, strip: QColor) -> None:
        palette, look, face = self.look.palette, self.look, self.face
        left = -self.width / 2 + STRIP + MARGIN + (MARGIN / 2 if face.kind in ("input", "output") else 0)
        right = self.width / 2 - MARGIN - (MARGIN / 2 if face.kind in ("input", "output") else 0)
        middle = -INSIDE / 2 if face.inside else 0.0
        painter.setFont(look.title)
        painter.setPen(look.colour(palette.faint if face.waits else palette.text))
        painter.drawStaticText(QPointF(left, middle - self._name.size().height() - 0.5), self._name)
        painter.setFont(look.text)
        painter.setPen(look.colour(palette.faint) if face.waits else strip)
        painter.drawStaticText(QPointF(left, middle + 2.5), self._type)
        painter.setPen(look.colour(palette.faint if face.waits else palette.muted))
        painter.drawStaticText(QPointF(left + self._type.size().width(), middle + 2.5), self._detail)
        painter.setFont(look.small)
        if face.parameters:
            size = self._count.size()
            painter.drawStaticText(QPointF(right - size.width(), middle - size.height() - 2), self._count)
        for point, text in self._shapes:
            size = text.size()
            painter.fillRect(QRectF(point.x() - 3, point.y(), size.width() + 6, size.height()), look.colour(palette.background))
            painter.drawStaticText(point, text)

    def _paint_inside(self, painter: QPainter) -> None:
        """The picture of what is in a block along the card's lower edge, and how often the block is repeated."""
        if self.face.inside is None:
            return
        room = QRectF(-self.width / 2 + STRIP + MARGIN, self.height / 2 - INSIDE + 1, self.width - STRIP - 2 * MARGIN, INSIDE - 11)
        if self._times.text():
            size = self._times.size()
            painter.setFont(self.look.title)
            painter.setPen(self.look.colour(self.look.palette.text))
            painter.drawStaticText(QPointF(room.right() - size.width(), room.center().y() - size.height() / 2), self._times)
            room.setRight(room.right() - size.width() - MARGIN / 2)
        self.face.inside.paint(painter, room, self.look.palette, pale=bool(self.face.waits))

    def _paint_ports(self, painter: QPainter, strip: QColor) -> None:
        palette, look, face = self.look.palette, self.look, self.face
        colour = look.colour(palette.faint) if face.waits else strip
        for index, slot in enumerate(face.slots):
            spare = slot.optional and not slot.linked
            self._paint_port(painter, self._input(index), look.colour(palette.faint) if spare else colour, slot.linked, self.lit == ("input", index), spare)
        for index in range(face.outputs):
            self._paint_port(painter, self._output(index), colour, True, self.lit == ("output", index))

    def _paint_port(self, painter: QPainter, point: QPointF, colour: QColor, filled: bool, lit: bool, spare: bool = False) -> None:
        palette, look = self.look.palette, self.look
        if lit:
            colour = look.colour(palette.accent)
        painter.setPen(QPen(colour if not filled else look.colour(palette.card), 1.5))
        painter.setBrush(colour if filled else look.colour(palette.card))
        radius = PORT_RADIUS + (2 if lit else 0) - (1.5 if spare and not lit else 0)
        painter.drawEllipse(point, radius, radius)


class LinkItem(QGraphicsPathItem):
    """A link, which Qt paints by itself: it only remembers what it joins."""

    def __init__(self, source: str, output: int, target: str, port: int) -> None:
        super().__init__()
        self.source, self.output, self.target, self.port = source, output, target, port
        self.detours = False
        """Whether it goes around cards."""
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def middle(self) -> QPointF:
        """The point of the scene half way along it."""
        return self.path().translated(self.pos()).pointAtPercent(0.5)


@lru_cache(maxsize=64)
def _strip(width: float, height: float, radius: float) -> QPainterPath:
    """The coloured left edge of a card, rounded as the card is."""
    card, left = QPainterPath(), QPainterPath()
    card.addRoundedRect(QRectF(-width / 2, -height / 2, width, height), radius, radius)
    left.addRect(QRectF(-width / 2, -height / 2, STRIP if radius == RADIUS else STRIP + MARGIN / 2, height))
    return card.intersected(left)
