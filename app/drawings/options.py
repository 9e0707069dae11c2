"""What a person chooses of a drawing, as a value."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

Style = Literal["canvas", "flow", "volumes", "neurons"]
Part = Literal["shown", "model", "selection"]
Font = Literal["serif", "sans", "computer modern"]
Inks = Literal["colour", "grey", "black"]


class Options(Struct, frozen=True):
    """How a graph is drawn. What the style has no use for is passed over."""

    style: Style = "canvas"
    part: Part = "shown"
    transparent: bool = False
    dpi: int = 300
    """Of a PNG."""
    dark: bool = False
    """Of the canvas: in the colours of the dark theme."""
    notes: bool = True
    """Of the canvas: with its comments and frames."""
    width: float = 84.0
    """Of a figure, in millimetres: a wider one is made smaller."""
    font: Font = "serif"
    """Of a figure."""
    size: float = 8.0
    """Of a figure's letters, in points."""
    inks: Inks = "colour"
    right: bool = False
    """Of a flow diagram: from left to right."""
    names: bool = False
    """With the nodes' names in the place of their types."""
    arguments: bool = True
    """With what the nodes were set to."""
    sizes: bool = True
    """With the sizes of what comes out."""
    fold: bool = True
    """Parts that follow one another and are alike are drawn once, with how many there are."""
    join: bool = True
    """Normalization, activation and dropout are drawn in the box of the layer before them."""
    open: bool = True
    """Of a flow diagram: with the inside of blocks."""
    circles: int = 10
    """Of neurons: how many of a layer are drawn at most."""


def closed(options: Options) -> Options:
    """The same with blocks as one thing each."""
    return replace(options, open=False)
