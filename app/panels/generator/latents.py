"""The generator panel of an autoencoder: the latent plane, a slider a dimension, the picture there, and the way between two points."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QElapsedTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from app import theme
from app.panels.generator import saving
from app.panels.generator.interpolation import Interpolation
from app.panels.generator.plane import LatentPlane
from app.panels.generator.sliders import LatentSliders
from app.panels.panel import Panel, described
from app.panels.pictures import PictureGrid
from app.panels.request import Latest, Request
from ml import events
from ml.project.project import Project

VIEWS = {"Chosen point": "point", "Reconstructions": "reconstructions", "Prior samples": "samples"}
"""What the picture may be; all but the first come from the training by themselves."""
BETWEEN = 1000
"""Milliseconds between two askings for the plane while a model trains."""

TALL = (QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)


class LatentPage(Panel):
    """Keeps one latent point; whatever moves it asks for the picture there."""

    def __init__(self, request: Request, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.point = np.zeros(0, "float32")
        self._plane_answer: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
        self._outdated = self._has_models = False
        self._since = QElapsedTimer()
        self._random = np.random.default_rng(0)
        self._plane_request = Latest(request, self._plane_answered)
        self._picture_request = Latest(request, self._picture_answered)
        self._plane = LatentPlane()
        described(self._plane, "latent plane", "Where the validation data lies, coloured by label. Press or drag to see what the decoder makes of a point.")
        self._across = described(QComboBox(), "horizontal dimension", "Which latent dimension goes across the plane.")
        self._up = described(QComboBox(), "vertical dimension", "Which latent dimension goes up the plane.")
        self._shown = described(QComboBox(), "pictures", "What is shown here: the chosen point, or what the training shows by itself.")
        self._shown.setMinimumContentsLength(11)
        self._shown.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for title, name in VIEWS.items():
            self._shown.addItem(title, name)
        self._pictures: dict[str, np.ndarray] = {}
        self._picture = described(
            PictureGrid(empty="The picture at the chosen point appears here."), "decoded picture", "What the decoder makes of the chosen point."
        )
        self._sliders = LatentSliders()
        self._film = Interpolation(request, "Choose a point, then press Use as A; choose another, then press Use as B.")
        self._says = theme.label(kind="muted", wrap=False)
        self._buttons = self._make_buttons()
        self._lay_out()
        self._wire()
        self._enable()

    def begin(self, _project: Project) -> None:
        """A run starts: there are no models to ask yet."""
        for latest in (self._plane_request, self._picture_request):
            latest.forget()
        self._film.forget()
        self._plane_answer, self._has_models, self._outdated = None, False, False
        self.point = np.zeros(0, "float32")
        self._pictures = {}
        self._plane.clear_points()
        self._sliders.setEnabled(False)
        self._say("")
        self.stale()
        self._enable()

    def show_event(self, event: events.Message) -> None:
        """Take what a run says: after an epoch, and at the end, all that is shown is asked for anew."""
        match event:
            case events.Picture():
                self._pictures[event.name] = event.pixels.numpy()
                self.stale()
            case events.Metrics(span="epoch") if self._since.isValid() and self._since.elapsed() < BETWEEN:
                return
            case events.Metrics(span="epoch") | events.Done():
                self._has_models = self._outdated = True
                self.stale()

    def refresh(self) -> None:
        """Ask for what is out of date and draw what is there."""
        if self._outdated:
            self._outdated = False
            self._since.start()
            self._plane_request.ask(events.Generate(0, "plane"))
        self._picture.show_pixels(self._pictures.get(self._shown.currentData()))
        self._enable()
        if self._plane_answer is None:
            return
        means, labels, _ = self._plane_answer
        dimensions = [self._across.currentIndex(), self._up.currentIndex()]
        self._plane.draw(means[:, dimensions], labels, [f"z{dimension + 1}" for dimension in dimensions])
        ends = {letter: end[dimensions] for letter, end in zip("AB", self._film.ends, strict=True) if end is not None}
        self._plane.point(self.point[dimensions], ends)
        self._sliders.show_point(self.point)

    def recolour(self) -> None:
        self._plane.recolour()

    def _make_buttons(self) -> dict[str, QPushButton]:
        texts = {
            "a": ("Use as &A", "Begin the way between two points here."),
            "b": ("Use as &B", "End the way between two points here."),
            "random": ("&Random", "Draw a point from the prior, a standard normal."),
            "zero": ("&Zero", "Go to the middle of the prior."),
            "png": ("Save PN&G…", "Save this picture."),
        }
        return {key: described(QPushButton(text), text.replace("&", ""), tip) for key, (text, tip) in texts.items()}

    def _lay_out(self) -> None:
        self._dimensions = QWidget()
        axes = QHBoxLayout(self._dimensions)
        axes.setContentsMargins(0, 0, 0, 0)
        for text, box in (("Across", self._across), ("Up", self._up)):
            axes.addWidget(theme.label(text, wrap=False))
            axes.addWidget(box)
        axes.addStretch()
        shown = QHBoxLayout()
        shown.addWidget(self._shown, 1)
        shown.addWidget(self._buttons["png"])
        middle = QHBoxLayout()
        for key in ("random", "zero"):
            middle.addWidget(self._buttons[key])
        ends = QHBoxLayout()
        for key in ("a", "b"):
            ends.addWidget(self._buttons[key])
        split = QSplitter()
        for parts in ((self._dimensions, self._plane), (shown, self._picture, ends), (middle, self._sliders), (self._film,)):
            split.addWidget(_column(*parts))
        split.setChildrenCollapsible(False)
        split.setSizes([360, 260, 260, 320])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(split, 1)
        outer.addWidget(self._says)
        self._says.setMargin(theme.GRID // 2)

    def _wire(self) -> None:
        self._plane.moved.connect(self._pointed)
        self._sliders.changed.connect(self._slid)
        for box in (self._across, self._up, self._shown):
            box.activated.connect(self.stale)
        self._film.refused.connect(self._say)
        self._buttons["a"].clicked.connect(partial(self._use, 0))
        self._buttons["b"].clicked.connect(partial(self._use, 1))
        self._buttons["random"].clicked.connect(lambda: self.go_to(self._random.standard_normal(len(self.point))))
        self._buttons["zero"].clicked.connect(lambda: self.go_to(np.zeros(len(self.point))))
        self._buttons["png"].clicked.connect(self._save)

    def go_to(self, point: np.ndarray) -> None:
        """Move to a latent point (d,) and ask for the picture there."""
        self.point = np.asarray(point, "float32")
        self._picture_request.ask(events.Generate(0, "latents", n=1, arrays={"latents": events.Array.of(self.point[None])}))
        self.stale()

    def _use(self, end: int) -> None:
        self._film.set_end(end, self.point.copy())
        self.stale()

    def _pointed(self, x: float, y: float) -> None:
        if self._plane_answer is not None:
            point = self.point.copy()
            point[self._across.currentIndex()], point[self._up.currentIndex()] = x, y
            self.go_to(point)

    def _slid(self, dimension: int, value: float) -> None:
        point = self.point.copy()
        point[dimension] = value
        self.go_to(point)

    def _plane_answered(self, event: Any) -> None:
        if isinstance(event, events.Refused):
            self._say(event.reason)
            return
        means, labels, effect = (event.arrays[name].numpy() for name in ("latents", "labels", "effect"))
        self._say("")
        self._plane_answer = means, labels.astype(int).reshape(-1), effect
        if len(self.point) != means.shape[1]:
            self._offer(means.shape[1], effect)
        self._sliders.order_by(effect)
        self._sliders.setEnabled(True)
        self._film.ask()
        self.go_to(self.point)

    def _picture_answered(self, event: Any) -> None:
        if isinstance(event, events.Refused):
            self._say(event.reason)
        else:
            self._pictures["point"] = event.arrays["pixels"].numpy()
            self.stale()

    def _offer(self, count: int, effect: np.ndarray) -> None:
        """Begin in the middle, on the plane of the two dimensions that do most."""
        self.point = np.zeros(count, "float32")
        order = np.argsort(-effect, kind="stable")
        for place, box in enumerate((self._across, self._up)):
            box.clear()
            box.addItems([f"z{index + 1}" for index in range(count)])
            box.setCurrentIndex(int(min(order[:2])) if place == 0 else int(max(order[:2])))
        self._dimensions.setVisible(count > 2)

    def _enable(self) -> None:
        for key, button in self._buttons.items():
            button.setEnabled(self._plane_answer is not None and (key != "png" or self._picture.pixels is not None))
        if not self._has_models:
            self._say("Train the model: the plane fills after the first epoch.")

    def _say(self, sentence: str) -> None:
        self._says.setText(sentence or "Press or drag in the plane to move the point; each slider moves it along one dimension.")

    def _save(self) -> None:
        if self._picture.pixels is not None:
            saving.save_png(self, self._picture.pixels)


def _column(*parts: QWidget | QHBoxLayout) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, 0)
    for part in parts:
        if isinstance(part, QWidget):
            layout.addWidget(part, 1 if part.sizePolicy().verticalPolicy() in TALL else 0)
        else:
            layout.addLayout(part)
    return column
