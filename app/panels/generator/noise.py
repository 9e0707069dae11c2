"""The generator panel of a model that makes samples from noise: a grid that changes as it trains, new noise, and the way between two samples."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSpinBox, QSplitter, QVBoxLayout, QWidget

from app import theme
from app.panels.generator import saving
from app.panels.generator.interpolation import Interpolation
from app.panels.panel import Panel, described
from app.panels.pictures import PictureGrid
from app.panels.request import Latest, Request
from ml import events
from ml.project.project import Project

COUNT = 64
"""Samples in the grid; as many as the training shows, so that of its seed they are the same."""
HISTORY = 120
"""Grids that the film of a training keeps; when there are more, every second one is dropped."""


class NoisePage(Panel):
    """Shows what one fixed noise becomes: the run's own, or after New noise one of another seed."""

    def __init__(self, request: Request, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own = self._seed = 0
        self._pixels: np.ndarray | None = None
        self._latents: np.ndarray | None = None
        self._history: list[np.ndarray] = []
        self._every, self._seen = 1, 0
        self._step, self._newest = 0, -1
        self._has_models = False
        self._next_end = 0
        self._latest = Latest(request, self._answered)
        self._grid = described(
            PictureGrid(empty="Samples appear here as soon as the model trains."),
            "samples",
            "Samples of one fixed noise. Click two of them to see the way between.",
        )
        self._film = Interpolation(request, "Click two samples, A and B: the way from one to the other appears here.")
        self._says = theme.label(kind="muted", wrap=False)
        texts = {
            "new": ("Ne&w noise", "Draw other noise; the grid shows it from now on."),
            "fixed": ("The &run's own", "Show the noise that the training shows by itself."),
            "png": ("Save PN&G…", "Save this grid of samples."),
            "gif": ("Save fil&m…", "Save how the samples changed while the model trained, as an animated picture."),
        }
        self._buttons = {key: described(QPushButton(text), text.replace("&", ""), tip) for key, (text, tip) in texts.items()}
        self._ends = [described(QSpinBox(), f"sample {letter}", f"The number of the sample that is {letter}, counted by rows from 1.") for letter in "AB"]
        self._lay_out()
        self._wire()
        self._enable()

    def begin(self, project: Project) -> None:
        """A run starts: no samples yet."""
        self._latest.forget()
        self._film.forget()
        self._own = self._seed = project.training.seed
        self._pixels, self._latents, self._history = None, None, []
        self._every, self._seen, self._next_end, self._has_models = 1, 0, 0, False
        self._newest = -1
        for box in self._ends:
            box.setValue(0)
        self._says.setText("")
        self.stale()

    def show_event(self, event: events.Message) -> None:
        """Take what a run says."""
        match event:
            case events.Picture(name="samples", step=step, pixels=pixels):
                self._has_models = True
                self._step = step
                if step > self._newest:  # not what the time slider shows again
                    self._newest = step
                    self._remember(pixels.numpy())
                if self._seed == self._own:
                    self._pixels = pixels.numpy()
                self.stale()
            case events.Done(steps=steps):
                self._has_models = True
                self._step = steps
                self.stale()

    def refresh(self) -> None:
        """Draw the grid; where it is of noise of our own, ask for it as the model is now."""
        self._grid.show_pixels(self._pixels)
        self._mark()
        self._enable()
        if self._has_models and (self._seed != self._own or self._pixels is None):
            self._ask()
        else:
            self._film.ask()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for key in ("new", "fixed"):
            buttons.addWidget(self._buttons[key])
        for letter, box in zip("AB", self._ends, strict=True):
            label = QLabel(f"&{letter}")
            label.setBuddy(box)
            buttons.addSpacing(theme.GRID)
            buttons.addWidget(label)
            buttons.addWidget(box)
        buttons.addStretch()
        for key in ("png", "gif"):
            buttons.addWidget(self._buttons[key])
        left, right = QWidget(), QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, 0)
        column.addLayout(buttons)
        column.addWidget(self._grid, 1)
        beside = QVBoxLayout(right)
        beside.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, 0)
        beside.addWidget(self._film)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(right)
        split.setChildrenCollapsible(False)
        split.setSizes([640, 400])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(split, 1)
        outer.addWidget(self._says)
        self._says.setMargin(theme.GRID // 2)

    def _wire(self) -> None:
        self._buttons["new"].clicked.connect(lambda: self._take_noise(self._seed + 1))
        self._buttons["fixed"].clicked.connect(lambda: self._take_noise(self._own))
        self._buttons["png"].clicked.connect(self._save)
        self._buttons["gif"].clicked.connect(lambda: saving.save_gif(self, self._history))
        self._grid.picked.connect(self._picked)
        self._film.refused.connect(self._says.setText)
        for end, box in enumerate(self._ends):
            box.setSpecialValueText("–")
            box.valueChanged.connect(partial(self._chosen, end))

    def _take_noise(self, seed: int) -> None:
        self._seed, self._latents = seed, None
        for box in self._ends:
            box.setValue(0)
        self._film.forget()
        self._pixels = None
        self.stale()

    def _ask(self) -> None:
        self._latest.ask(events.Generate(0, "noise", n=COUNT, seed=self._seed))

    def _answered(self, event: Any) -> None:
        if isinstance(event, events.Refused):
            self._says.setText(event.reason)
            return
        latents = self._latents = event.arrays["latents"].numpy()
        self._pixels = event.arrays["pixels"].numpy()
        self._says.setText("")
        self._grid.show_pixels(self._pixels)
        self._enable()
        for end, box in enumerate(self._ends):
            if box.value():
                self._film.set_end(end, latents[box.value() - 1])

    def _save(self) -> None:
        if self._grid.pixels is not None:
            saving.save_png(self, self._grid.pixels)

    def _picked(self, index: int) -> None:
        self._ends[self._next_end].setValue(index + 1)
        self._next_end = 1 - self._next_end

    def _chosen(self, end: int, number: int) -> None:
        """Sample `number`, counted from 1, is an end of the way; its latent point is asked for where it is not known."""
        self._mark()
        if not number:
            return
        if self._latents is None:
            self._ask()
        elif number <= len(self._latents):
            self._film.set_end(end, self._latents[number - 1])

    def _mark(self) -> None:
        self._grid.mark({box.value() - 1: letter for letter, box in zip("AB", self._ends, strict=True) if box.value()})

    def _remember(self, pixels: np.ndarray) -> None:
        self._seen += 1
        if self._seen % self._every == 0 or not self._history:
            self._history.append(pixels)
        if len(self._history) > HISTORY:
            self._history = self._history[::2]
            self._every *= 2

    def _enable(self) -> None:
        count = 0 if self._pixels is None else len(self._pixels)
        for box in self._ends:
            box.setMaximum(count)
            box.setEnabled(count > 0)
        self._buttons["new"].setEnabled(self._has_models)
        self._buttons["fixed"].setEnabled(self._seed != self._own)
        self._buttons["png"].setEnabled(count > 0)
        self._buttons["gif"].setEnabled(len(self._history) > 1)
        if count:
            self._says.setText(f"{count} samples after step {self._step:,}, of the noise of seed {self._seed}.")
