"""The editor of a path: a line to type or drop it in, and a button that opens the system's dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.theme import GRID
from ml.project.parameters import Parameter


class PathEdit(QWidget):
    """Shows where a file or a folder is, and calls `take` with another path when a person chose one."""

    def __init__(self, parameter: Parameter, take: Callable[[str | None], None]) -> None:
        super().__init__()
        self._parameter, self._take = parameter, take
        self.line = _Line(self._chosen)
        self.line.setPlaceholderText(f"choose a {parameter.kind}" if parameter.required else "none")
        self.line.setAccessibleName(f"{parameter.name} of the {parameter.kind}")
        self.line.editingFinished.connect(lambda: self._chosen(self.line.text().strip()))
        self.button = QPushButton("…")
        self.button.setFixedWidth(5 * GRID)
        self.button.setToolTip(f"Choose a {parameter.kind}…")
        self.button.setAccessibleName(f"Choose the {parameter.kind} for {parameter.name.replace('_', ' ')}")
        self.button.clicked.connect(self.choose)
        self.setFocusProxy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        self._shown: str | None = None

    def show_path(self, path: str | None) -> None:
        """Show this path, unless a person is typing another one; its end is seen where there is no room for all of it."""
        self._shown = path
        if self.line.hasFocus() and self.line.isModified():
            return
        self.line.setText(path or "")
        self.line.setToolTip(path or "")

    def choose(self) -> None:
        """Ask for the path in the system's dialog."""
        beginning = str(Path(self._shown).parent) if self._shown else str(Path.home())
        if self._parameter.kind == "folder":
            path = QFileDialog.getExistingDirectory(self.window(), "Choose a folder", self._shown or beginning)
        else:
            patterns = [f"Usual files ({' '.join(self._parameter.choices)})"] if self._parameter.choices else []
            path, _ = QFileDialog.getOpenFileName(self.window(), "Choose a file", beginning, ";;".join([*patterns, "All files (*)"]))
        if path:
            self._chosen(path)

    def _chosen(self, path: str) -> None:
        self.line.setModified(False)
        if path != (self._shown or ""):
            self._take(path or None)


class _Line(QLineEdit):
    """A line that takes a file which is dropped on it as its path, and not as an address."""

    def __init__(self, chosen: Callable[[str], None]) -> None:
        super().__init__()
        self._chosen = chosen

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction() if dropped(event.mimeData()) else super().dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped(event.mimeData())
        if path is None:
            super().dropEvent(event)
        else:
            event.acceptProposedAction()
            self._chosen(str(path))


def dropped(mime: QMimeData) -> Path | None:
    """The one file or folder of this machine that is being dragged, or None."""
    urls = mime.urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
