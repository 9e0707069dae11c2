"""The generator panel: samples from the models of a run, in the way that fits what they are."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QStackedLayout, QWidget

from app import theme
from app.panels.generator.forecast import ForecastPage
from app.panels.generator.latents import LatentPage
from app.panels.generator.noise import NoisePage
from app.panels.generator.predictions import READS as ANSWERS
from app.panels.generator.predictions import PredictionsPage
from app.panels.generator.reading import ReadingPage
from app.panels.generator.shown import ShownPage
from app.panels.generator.transcripts import TranscriptsPage
from app.panels.generator.writing import TextPage
from app.panels.request import Request
from ml import events
from ml.project.project import Project

Page = LatentPage | NoisePage | TextPage | ReadingPage | PredictionsPage | TranscriptsPage | ShownPage | ForecastPage
READS = ("tagging", "crf", "seq2seq")
"""The recipes whose models read sequences."""
NOTHING = (
    "This project makes no samples.\nThe templates vae and dcgan make pictures, unet answers them with masks, gpt writes text,\n"
    "birnn and ctc read, echo_state goes on with a series."
)


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
    """Shows the page of the recipe of the run that began last, or of the project once that has another, and where there is none what the training shows
    by itself. The run's events go to the page of the run's recipe."""

    def __init__(self, document: Any, request: Request, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._pages: dict[str, Page] = {
            "vae": LatentPage(request),
            "gan": NoisePage(request),
            "causal_lm": TextPage(request),
            "ctc": TranscriptsPage(),
        }
        self._pages |= dict.fromkeys(READS, ReadingPage())
        self._pages |= dict.fromkeys(ANSWERS, PredictionsPage())
        self._others = ShownPage(), ForecastPage()
        """Those of recipes without a page: what comes decides."""
        self._empty = theme.label(NOTHING, kind="muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = _Pages(self)
        for page in (self._empty, *self._others, *dict.fromkeys(self._pages.values())):
            self._stack.addWidget(page)
        self._recipe = document.project.recipe.id
        document.changed.connect(lambda old, new: self._show_page(new) if old.recipe.id != new.recipe.id else None)
        self._show_page(document.project)

    def begin(self, project: Project) -> None:
        """A run of this project starts; what was made by the models of another is gone from every page."""
        self._recipe = project.recipe.id
        for page in (*self._others, *dict.fromkeys(self._pages.values())):
            page.begin(project)
        self._show_page(project)

    def show_event(self, event: events.Message) -> None:
        """Take what a run says."""
        for page in self._listening():
            page.show_event(event)
        if self._stack.currentWidget() is self._empty:
            self._stack.setCurrentWidget(self._other())

    def _show_page(self, project: Project) -> None:
        self._stack.setCurrentWidget(self._pages.get(project.recipe.id) or self._other())

    def _other(self) -> QWidget:
        return next((page for page in self._others if not page.is_empty), self._empty)

    def _listening(self) -> tuple[Page, ...]:
        """What takes the events of the run's recipe: its own page, or those that show whatever comes."""
        page = self._pages.get(self._recipe)
        return self._others if page is None else (page,)
