"""New, open, save and import, with the questions that keep work from being lost."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget

from app.amounts import memory
from app.document import Document, FileChanged
from app.fitting import project_on, with_data
from app.imports import room_for
from app.journal import Left
from app.opening import Opening, tell
from app.panels.replacing import Replacing
from app.settings import Settings
from ml import catalog, data
from ml.catalog import SettingProblem
from ml.data import DataProblem
from ml.project.files import SUFFIX, FileProblem
from ml.project.project import Data, Project
from ml.runs import Run

OPENABLE = f"Projects and models (*{SUFFIX} *.json *.keras *.h5 *.hdf5);;Projects (*{SUFFIX} *.json);;Keras models (*.keras *.h5 *.hdf5);;All files (*)"
ENDINGS = (SUFFIX, ".json")
"""The endings of files that hold a project."""
MODELS = (".keras", ".h5", ".hdf5")
"""The endings of files that hold a model, and are opened as a stranger's."""


class Files(QObject):
    """What the File menu does to the document."""

    opened = Signal()
    """Another project was opened."""
    run_opened = Signal(str)
    """The folder of an earlier run whose project was opened."""
    said = Signal(str)
    """What was found in a file, as a quiet sentence."""

    own_data_wanted = Signal(str)
    """A source of one's own data was chosen, and it is not known yet where they are."""

    def __init__(self, document: Document, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self.document, self.settings, self.window = document, settings, window

    def new(self, template: str, preset: str = "lite") -> None:
        """Begin a project as a template has it, once unsaved work is settled."""
        try:
            project = catalog.new(template, preset)
        except (SettingProblem, DataProblem) as problem:
            self._complain(str(problem))
            return
        self.open_project(project)

    def use_data(self, source: str) -> None:
        """Put the project on this dataset; where its architecture can't learn from it, begin a project that can."""
        if data.sources()[source].path:
            self.own_data_wanted.emit(source)
            return
        try:
            project = with_data(self.document.project, Data(source, {}, self.document.project.data.split))
        except (SettingProblem, DataProblem):
            self.begin_with(source)
        else:
            self.document.edit(project, f"Use the data {source}")
            self.opened.emit()

    def begin_with(self, source: str) -> None:
        """Begin a project on this dataset."""
        if data.sources()[source].path:
            self.own_data_wanted.emit(source)
            return
        self.begin_on(Data(source))

    def begin_on(self, chosen: Data) -> None:
        """Begin a project on these data."""
        try:
            project = project_on(chosen)
        except (SettingProblem, DataProblem) as problem:
            self._complain(str(problem))
        else:
            self.open_project(project)

    def open_project(self, project: Project) -> bool:
        """Put a project in the place of the present one, once unsaved work is settled; whether it was."""
        if not self.may_close():
            return False
        self.document.open(project)
        self.opened.emit()
        return True

    def open(self, path: Path | None = None) -> None:
        """Open a project or import a `.keras` file; without `path`, ask which."""
        if path is None:
            chosen, _ = QFileDialog.getOpenFileName(self.window, "Open", self._folder(), OPENABLE)
            if not chosen:
                return
            path = Path(chosen)
        if path.suffix.lower() in MODELS:
            self._import(path.absolute())
        elif self.may_close():
            try:
                self.document.load(path)
            except FileProblem as problem:
                self._complain(str(problem))
                return
            self.settings.remember(path)
            self.opened.emit()
            if self.document.read_only:
                QMessageBox.information(self.window, "Open for reading", self.document.read_only)

    def open_run(self, folder: Path | None = None) -> None:
        """Open an earlier run, its project and its models; without `folder`, ask which."""
        if folder is None:
            chosen = QFileDialog.getExistingDirectory(self.window, "Open a run", str(self.settings.runs))
            if not chosen:
                return
            folder = Path(chosen)
        try:
            project = Run(folder).project
        except FileProblem as problem:
            self._complain(str(problem))
            return
        if self.open_project(project):
            self.run_opened.emit(str(folder))

    def open_left(self, left: Left) -> bool:
        """Open what a window that died left unsaved, once this one's unsaved work is settled; whether it was opened."""
        if left.unsaved is None or not self.may_close():
            return False
        try:
            project = left.project(self.settings.imports)
        except FileProblem as problem:
            self._complain(str(problem))
            return False
        unsaved = left.unsaved
        self.document.open(project, Path(unsaved.file) if unsaved.file else None, unsaved.stamp, unsaved.read_only)
        self.document.undo_stack.resetClean()
        self.opened.emit()
        return True

    def save(self) -> bool:
        """Save to the document's file, or ask for one; whether it was saved."""
        _finish_typing()
        return self._save_to(self.document.path) if self.document.path and not self.document.read_only else self.save_as()

    def save_as(self) -> bool:
        """Ask for a file and save to it; whether it was saved."""
        name = self._proposed()
        chosen, _ = QFileDialog.getSaveFileName(self.window, "Save as", str(name), f"Projects (*{SUFFIX})")
        if not chosen:
            return False
        path = Path(chosen)
        if path.suffix in ENDINGS:
            return self._save_to(path)
        path = path.with_name(path.name + SUFFIX)  # the dialog has asked about another file
        return Replacing(self.window).allows(path) and self._save_to(path)

    def may_close(self) -> bool:
        """Whether the present project may go: it is saved, or the person says so."""
        _finish_typing()
        if self.document.is_clean:
            return True
        button = QMessageBox.StandardButton
        question = f"“{self.document.project.name}” has changes that are not saved. Save them?"
        answer = QMessageBox.question(self.window, "Unsaved changes", question, button.Save | button.Discard | button.Cancel, button.Save)
        return self.save() if answer == button.Save else answer == button.Discard

    def _proposed(self) -> Path:
        """The file that is proposed for saving under another name: what is open for reading is not written over."""
        path = self.document.path
        if path and self.document.read_only:
            return path.with_name(f"{path.stem} copy{SUFFIX}")
        return path or Path(self._folder()) / f"{self.document.project.name or 'project'}{SUFFIX}"

    def _save_to(self, path: Path, over: bool = False) -> bool:
        try:
            self.document.save(path, over)
        except FileChanged as problem:
            return self._settle(path, str(problem))
        except FileProblem as problem:
            self._complain(str(problem))
            return False
        self.settings.remember(path)
        return True

    def _settle(self, path: Path, sentence: str) -> bool:
        """Ask what becomes of a file that someone else has written; whether the project was saved."""
        box = QMessageBox(QMessageBox.Icon.Warning, "Changed meanwhile", sentence, parent=self.window)
        box.setInformativeText("Save yours under another name to keep both. What you overwrite stays in the backup beside it.")
        other = box.addButton("Save &As…", QMessageBox.ButtonRole.AcceptRole)
        overwrite = box.addButton("&Overwrite", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(other)
        box.exec()
        return self.save_as() if box.clickedButton() is other else box.clickedButton() is overwrite and self._save_to(path, over=True)

    def _import(self, path: Path) -> None:
        """Open somebody's model, which another process looks at first."""
        weights = room_for(path, self.settings.imports)
        Opening(path, weights, lambda project, found: self._imported(path, project, found), self._refused, self.window).start()

    def _refused(self, sentence: str) -> None:
        tell("The model was not opened.", [sentence], self.window, QMessageBox.Icon.Warning)

    def _imported(self, path: Path, project: Project, found: list[str]) -> None:
        if not self.open_project(project):
            return
        nodes = sum(len(graph.nodes) for graph in project.models.values())
        size = Path(project.weights).stat().st_size if project.weights else 0
        self.said.emit(f"{path.name} was opened: {nodes:,} nodes, {memory(size)} of weights. No code, links or other files' names were found in it.")
        if found:
            tell(f"{path.name} was opened. This was found:", found, self.window)

    def _folder(self) -> str:
        recent = [self.document.path] if self.document.path else self.settings.recent
        return str(recent[0].parent if recent and recent[0] else Path.home())

    def _complain(self, sentence: str) -> None:
        QMessageBox.warning(self.window, "Neural Atelier", sentence)


def _finish_typing() -> None:
    """Have what is being written at the moment belong to the project: a field keeps it when the keyboard leaves, and where it stays has that back then."""
    field = QApplication.focusWidget()
    if field is not None:
        field.clearFocus()
        while not field.isVisible() and (around := field.parentWidget()) is not None:
            field = around
        field.setFocus()
