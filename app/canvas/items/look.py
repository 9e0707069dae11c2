"""What all items of a scene share: colours, fonts, and how much detail is painted now."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QStaticText
from PySide6.QtWidgets import QApplication

from app.canvas.palette import Palette
from ml.project.graph import DOWN


class Detail(IntEnum):
    """How much is painted at a zoom: a rectangle, a card, or all of it."""

    BLOCKS = 0
    CARDS = 1
    FULL = 2


def detail_at(zoom: float) -> Detail:
    """Below 0.35 text can't be read, below 0.18 a card can't be told from a rectangle."""
    return Detail.FULL if zoom >= 0.35 else Detail.CARDS if zoom >= 0.18 else Detail.BLOCKS


class Look:
    """What all items of a scene share: colours, fonts, which way values flow, and how much detail is painted now."""

    def __init__(self, palette: Palette, flow: str = DOWN, detail: Detail = Detail.FULL) -> None:
        self.palette, self.flow, self.detail = palette, flow, detail
        self.title, self.text, self.small = _font(13, QFont.Weight.DemiBold), _font(11), _font(10)
        self.metrics = {id(font): QFontMetricsF(font) for font in (self.title, self.text, self.small)}
        self._colours: dict[str, QColor] = {}

    def set_hinting(self, preference: QFont.HintingPreference) -> None:
        """Space letters for pixels or, on paper, as the typeface has them; before anything is shown."""
        for font in (self.title, self.text, self.small):
            font.setHintingPreference(preference)
            self.metrics[id(font)] = QFontMetricsF(font)

    def colour(self, name: str) -> QColor:
        """A colour of the palette, by its value."""
        return self._colours.setdefault(name, QColor(name))

    def tint(self, colour: QColor) -> QColor:
        """A breath of a colour, over a card without words."""
        tint = QColor(colour)
        tint.setAlpha(56)
        return tint

    def static(self, text: str, font: QFont, width: float) -> QStaticText:
        """A line of text, cut to `width` pixels."""
        made = QStaticText(self.metrics[id(font)].elidedText(text, Qt.TextElideMode.ElideRight, width))
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.prepare(font=font)
        return made


def _font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont(QApplication.font())
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font
