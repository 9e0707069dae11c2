"""From one sample to another: two ends, the film between them, and a slider along it."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from app.panels.generator import saving
from app.panels.panel import described
from app.panels.pictures import PictureGrid
from app.panels.request import Latest, Request
from ml import events

FRAMES = 33
"""Pictures from one end to the other, both with it."""
EVERY = 4
"""Of these the strip shows every fourth."""


class Interpolation(QWidget):
    """Asks for the pictures between two latent points, (d,) each."""

    refused = Signal(str)
    """The engine could not: why."""

    def __init__(self, request: Request, hint: str, parent: QWidget | None = None) -> None:
        """`hint` says how the two ends are chosen."""
        super().__init__(parent)
        self.ends: list[np.ndarray | None] = [None, None]
        self._frames: np.ndarray | None = None
        self._latest = Latest(request, self._answered)
        self._large = PictureGrid(empty=hint)
        self._strip = PictureGrid(rows=1)
        self._slider = described(
            QSlider(Qt.Orientation.Horizontal),
            "interpolation",
            "Where between A, at the left, and B, at the right, the large picture lies.",
        )
        self._slider.setMaximum(FRAMES - 1)
        self._gif = described(QPushButton("Save G&IF…"), "save the film", "Save the way from A to B and back as an animated picture.")
        self._slider.valueChanged.connect(self._show_frame)
        self._strip.picked.connect(lambda index: self._slider.setValue(index * EVERY))
        self._gif.clicked.connect(self._save)
        described(self._strip, "film strip", "The way from A to B. Click a picture to see it large.")
        described(self._large, "picture between A and B", "The picture at the slider's place.")
        below = QHBoxLayout()
        for widget in (QLabel("A"), self._slider, QLabel("B"), self._gif):
            below.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._large, 3)
        column.addLayout(below)
        column.addWidget(self._strip, 1)
        self.forget()

    def set_end(self, end: int, latent: np.ndarray) -> None:
        """Make a latent point (d,) the end A (0) or B (1)."""
        self.ends[end] = np.asarray(latent, "float32")
        self.ask()

    def ask(self) -> None:
        """Ask for the film anew, where both ends are chosen."""
        if self.ends[0] is not None and self.ends[1] is not None:
            latents = events.Array.of(np.stack([self.ends[0], self.ends[1]]))
            self._latest.ask(events.Generate(0, "interpolate", n=FRAMES, arrays={"latents": latents}))

    def forget(self) -> None:
        """Another run has begun: no ends, no film."""
        self._latest.forget()
        self.ends, self._frames = [None, None], None
        self._large.show_pixels(None)
        self._strip.show_pixels(None)
        self._slider.setEnabled(False)
        self._gif.setEnabled(False)

    def _answered(self, event: Any) -> None:
        if isinstance(event, events.Generated):
            self._frames = event.arrays["pixels"].numpy()
            self._slider.setEnabled(True)
            self._gif.setEnabled(True)
            self._strip.show_pixels(self._frames[::EVERY])
            self._show_frame(self._slider.value())
        elif isinstance(event, events.Refused):
            self.refused.emit(event.reason)

    def _show_frame(self, frame: int) -> None:
        if self._frames is not None:
            self._large.show_pixels(self._frames[frame : frame + 1])
            self._strip.mark({round(frame / EVERY): ""})

    def _save(self) -> None:
        if self._frames is not None:
            way = [self._frames[index : index + 1] for index in range(FRAMES)]
            saving.save_gif(self, way + way[-2:0:-1])
