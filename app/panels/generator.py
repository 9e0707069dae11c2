"""The generator panel: samples from the models of a run, in the way that fits what they are."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QStackedLayout, QWidget

from app import theme
from app.panels.latents import LatentPage
from app.panels.noise import NoisePage
from app.panels.predictions import READS as ANSWERS
from app.panels.predictions import PredictionsPage
from app.panels.reading import ReadingPage
from app.panels.request import Request
from app.panels.shown import ShownPage
from app.panels.transcripts import TranscriptsPage
from app.panels.writing import TextPage
from ml import events
from ml.project.project import Project

READS = ("tagging", "crf", "seq2seq")
"""The recipes whose models read sequences."""
NOTHING = "This project makes no samples.\nThe templates vae and dcgan make pictures, unet answers them with masks, gpt writes text, birnn and ctc read."


class _Pages(QStackedLayout):
    """Needs room for the page that is shown alone."""

    def minimumSize(self) -> QSize:
        shown = self.currentWidget()
        return shown.minimumSizeHint() if shown is not None else QSize()

    def hasHeightForWidth(self) -> bool:
        shown = self.currentWidget()
        return shown is not None and shown.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        shown = self.currentWidget()
        return shown.heightForWidth(width) if shown is not None else -1


class GeneratorPanel(QWidget):
    """Shows the page of the project's recipe, or else the pictures that its training shows, and hands the run's events to the page of the run's."""

    def __init__(self, document: Any, request: Request, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._pages: dict[str, LatentPage | NoisePage | TextPage | ReadingPage | PredictionsPage | TranscriptsPage] = {
            "vae": LatentPage(request),
            "gan": NoisePage(request),
            "causal_lm": TextPage(request),
            "ctc": TranscriptsPage(),
        }
        self._pages |= dict.fromkeys(READS, ReadingPage())
        self._pages |= dict.fromkeys(ANSWERS, PredictionsPage())
        self._shown = ShownPage()
        self._empty = theme.label(NOTHING, kind="muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = _Pages(self)
        for page in (self._empty, self._shown, *dict.fromkeys(self._pages.values())):
            self._stack.addWidget(page)
        self._recipe = document.project.recipe.id
        document.changed.connect(lambda _, project: self._show_page(project))
        self._show_page(document.project)

    def begin(self, project: Project) -> None:
        """A run of this project starts."""
        self._recipe = project.recipe.id
        self._page().begin(project)
        self._show_page(project)

    def show_event(self, event: events.Message) -> None:
        """Take what a run says."""
        page = self._page()
        page.show_event(event)
        if page is self._shown and self._shown.pictures and self._stack.currentWidget() is self._empty:
            self._stack.setCurrentWidget(page)

    def _show_page(self, project: Project) -> None:
        others = self._shown if self._shown.pictures else self._empty
        self._stack.setCurrentWidget(self._pages.get(project.recipe.id, others))

    def _page(self) -> LatentPage | NoisePage | TextPage | ReadingPage | PredictionsPage | TranscriptsPage | ShownPage:
        """What takes the events of the run's recipe: its own page, or the one that shows whatever pictures come."""
        return self._pages.get(self._recipe, self._shown)
