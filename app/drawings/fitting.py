"""How a figure is made to fit the column of a paper."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from app.drawings.options import Options
from app.drawings.shapes import MILLIMETRE

PAGE = 225.0
"""The highest that a figure may be, in millimetres: what the pages of journals have for text."""


def fitting(rect: QRectF, options: Options) -> float:
    """By how much a figure that covers `rect` is made smaller, so that it is no wider than asked for and no higher than a page; 1: not at all."""
    return min(1.0, options.width * MILLIMETRE / max(1.0, rect.width()), PAGE * MILLIMETRE / max(1.0, rect.height()))
