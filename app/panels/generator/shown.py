"""The pictures that a training shows by itself: what the network makes of the data, drawn again while it learns."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app import theme
from app.panels.generator import saving
from app.panels.panel import Panel, described
from app.panels.pictures import PictureGrid
from ml import events
from ml.project.project import Project

ROW = 8
KINDS = {
    "transformed": (
        "As the network turns them",
        ROW,
        "Rows in pairs: pictures of the validation data, and below each what the network makes of it before it reads it.",
    ),
    "augmented": (
        "As they are trained with",
        ROW,
        "Rows in pairs: pictures of the training data, and below each what the network was given of it this time.",
    ),
    "moves": ("Moves", 10, "Positions of the validation data. The bluer a cell, the likelier the network plays there; dots are the best moves."),
    "reconstructions": ("Reconstructions", ROW, "Rows in pairs: pictures of the validation data, and below each what is painted of it."),
    "dimensions": (
        "What each number does",
        11,
        "One picture of the validation data, painted again: a row for each number of its capsule, from 0.25 less to 0.25 more than it is.",
    ),
}
"""Of pictures by their name: what they are called here, how many stand in a row, and what there is to see."""


class ShownPage(Panel):
    """Shows the latest pictures of each name, one name at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures: dict[str, np.ndarray] = {}
        """By name, (n, height, width, channels) of uint8."""
        self._grid = described(PictureGrid(), "pictures", "Pictures that the training shows by itself.")
        self._choice = described(QComboBox(), "which pictures", "Which of the pictures that the training shows are drawn here.")
        self._choice.activated.connect(self.stale)
        self._png = described(QPushButton("Save PN&G…"), "Save PNG…", "Save these pictures as one.")
        self._png.clicked.connect(self._save)
        self._says = theme.label(kind="muted")
        self._lay_out()

    @property
    def is_empty(self) -> bool:
        """Whether the run has shown no pictures yet."""
        return not self.pictures

    def begin(self, _project: Project) -> None:
        """A run starts: no pictures yet."""
        self.pictures = {}
        self._choice.clear()
        self.stale()

    def show_event(self, event: events.Message) -> None:
        """Take what a run says."""
        if isinstance(event, events.Picture):
            if event.name not in self.pictures:
                self._choice.addItem(_kind(event.name)[0], event.name)
            self.pictures[event.name] = event.pixels.numpy()
            self.stale()

    def refresh(self) -> None:
        name = self._choice.currentData() or ""
        _, row, says = _kind(name)
        self._choice.setVisible(len(self.pictures) > 1)
        self._grid.show_pixels(self.pictures.get(name), row)
        self._says.setText(says)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self._choice)
        row.addWidget(self._says, 1)
        row.addWidget(self._png)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        column.addLayout(row)
        column.addWidget(self._grid, 1)

    def _save(self) -> None:
        if self._grid.pixels is not None:
            saving.save_png(self, self._grid.pixels)


def _kind(name: str) -> tuple[str, int, str]:
    return KINDS.get(name, (name.replace("_", " ").capitalize(), 0, ""))
