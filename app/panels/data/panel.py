"""The data: which dataset, its parameters and its split, and a look at its samples.

Data of one's own are read by the engine before the project is put on them: until then they are what is wanted, and the project stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.choices import ChoiceForm
from app.document import Document
from app.fitting import with_data
from app.forms import Form
from app.panels.data.download import Downloads
from app.panels.data.samples import Samples
from app.panels.request import Request
from app.panels.words import change
from app.path_edit import PathEdit
from app.theme import GRID, is_theme_change, label
from app.ways import Problem
from ml import data
from ml.catalog.settings import SPLIT, SettingProblem
from ml.data import DataProblem, Way
from ml.events import Message, Preview, Previewed, Refused
from ml.project.project import Data, Project
from ml.tables import Entry

PAUSE_MILLISECONDS = 200
UNITS = {
    "image": "pixels",
    "points": "numbers",
    "table": "numbers",
    "text": "tokens",
    "series": "numbers",
    "pairs": "tokens",
    "board": "cells",
    "graph": "possible links",
}
PARTS = ("train", "validation", "test")
NAMED = 50
"""So many classes are named; more names would push the samples out of sight."""


class DataPanel(QWidget):
    """Edits `Project.data`, and asks the engine for a preview while it can be seen."""

    project_wanted = Signal(object)
    """The project can't learn from this `Data`, and a person wants one that can."""

    def __init__(self, document: Document, request: Request, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._request = request
        self._asked: Data | None = None
        self.wanted: Data | None = None
        """What a person chose that is not the project's yet: it has to be read first, or can't be."""
        self.shown: Previewed | None = None
        """The preview that is seen."""
        self.choice = ChoiceForm({s.id: Entry(s.id, s.title, s.help, s.parameters) for s in data.sources().values()})
        self.split = Form(SPLIT)
        self.problem = Problem()
        self.downloads = Downloads()
        self.facts = label()
        self.notes = label(kind="muted")
        self.origin = label(kind="muted")
        self.samples = Samples()
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._timer.timeout.connect(self._ask)
        self._lay_out()
        self.choice.picked.connect(lambda id: self._choose(Data(id, {}, self.document.project.data.split), "dataset", {"dataset": id}))
        self.choice.changed.connect(lambda name, arguments: self._choose(replace(self._shown_data, arguments=arguments), name, arguments))
        self.split.changed.connect(self._split_changed)
        self.downloads.ended.connect(self._download_ended)
        document.changed.connect(self._changed)
        self.refresh()

    def propose(self, chosen: Data) -> None:
        """Put the project on these data once the engine has read them; where it can't, say why and offer what would help."""
        self._choose(replace(chosen, split=self.document.project.data.split), "dataset", {"dataset": chosen.id})

    def ask_for(self, source: str) -> None:
        """Choose a source of one's own, and ask where the data are."""
        self.propose(Data(source))
        path = data.sources()[source].path
        if path is not None and self.choice.form is not None and isinstance(editor := self.choice.form.editor(path.name), PathEdit):
            editor.choose()

    def show_event(self, event: Message) -> None:
        """Take the answer to a preview."""
        if isinstance(event, Previewed):
            self.shown = event
            self.facts.setText(facts(event))
            self.notes.setText("\n".join(event.notes))
            self.notes.setVisible(bool(event.notes))
            self.samples.show_preview(event)
            self.samples.show()
        elif isinstance(event, Refused):
            self._asked = None
            self._clear()
            if not any(way.download in self.downloads.rows for way in event.ways):
                self._show_problem(event.reason, event.ways)

    @property
    def _shown_data(self) -> Data:
        return self.wanted or self.document.project.data

    def refresh(self) -> None:
        """Show the document's data, or what is wanted in their place."""
        chosen = self._shown_data
        source = data.sources().get(chosen.id)
        self.choice.show_choice(chosen.id, chosen.arguments)
        self.split.show_arguments({"validation": chosen.split.validation, "test": chosen.split.test, "seed": chosen.split.seed})
        self.split.editor("test").setEnabled(not _has_its_own_test(chosen))
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
        policy = self.samples.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.samples.setSizePolicy(policy)
        self.notes.hide()
        for widget in (self.choice, self.problem, self.downloads, self.facts, self.notes, self.samples, label("Split", "heading"), self.split, self.origin):
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
            self.wanted = None
            self.refresh()
            self._timer.start()

    def _ask(self) -> None:
        wanted = self._shown_data
        if (self.isVisible() or self.wanted) and wanted != self._asked:
            self._asked = wanted
            self._clear()
            self.facts.setText(f"Reading {data.name(wanted)}…" if self.wanted else "Loading…")
            self._request(Preview(0, wanted), lambda event: self._answered(wanted, event))

    def _answered(self, asked: Data, event: Message) -> None:
        if asked != self._shown_data:
            if asked == self._asked:
                self._asked = None  # other data are chosen, and not asked for yet: if these are chosen again, they are asked for again
            return
        if isinstance(event, Previewed) and event.spec is not None:
            try:
                data.keep_spec(asked, event.spec)
            except DataProblem as problem:
                event = Refused(event.id, str(problem), ways=problem.ways)
        self.show_event(event)
        if isinstance(event, Previewed) and asked == self.wanted:
            self._edit(asked, "dataset", {"dataset": asked.id})

    def _clear(self) -> None:
        """Show no samples: what was there is not what is asked for now."""
        self.facts.setText("")
        self.notes.hide()
        self.samples.hide()

    def _split_changed(self, name: str, value: Any) -> None:
        chosen = self.document.project.data
        self.wanted = None
        split = replace(chosen.split, **{name: value})
        if split.validation + split.test >= 1:
            self._show_problem("Validation and test together leave nothing to train on.")
        else:
            self._edit(replace(chosen, split=split), name, {name: value}, " split")

    def _choose(self, chosen: Data, what: str, arguments: dict[str, Any]) -> None:
        """Put the project on what a person chose; data of one's own are read first, by the engine."""
        path = data.sources()[chosen.id].path
        if path is None or chosen == self.document.project.data:
            self.wanted = None
            self._edit(chosen, what, arguments)
            return
        self.wanted = chosen
        self.refresh()
        if not chosen.arguments.get(path.name):
            self._asked = None
            self._clear()
            self.facts.setText(f"Choose the {path.kind}, or drop it on the window.")
        else:
            self._timer.start()

    def _edit(self, chosen: Data, what: str, arguments: dict[str, Any], kind: str = "") -> None:
        try:
            project = with_data(self.document.project, chosen)
        except (SettingProblem, DataProblem) as problem:
            self.refresh()
            self._show_problem(str(problem), begin=chosen)
        else:
            self.wanted = None
            self.document.edit(project, change(f"the {what.replace('_', ' ')}{kind}", arguments, what), merge=f"data/{what}{kind}")
            self.refresh()

    def _show_problem(self, sentence: str, ways: tuple[Way, ...] = (), begin: Data | None = None) -> None:
        offered: list[tuple[str, Callable[[], None]]] = [(way.text, partial(self._take, way)) for way in ways]
        if self.wanted is not None:
            if begin is not None:
                offered.append(("Begin a new project with these data", partial(self.project_wanted.emit, begin)))
            offered.append((f"Back to {data.name(self.document.project.data)}", self._give_up))
        self.problem.show_problem(sentence, offered)

    def _take(self, way: Way) -> None:
        """Go a way out: download what it names, or set the arguments that it names, None meaning their default."""
        if way.download:
            self._show_problem("")
            self.downloads.begin(data.sources()[way.download])
            return
        chosen = self._shown_data
        arguments = {name: value for name, value in (chosen.arguments | way.arguments).items() if value is not None}
        self._choose(replace(chosen, arguments=arguments), "dataset", {"dataset": chosen.id})

    def _download_ended(self, source: str) -> None:
        """Look whether it is here now."""
        if self._shown_data.id == source:
            self.refresh()
            self.engine_ready()

    def _give_up(self) -> None:
        """Let the project have the data that it has."""
        self.wanted = None
        self._asked = None
        self.refresh()
        self._timer.start()


def _has_its_own_test(chosen: Data) -> bool:
    """Whether the makers of the data set a part aside for the test, so that none is drawn."""
    source = data.sources().get(chosen.id)
    try:
        return bool(source and source.files and data.spec(chosen).tested)
    except DataProblem:
        return False


def facts(event: Previewed) -> str:
    """Shapes, classes and how many samples there are in each part, in words."""
    shape = " × ".join(map(str, event.shape))
    is_numbers = event.kind == "pairs" and event.spec is not None and not event.spec.vocabulary
    unit = "numbers" if is_numbers else UNITS.get(event.kind, "")
    lines = [f"One sample: {shape} {unit}".rstrip(), "  ·  ".join(f"{part} {event.sizes.get(part, 0):,}" for part in PARTS)]
    if event.classes:
        counts = event.arrays["counts"].numpy().sum(axis=0) if "counts" in event.arrays else [None] * len(event.classes)
        numbered = event.classes != tuple(map(str, range(len(event.classes))))
        names = [f"{number} = {name}" if numbered else name for number, name in enumerate(event.classes)]
        counted = [name if count is None else f"{name}\u00a0({count:,})" for name, count in zip(names, counts, strict=True)]
        more = f", and {len(counted) - NAMED:,} more" if len(counted) > NAMED else ""
        lines.append(f"{len(counted):,} classes: {', '.join(counted[:NAMED])}{more}")
    return "\n".join(lines)
