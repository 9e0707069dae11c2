"""The generator panel of a model whose answer is seen as a picture: what goes in, what comes out, and what is right, as it trains."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app import theme
from app.panels.generator import saving
from app.panels.panel import Panel, described
from app.panels.pictures import PictureGrid
from ml import data, events, overlays
from ml.project.project import Project

READS = {
    "segmentation": "Each time: the picture, the model's mask, the right mask.",
    "detection": "Each time: the picture, the model's box, the right box.",
    "denoising": "Each time: noisy, restored, true.",
    "bits": "Each time: what comes in, what the model says, what is right. Time goes to the right, and a bit that is 1 is light.",
}
"""How a picture is read, by recipe."""


class PredictionsPage(Panel):
    """Shows the latest `Picture` named predictions, and which colour means what."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixels: np.ndarray | None = None
        self._grid = described(PictureGrid(empty="Masks, boxes, restored pictures or bits appear here as soon as the model trains."), "predictions", "")
        self._save = described(QPushButton("Save PN&G…"), "Save PNG", "Save these pictures.")
        self._reads = theme.label(kind="muted", wrap=False)
        self._legend = theme.label(wrap=False)
        above = QHBoxLayout()
        above.addWidget(self._reads)
        above.addSpacing(2 * theme.GRID)
        above.addWidget(self._legend)
        above.addStretch()
        above.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        column.addLayout(above)
        column.addWidget(self._grid, 1)
        self._save.clicked.connect(self._save_pictures)
        self._save.setEnabled(False)

    def begin(self, project: Project) -> None:
        """A run starts: nothing is predicted yet."""
        self._pixels = None
        reads = READS.get(project.recipe.id, "")
        self._reads.setText(reads)
        self._grid.setToolTip(reads)
        self._legend.setText(legend(project) if reads else "")
        self.stale()

    def show_event(self, event: events.Message) -> None:
        """Take what a run says."""
        if isinstance(event, events.Picture) and event.name == "predictions":
            self._pixels = event.pixels.numpy()
            self.stale()

    def refresh(self) -> None:
        """Draw the pictures."""
        self._grid.show_pixels(self._pixels)
        self._save.setEnabled(self._pixels is not None)

    def _save_pictures(self) -> None:
        if self._pixels is not None:
            saving.save_png(self, self._pixels)


def legend(project: Project) -> str:
    """The classes, each after a square in its colour; nothing where the data has none or can't be read."""
    try:
        classes = data.spec(project.data).classes
    except data.DataProblem:
        return ""
    named = classes[1:] if project.recipe.id == "segmentation" else classes
    colours = ("#{:02x}{:02x}{:02x}".format(*colour) for colour in overlays.colours(len(named)))
    return "&nbsp; ".join(f'<span style="color:{colour}">\u25a0</span>&nbsp;{name}' for colour, name in zip(colours, named, strict=True))
