"""A slider and a number box for each latent dimension, those that move the picture most first."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QGridLayout, QLabel, QScrollArea, QSlider, QWidget

from app.panels import words
from app.panels.panel import described

REACH = 4.0
"""How far a slider goes to either side; nearly all of the prior, a standard normal, lies within."""
MARKS = 100
"""Slider positions to one."""


class LatentSliders(QScrollArea):
    """Shows a latent point (d,) and lets a person move it, one dimension at a time."""

    changed = Signal(int, float)
    """Which dimension was moved, and where to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(220)
        self._order: list[int] = []
        self._rows: list[tuple[QLabel, QSlider, QDoubleSpinBox]] = []

    def order_by(self, effect: np.ndarray) -> None:
        """Order the dimensions by how much each moves the picture, `effect` (d,); never under a person's hand."""
        if len(effect) != len(self._rows):
            self._rebuild(len(effect))
        elif any(box.hasFocus() or slider.hasFocus() for _, slider, box in self._rows) or QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return
        self._order = [int(index) for index in np.argsort(-effect, kind="stable")]
        effect = np.nan_to_num(effect)
        largest = max(float(effect.max()), 1e-9)
        for dimension, (label, slider, box) in zip(self._order, self._rows, strict=True):
            label.setText(f"z{dimension + 1}")
            moves = (
                f"moves a pixel by {words.number(float(effect[dimension]))} on average, {effect[dimension] / largest:.0%} of the dimension that moves it most"
            )
            for widget in (slider, box):
                described(widget, f"latent dimension {dimension + 1}", f"Latent dimension {dimension + 1}: {moves}.")

    def show_point(self, point: np.ndarray) -> None:
        """Put every control to where the point (d,) is, silently."""
        for dimension, (_, slider, box) in zip(self._order, self._rows, strict=True):
            slider.blockSignals(True)
            box.blockSignals(True)
            slider.setValue(round(float(point[dimension]) * MARKS))
            box.setValue(float(point[dimension]))
            slider.blockSignals(False)
            box.blockSignals(False)

    def _rebuild(self, count: int) -> None:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 12, 0)
        self._rows = [self._row(index) for index in range(count)]
        for index, row in enumerate(self._rows):
            for column, widget in enumerate(row):
                grid.addWidget(widget, index, column)
        grid.setRowStretch(count, 1)
        self.setWidget(inner)

    def _row(self, index: int) -> tuple[QLabel, QSlider, QDoubleSpinBox]:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(round(-REACH * MARKS), round(REACH * MARKS))
        box = QDoubleSpinBox(minimum=-20, maximum=20, singleStep=0.1, decimals=2)
        box.setKeyboardTracking(False)
        box.setFixedWidth(84)
        slider.valueChanged.connect(lambda value: self.changed.emit(self._order[index], value / MARKS))
        box.valueChanged.connect(lambda value: self.changed.emit(self._order[index], value))
        label = QLabel()
        label.setBuddy(box)
        return label, slider, box
