"""The drawing dialog: what is drawn and how, what it will look like, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app import theme
from app.canvas.layout import Point
from app.document import Document
from app.drawings import drawing as drawings
from app.drawings.drawing import Drawing, DrawingProblem
from app.drawings.making import make
from app.drawings.nets import Subject
from app.drawings.options import Options
from app.panels.drawing.form import DrawingForm
from app.panels.drawing.preview import DrawingPreview
from app.panels.panel import described
from app.panels.replacing import Replacing
from app.settings import Settings
from ml.project.paths import absolute
from ml.project.writing import FileProblem

FORMATS = {"svg": "SVG, sharp at any size", "pdf": "PDF, sharp at any size", "png": "PNG, pixels"}
RESOLUTIONS = {96: "96 dpi, as on screen", 192: "192 dpi, twice", 300: "300 dpi, print", 600: "600 dpi, fine print"}
SMALLEST = 5.0
"""Points, under which letters can't be read on paper."""


class DrawingDialog(QDialog):
    """Draws what `document` shows. `positions` are where its nodes lie on the canvas, `selected` those that are selected."""

    def __init__(self, document: Document, positions: Mapping[str, Point], selected: list[str], settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export Drawing")
        self.resize(1040, 720)
        self.document, self.settings = document, settings
        self._replacing = Replacing(self)
        self._positions, self._selected = positions, selected
        self._drawing: Drawing | None = None
        parts = ["shown", *(["model"] if document.scope else []), *(["selection"] if selected else [])]
        self.form = DrawingForm(replace(_remembered(settings), part="selection" if len(selected) > 1 else "shown"), parts)
        self.preview = DrawingPreview()
        self._format = described(QComboBox(), "format", "What kind of file is written.")
        for kind, title in FORMATS.items():
            self._format.addItem(title, kind)
        self._resolution = described(QComboBox(), "resolution", "How many pixels a PNG has to the inch.")
        for dpi, title in RESOLUTIONS.items():
            self._resolution.addItem(title, dpi)
        self._resolution.setCurrentIndex(max(0, self._resolution.findData(self.form.options.dpi)))
        self._path = described(QLineEdit(), "path", "Where the file goes.")
        self._browse = described(QPushButton("&Browse…"), "browse", "Choose the file in a dialog.")
        self._copy = described(QPushButton("Cop&y", autoDefault=False), "copy", "Put the drawing on the clipboard, as SVG and as pixels.")
        self._save = described(QPushButton("&Save", default=True), "save", "Write the file.")
        self._close = described(QPushButton("Close", autoDefault=False), "close", "Close this dialog.")
        self._size = theme.label(kind="muted")
        self._result = theme.label()
        self._lay_out()
        self._wire()
        self._propose()
        self._format_changed()
        self.refresh()

    @property
    def options(self) -> Options:
        """What is chosen."""
        return replace(self.form.options, dpi=self._resolution.currentData())

    def refresh(self) -> None:
        """Draw it again."""
        self._show("", "")
        why = ""
        try:
            self._drawing = make(self._subject(), self._positions if self.options.part != "model" else {}, self.options)
        except DrawingProblem as problem:
            self._drawing, why = None, str(problem)
        self.preview.show_drawing(self._drawing, why)
        self._size.setText(_measures(self._drawing, self.options) if self._drawing else "")
        self.preview.setAccessibleDescription(why or self._size.text())
        for button in (self._save, self._copy):
            button.setEnabled(self._drawing is not None)

    def save(self) -> None:
        """Write the file that the form describes."""
        typed = self._path.text().strip()
        if not typed:
            self._show("error", "Choose where the file goes.")
            return
        assert self._drawing is not None
        try:
            path = absolute(typed)
            if not self._replacing.allows(path):
                return
            drawings.write(self._drawing, path, self.options.dpi)
        except (FileProblem, DrawingProblem) as problem:
            self._show("error", str(problem))
            return
        self._show("good", f"Written to {path}.")

    def copy(self) -> None:
        """Put the drawing on the clipboard."""
        assert self._drawing is not None
        data = QMimeData()
        data.setData("image/svg+xml", drawings.svg(self._drawing))
        try:
            data.setImageData(drawings.image(self._drawing, self.options.dpi))
        except DrawingProblem:
            self._show("warning", "Copied as SVG alone: as pixels it would be too large.")
        else:
            self._show("good", "Copied.")
        QGuiApplication.clipboard().setMimeData(data)

    def done(self, result: int) -> None:
        self.settings.drawing = msgspec.json.encode(self.options).decode()
        super().done(result)

    def _subject(self) -> Subject:
        document = self.document
        if self.options.part == "model":
            reports = document.report.roles.get(document.role, {}) if document.report else {}
            return Subject(document.project.models[document.role], reports, document.project.name)
        graph = document.graph
        if self.options.part == "selection":
            graph = graph.without(set(graph.nodes) - set(self._selected))
        return Subject(graph, document.node_reports, document.project.name)

    # The window.

    def _lay_out(self) -> None:
        area = QScrollArea(widgetResizable=True)
        area.setWidget(self.form)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFixedWidth(320)
        above = QHBoxLayout()
        above.setSpacing(2 * theme.GRID)
        above.addWidget(area)
        right = QVBoxLayout()
        right.addWidget(self.preview, 1)
        right.addWidget(self._size)
        above.addLayout(right, 1)
        file = QHBoxLayout()
        for widget in (_named("F&ile", self._format), self._format, self._resolution, self._path, self._browse):
            file.addWidget(widget, 1 if widget is self._path else 0)
        buttons = QHBoxLayout()
        buttons.addWidget(self._result, 1)
        for button in (self._close, self._copy, self._save):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setSpacing(2 * theme.GRID)
        column.addLayout(above, 1)
        column.addLayout(file)
        column.addLayout(buttons)

    def _wire(self) -> None:
        self.form.changed.connect(lambda options: self.refresh())
        self.document.checked.connect(self.refresh)
        self._format.activated.connect(self._format_changed)
        self._resolution.activated.connect(self.refresh)
        self._path.textEdited.connect(self._path_typed)
        self._browse.clicked.connect(self._choose)
        self._copy.clicked.connect(self.copy)
        self._save.clicked.connect(self.save)
        self._close.clicked.connect(self.reject)

    def _propose(self) -> None:
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = Path(place) if place and Path(place).is_dir() else Path.home()
        name = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in self.document.project.name) or "drawing"
        self._path.setText(str(folder / f"{name}.svg"))

    def _format_changed(self) -> None:
        """Give the path the format's ending, in the place of another; the `.5` of `net-1.5` is none."""
        kind = self._format.currentData()
        path = Path(self._path.text())
        if path.suffix.lower().removeprefix(".") != kind:
            stem = path.with_suffix("") if path.suffix[1:].isalpha() else path
            self._path.setText(f"{stem}.{kind}" if path.name else "")
        self._resolution.setVisible(kind == "png")

    def _path_typed(self, text: str) -> None:
        """Take the format from the path's ending."""
        index = self._format.findData(Path(text).suffix.lower().removeprefix("."))
        if index >= 0:
            self._format.setCurrentIndex(index)
            self._resolution.setVisible(self._format.currentData() == "png")

    def _choose(self) -> None:
        kind = self._format.currentData()
        chosen, _ = QFileDialog.getSaveFileName(self, "Export Drawing to", self._path.text(), f"{FORMATS[kind]} (*.{kind})")
        if chosen:
            self._path.setText(chosen)
            self._format_changed()
            if self._path.text() == chosen:  # else it asked about another file
                self._replacing.agree(Path(chosen))

    def _show(self, kind: str, sentence: str) -> None:
        self._result.setText(sentence)
        theme.restyle(self._result, kind)


def _remembered(settings: Settings) -> Options:
    try:
        return msgspec.json.decode(settings.drawing or "{}", type=Options)
    except msgspec.DecodeError:
        return Options()


def _measures(drawing: Drawing, options: Options) -> str:
    """How large it comes out, and whether that can be read."""
    width, height = (side / 72 * 25.4 for side in (drawing.size.width(), drawing.size.height()))
    text = f"{width:.0f} × {height:.0f} mm, letters from {drawing.smallest:.1f} pt."
    if options.style != "canvas" and drawing.smallest < SMALLEST:
        text += " They are too small to read on paper: make it wider, draw a part of it, or fold and join more."
    return text


def _named(text: str, widget: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(widget)
    return label
