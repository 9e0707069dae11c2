"""The dialog that takes a model away: which format, where to, and what was found when a clean process opened the file."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.amounts import memory
from app.panels.panel import described
from app.panels.replacing import Replacing
from app.panels.request import Request
from ml import events, formats
from ml.project.paths import absolute
from ml.project.project import Project
from ml.project.writing import FileProblem


class Format(Struct, frozen=True):
    """One way to write a model: its name on the command line, for people, and what it is good for."""

    id: str
    title: str
    help: str
    whole: bool = False
    """True where the file holds every role at once."""

    @property
    def suffix(self) -> str:
        """How its file's name ends."""
        return formats.SUFFIXES[self.id]


FORMATS = (
    Format("keras", "Keras model (.keras)", "One file with the model and its weights. Opens with keras.models.load_model, in plain Keras."),
    Format("weights", "Weights alone (.weights.h5)", "The weights, for a model that is built by code."),
    Format("savedmodel", "SavedModel (folder)", "A folder for TensorFlow Serving and for TensorFlow in other languages."),
    Format("tflite", "TensorFlow Lite (.tflite)", "For phones and small devices, with LiteRT."),
    Format("onnx", "ONNX (.onnx)", "For ONNX Runtime and other frameworks. Needs the packages tf2onnx and onnxruntime."),
    Format("python", "Python source (.py)", "One readable file with the model, the data and the training. It runs alone.", whole=True),
)


SOURCES = {
    "project": "The model as it is in the project, untrained: its weights are fresh.",
    "run": "The trained models of the latest run, of {name}.",
    "job": "The models of {name} as they are at this moment; the training waits while they are written and opened again.",
}


