"""A window that compares the project as it is with its file, a template, another project or a run."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.document import Document
from app.panels.compare.comparison import Comparison
from app.panels.compare.sources import Sources
from app.panels.request import Request
from app.settings import Settings
from app.theme import GRID, label
from ml.project.files import FileProblem

PAUSE_MILLISECONDS = 300
SIZE = (1240, 720)
WHICH = "that it is compared with", "as it is"


class CompareWindow(QWidget):
    """Follows the document while it is open. Before is what is compared with, after is the document."""

    def __init__(self, document: Document, settings: Settings, request: Request, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.document = document
        self.setWindowTitle("Compare")
        self.resize(*SIZE)
        self.sources, self.comparison = Sources(document, settings), Comparison(request, WHICH, document.role)
        self.problem = label(kind="error")
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._lay_out()
        self._timer.timeout.connect(self.compare)
        document.changed.connect(self._project_changed)
        self.sources.chosen.connect(self.compare)

    def open(self) -> None:
        """Show the window, with what there is to compare with now."""
        self.sources.offer()
        self.show()
        self.activateWindow()
        self.compare()

    def compare(self) -> None:
        """Compare anew."""
        self._timer.stop()
        try:
            before = self.sources.project()
        except FileProblem as problem:
            before = None
            self.problem.setText(str(problem))
        self.problem.setVisible(before is None)
        self.comparison.setVisible(before is not None)
        if before is not None:
            self.comparison.compare(before, self.document.project)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(label("The project as it is, compared with", wrap=False))
        head.addWidget(self.sources, 1)
        head.addWidget(self.comparison.legend)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GRID, GRID, GRID, GRID)
        outer.setSpacing(GRID)
        outer.addLayout(head)
        outer.addWidget(self.problem)
        outer.addWidget(self.comparison, 1)
        outer.addStretch()

    def _project_changed(self) -> None:
        if self.isVisible():
            self._timer.start()
