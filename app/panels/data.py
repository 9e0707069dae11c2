"""The data: which dataset, its parameters and its split, and a look at its samples."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.choices import ChoiceForm
from app.document import Document
from app.fitting import with_data
from app.forms import Form
from app.panels.request import Request
from app.panels.samples import Samples
from app.panels.words import change
from app.theme import GRID, is_theme_change, label
from ml import data
from ml.catalog.settings import SPLIT, SettingProblem
from ml.data import DataProblem
from ml.events import Message, Preview, Previewed, Refused
from ml.project.project import Data, Project
from ml.tables import Entry

PAUSE_MILLISECONDS = 200
UNITS = {"image": "pixels", "points": "numbers", "table": "numbers", "text": "characters"}
PARTS = ("train", "validation", "test")


class DataPanel(QWidget):
    """Edits `Project.data`, and asks the engine for a preview while it can be seen."""

    def __init__(self, document: Document, request: Request, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._request = request
        self._asked: Data | None = None
        self.shown: Previewed | None = None
        """The preview that is seen."""
        self.choice = ChoiceForm({s.id: Entry(s.id, s.title, s.help, s.parameters) for s in data.sources().values()})
        self.split = Form(SPLIT)
        self.problem = label(kind="error")
        self.facts = label()
        self.origin = label(kind="muted")
        self.samples = Samples()
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._timer.timeout.connect(self._ask)
        self._lay_out()
        self.choice.picked.connect(lambda id: self._edit(Data(id, {}, self.document.project.data.split), "dataset", {"dataset": id}))
        self.choice.changed.connect(lambda name, arguments: self._edit(replace(self.document.project.data, arguments=arguments), name, arguments))
        self.split.changed.connect(self._split_changed)
        document.changed.connect(self._changed)
        self.refresh()

    def show_event(self, event: Message) -> None:
        """Take the answer to a preview."""
        if isinstance(event, Previewed):
            self.shown = event
            self.facts.setText(facts(event))
            self.samples.show_preview(event)
        elif isinstance(event, Refused):
            self._asked = None
            self.facts.setText("")
            self._show_problem(event.reason)

    def refresh(self) -> None:
        """Show the document's data."""
        chosen = self.document.project.data
        source = data.sources().get(chosen.id)
        self.choice.show_choice(chosen.id, chosen.arguments)
        self.split.show_arguments({"validation": chosen.split.validation, "test": chosen.split.test, "seed": chosen.split.seed})
        self.origin.setText(f"{source.origin} {source.licence}." if source else "")
        self._show_problem("" if source else f"There is no dataset {chosen.id!r} here.")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self.samples.update()

    def engine_ready(self) -> None:
        """Ask again for what no engine was there to answer."""
        self._asked = None
        self._timer.start()

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        self.samples.setMinimumHeight(36 * GRID)
        for widget in (self.choice, self.problem, self.facts, self.samples, label("Split", "heading"), self.split, self.origin):
            column.addWidget(widget)
        column.setStretchFactor(self.samples, 1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scroll)

    def _changed(self, old: Project, new: Project) -> None:
        if old.data != new.data:
            self.refresh()
            self._timer.start()

    def _ask(self) -> None:
        wanted = self.document.project.data
        if self.isVisible() and wanted != self._asked:
            self._asked = wanted
            self.facts.setText("Loading…")
            self._request(Preview(0, wanted), lambda event: self.show_event(event) if wanted == self.document.project.data else None)

    def _split_changed(self, name: str, value: Any) -> None:
        chosen = self.document.project.data
        split = replace(chosen.split, **{name: value})
        if split.validation + split.test >= 1:
            self._show_problem("Validation and test together leave nothing to train on.")
        else:
            self._edit(replace(chosen, split=split), name, {name: value}, " split")

    def _edit(self, chosen: Data, what: str, arguments: dict[str, Any], kind: str = "") -> None:
        try:
            project = with_data(self.document.project, chosen)
        except (SettingProblem, DataProblem) as problem:
            self.refresh()
            self._show_problem(str(problem))
        else:
            self.document.edit(project, change(f"the {what.replace('_', ' ')}{kind}", arguments, what), merge=f"data/{what}{kind}")

    def _show_problem(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))


def facts(event: Previewed) -> str:
    """Shapes, classes and how many samples there are in each part, in words."""
    shape = " × ".join(map(str, event.shape))
    lines = [f"One sample: {shape} {UNITS.get(event.kind, '')}".rstrip(), "  ·  ".join(f"{part} {event.sizes.get(part, 0):,}" for part in PARTS)]
    if event.classes:
        counts = event.arrays["counts"].numpy().sum(axis=0) if "counts" in event.arrays else [None] * len(event.classes)
        many = ", ".join(name if count is None else f"{name}\u00a0({count:,})" for name, count in zip(event.classes, counts, strict=True))
        lines.append(f"{len(event.classes)} classes: {many}")
    return "\n".join(lines)