class ExportDialog(QDialog):
    """Writes the models of the folder `run`, where that is empty those of the run under way, and where it is None the project's as it is, untrained.

    `project` is that of the run.
    """

    def __init__(self, project: Project, request: Request, run: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export")
        self.setMinimumWidth(620)
        self.project, self.run = project, run
        self._request = request
        self._typed = self._left = False
        self._replacing = Replacing(self)
        self._format = described(QComboBox(), "format", "What kind of file is written.")
        for choice in FORMATS:
            self._format.addItem(choice.title, choice)
        self._role = described(QComboBox(), "model", "Which of the project's models is written.")
        self._role.addItems(list(project.models))
        self._path = described(QLineEdit(), "path", "Where the file goes.")
        self._browse = described(QPushButton("&Browse…"), "browse", "Choose the file in a dialog.")
        self._export = described(QPushButton("&Export", default=True), "export", "Write the file, then open it in a clean process to see that it works.")
        self._close = described(QPushButton("&Close", autoDefault=False), "close", "Close this dialog.")
        self._bar = described(QProgressBar(maximum=0, textVisible=False), "export under way", "The file is written and checked.")
        self._help = theme.label(kind="muted")
        self._result = theme.label()
        self._lay_out()
        self._wire()
        self._format_changed()

    @property
    def format(self) -> Format:
        """The chosen format."""
        return self._format.currentData()

    def done(self, result: int) -> None:
        super().done(result)
        self._left = True
        self._go()

    def export(self) -> None:
        """Ask for the file that the form describes."""
        text = self._path.text().strip()
        if not text:
            self._show("error", "Choose where the file goes.")
            return
        try:
            out = formats.named(absolute(text), self.format.id)
        except FileProblem as problem:
            self._show("error", str(problem))
            return
        if not out.parent.is_dir():
            self._show("error", f"There is no folder {out.parent}.")
            return
        if not self._replacing.allows(out):
            return
        self._busy(True)
        self._show("muted", "Writing the file, then opening it in a clean process…")
        role = "" if self.format.whole or self._role.count() < 2 else self._role.currentText()
        project = None if self.run is not None else self.project
        self._request(events.Export(0, self.format.id, str(out), run=self.run or "", role=role, project=project), self.show_event)

    def show_event(self, event: events.Message) -> None:
        """Take the answer."""
        match event:
            case events.Exported():
                self._busy(False)
                self._show("good" if event.verified else "warning", found(event))
            case events.Refused(reason=reason):
                self._busy(False)
                self._show("error", reason)
            case events.Failed(reason=reason):
                self._busy(False)
                self._show("error", reason)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self._path, 1)
        row.addWidget(self._browse)
        form = QFormLayout()
        form.addRow(_buddy("&Format", self._format), self._format)
        form.addRow(_buddy("&Model", self._role), self._role)
        form.addRow(_buddy("&Path", self._path), row)
        form.setRowVisible(self._role, self._role.count() > 1)
        self._form = form
        what = SOURCES["project" if self.run is None else "run" if self.run else "job"].format(name=self.project.name)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._close)
        buttons.addWidget(self._export)
        column = QVBoxLayout(self)
        column.setSpacing(2 * theme.GRID)
        column.addWidget(theme.label(what))
        column.addLayout(form)
        column.addWidget(self._help)
        column.addWidget(self._bar)
        column.addWidget(self._result)
        column.addStretch()
        column.addLayout(buttons)
        self._bar.hide()

    def _wire(self) -> None:
        self._format.currentIndexChanged.connect(self._format_changed)
        self._role.currentIndexChanged.connect(self._propose)
        self._path.textEdited.connect(self._note_typing)
        self._browse.clicked.connect(self._choose)
        self._export.clicked.connect(self.export)
        self._close.clicked.connect(self.reject)

    def _note_typing(self) -> None:
        self._typed = True

    def _format_changed(self) -> None:
        self._help.setText(self.format.help)
        self._form.setRowVisible(self._role, self._role.count() > 1 and not self.format.whole)
        self._show("", "")
        self._propose()

    def _propose(self) -> None:
        """Fill in a path, or give the one that a person typed the right ending."""
        if self._typed and self._path.text().strip():
            path = Path(self._path.text().strip())
            name = path.name
            for choice in FORMATS:
                if choice.suffix:
                    name = name.removesuffix(choice.suffix)
        else:
            path = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home()) / "x"
            if not path.parent.is_dir():
                path = Path.home() / "x"
            role = "" if self.format.whole or self._role.count() < 2 else f"-{self._role.currentText()}"
            name = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in self.project.name) + role
        self._path.setText(str(path.parent / ((name if name.strip(".") else "model") + self.format.suffix)))

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Export to", self._path.text(), f"{self.format.title} (*{self.format.suffix})")
        if chosen:
            missing = self.format.suffix and not chosen.endswith(self.format.suffix)
            self._path.setText(chosen + (self.format.suffix if missing else ""))
            self._typed = True
            if not missing:  # else it asked about another file
                self._replacing.agree(Path(chosen))

    def _busy(self, busy: bool) -> None:
        self._bar.setVisible(busy)
        for widget in (self._format, self._role, self._path, self._browse, self._export):
            widget.setEnabled(not busy)
        self._go()

    def _go(self) -> None:
        """Where it was closed, be no more; while an answer is still to come it stays for that."""
        if self._left and self._export.isEnabled():
            self.deleteLater()

    def _show(self, kind: str, sentence: str) -> None:
        self._result.setText(sentence)
        theme.restyle(self._result, kind)
        self._result.setVisible(bool(sentence))


def found(event: events.Exported) -> str:
    """What came of an export, in words."""
    sentences = [f"Written to {event.path} ({memory(event.size)})."]
    if event.verified:
        sentences.append("A clean process, without any code of this program, opened it" + _prediction(event.difference) + ".")
    else:
        sentences.append("It was not verified.")
    return " ".join(sentences + ([event.message] if event.message else []))


def _prediction(difference: float | None) -> str:
    if difference is None:
        return ""
    if difference == 0:
        return " and predicted exactly the same"
    return f" and predicted the same; the greatest difference is {difference:.1g}"


def _buddy(text: str, widget: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(widget)
    return label
