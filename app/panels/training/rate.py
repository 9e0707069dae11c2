"""A number box for learning rates: its arrows go by factors, and it writes 0.001 and 1e-05 alike."""

from __future__ import annotations

import math

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

STEP = 10
"""Arrow presses to a factor of ten."""


class RateBox(QDoubleSpinBox):
    """A positive number from 1e-9 to 100."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(12)
        self.setRange(1e-9, 100)
        self.setValue(0.001)
        self.setKeyboardTracking(False)

    def stepBy(self, steps: int) -> None:
        exponent = round(math.log10(self.value()) * STEP) + steps
        self.setValue(float(f"{10 ** (exponent / STEP):.3g}"))

    def textFromValue(self, value: float) -> str:
        return f"{value:.4g}"

    def valueFromText(self, text: str) -> float:
        return float(text)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        try:
            inside = self.minimum() <= float(text) <= self.maximum()
        except ValueError:
            typing = not text.strip("0123456789.e+-")
            return (QValidator.State.Intermediate if typing else QValidator.State.Invalid, text, position)
        return (QValidator.State.Acceptable if inside else QValidator.State.Intermediate, text, position)
