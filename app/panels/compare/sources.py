"""What the project of today is compared with: its file, a template, another file, or the project of a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QWidget

from app.document import Document
from app.settings import Settings
from app.theme import GRID
from ml import catalog
from ml.catalog import SettingProblem
from ml.data import DataProblem
from ml.project import files
from ml.project.files import SUFFIX, FileProblem
from ml.project.project import Project
from ml.runs import RECORD, Run

SAVED, TEMPLATE, FILE, RUN = "The saved file", "A template", "Another project", "A run"
BROWSE = "Browse…"
MOST_RUNS = 30
"""So many runs are offered, the latest; others are found by browsing."""

Choice = tuple[str, str] | Path | None
"""A template with its preset, a file or a folder; None: browse."""


class Sources(QWidget):
    """Two lists: of which kind, and which."""

    chosen = Signal()
    """Something else is to be compared with."""

    def __init__(self, document: Document, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document, self.settings = document, settings
        self.kind, self.which = QComboBox(), QComboBox()
        self._offered: list[Choice] = []
        """What each row of the second list stands for."""
        self.kind.setAccessibleName("Compare with")
        self.which.setAccessibleName("Which")
        self.which.setMinimumContentsLength(28)
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.kind)
        row.addWidget(self.which)
        row.addStretch()
        self.kind.activated.connect(self._kind_chosen)
        self.which.activated.connect(self._which_chosen)
        self.offer()

    def offer(self) -> None:
        """Offer what there is to compare with now, its own file first."""
        kind = self.kind.currentText()
        self.kind.clear()
        self.kind.addItems([*([SAVED] if self.document.path else []), TEMPLATE, FILE, RUN])
        self.kind.setCurrentIndex(max(0, self.kind.findText(kind)))
        self._fill()

    def project(self) -> Project:
        """The chosen project. Raises `FileProblem` with what keeps it from being read, or with what is to be done first."""
        chosen = self._offered[self.which.currentIndex()] if self.which.count() else None
        match self.kind.currentText(), chosen:
            case str(kind), _ if kind == SAVED and self.document.path:
                return files.load(self.document.path)
            case str(kind), (template, preset) if kind == TEMPLATE:
                return _new(template, preset)
            case str(kind), Path() as path:
                return files.load(path) if kind == FILE else Run(path).project
        raise FileProblem("Choose what to compare with.")

    def _fill(self) -> None:
        rows = _CHOICES[self.kind.currentText()](self)
        self._offered = [choice for _, choice in rows]
        self.which.clear()
        self.which.addItems([text for text, _ in rows])
        self.which.setVisible(self.kind.currentText() != SAVED)
        own = (self.document.project.template, "lite")
        self.which.setCurrentIndex(self._offered.index(own) if own in self._offered else 0)

    def _kind_chosen(self) -> None:
        self._fill()
        self.chosen.emit()

    def _which_chosen(self) -> None:
        if self.which.currentText() == BROWSE and not self._browse():
            self.which.setCurrentIndex(0)
        self.chosen.emit()

    def _browse(self) -> bool:
        """Ask for a file or for a run's folder, and put it into the list; whether there was an answer."""
        if self.kind.currentText() == FILE:
            chosen, _ = QFileDialog.getOpenFileName(self, "Compare with", str(Path.home()), f"Projects (*{SUFFIX} *.json)")
        else:
            chosen = QFileDialog.getExistingDirectory(self, "Compare with a run", str(self.settings.runs))
        if chosen:
            self._offered.insert(0, Path(chosen))
            self.which.insertItem(0, Path(chosen).name)
            self.which.setCurrentIndex(0)
        return bool(chosen)

    def _templates(self) -> list[tuple[str, Choice]]:
        return [(f"{template.title} ({preset})", (id, preset)) for id, template in catalog.templates().items() for preset in template.presets]

    def _files(self) -> list[tuple[str, Choice]]:
        return [*((path.name, path) for path in self.settings.recent if path != self.document.path), (BROWSE, None)]

    def _runs(self) -> list[tuple[str, Choice]]:
        folder = self.settings.runs
        found = [path for path in folder.iterdir() if (path / RECORD).is_file()] if folder.is_dir() else []
        latest = sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[:MOST_RUNS]
        return [*((path.name, path) for path in latest), (BROWSE, None)]


_CHOICES: dict[str, Callable[[Sources], list[tuple[str, Choice]]]] = {
    SAVED: lambda sources: [],
    TEMPLATE: Sources._templates,
    FILE: Sources._files,
    RUN: Sources._runs,
}


def _new(template: str, preset: str) -> Project:
    try:
        return catalog.new(template, preset)
    except (SettingProblem, DataProblem) as problem:
        raise FileProblem(str(problem)) from problem
