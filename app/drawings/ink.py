"""With what a figure is drawn: its typeface and its colours."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont

from app.canvas.palette import LIGHT
from app.drawings.options import Font, Inks, Options
from app.drawings.shapes import POINT, Face

FACES: dict[Font, Face] = {
    "serif": Face(("Times New Roman", "Times", "Nimbus Roman", "TeX Gyre Termes", "Liberation Serif", "DejaVu Serif", "serif")),
    "sans": Face(("Helvetica", "Arial", "Nimbus Sans", "TeX Gyre Heros", "Liberation Sans", "DejaVu Sans", "sans-serif")),
    "computer modern": Face(("Latin Modern Roman", "LM Roman 10", "CMU Serif", "Computer Modern", "DejaVu Serif", "serif")),
}
"""What journals and conferences set their texts in."""
GREYS = {"conv": "#d4d4d4", "pool": "#b4b4b4", "attention": "#c4c4c4", "recurrent": "#c4c4c4", "core": "#e6e6e6", "input": "#ffffff", "output": "#ffffff"}
BLACK, MUTED = "#000000", "#555555"
SMALLER = 0.84
"""What is said beside the main thing, as a part of its size."""


@dataclass(frozen=True)
class Ink:
    """The fonts and the colours of one figure."""

    face: Face
    size: float
    """In tenths of a point."""
    inks: Inks

    @property
    def title(self) -> QFont:
        """For what a thing is."""
        return self.face.font(self.size)

    @property
    def small(self) -> QFont:
        """For what is said of it."""
        return self.face.font(self.size * SMALLER)

    def stroke(self, category: str) -> str:
        """The outline of a node of this category."""
        return _mixed(LIGHT.category(category), BLACK, 0.15) if self.inks == "colour" else BLACK

    def fill(self, category: str, white: float = 0.82) -> str:
        """Its inside, of which the part `white` is white."""
        if self.inks == "colour":
            return _mixed(LIGHT.category(category), "#ffffff", white)
        if self.inks == "grey":
            grey = next((grey for word, grey in GREYS.items() if word in category.lower()), "#f3f3f3")
            return _mixed(grey, BLACK, max(0.0, 0.82 - white) * 0.35)
        return "#ffffff"


def ink(options: Options) -> Ink:
    """What these options ask for."""
    return Ink(FACES[options.font], options.size * POINT, options.inks)


def _mixed(colour: str, other: str, part: float) -> str:
    a, b = QColor(colour), QColor(other)
    red, green, blue = (round(x + (y - x) * part) for x, y in ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue())))
    return QColor(red, green, blue).name()
