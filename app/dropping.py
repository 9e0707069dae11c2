"""What is dropped on the window from elsewhere: a project, a model, a run, or data of one's own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from app.files import ENDINGS, MODELS, Files
from app.panels.data.panel import DataPanel
from app.path_edit import dropped
from ml.data.own import source_for
from ml.project.project import Data
from ml.runs import RECORD

OPENED = (*ENDINGS, *MODELS)
"""What is opened as a project or a model."""


class Dropping(QObject):
    """Has a window take what is dropped on it, wherever no part of it wants it for itself."""

    data_came = Signal()
    """What was dropped is data, and the panel shows what becomes of it."""

    def __init__(self, window: QWidget, files: Files, data: DataPanel) -> None:
        super().__init__(window)
        self._files, self._data = files, data
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QDropEvent):
            return super().eventFilter(watched, event)
        path = dropped(event.mimeData())
        if path is None:
            return super().eventFilter(watched, event)
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.take(path)
        return True

    def take(self, path: Path) -> None:
        """Open what it is."""
        if (path / RECORD).is_file():
            self._files.open_run(path)
        elif path.suffix.lower() in OPENED:
            self._files.open(path)
        else:
            self.data_came.emit()
            self._data.propose(Data(source_for(path), {"path": str(path)}))
