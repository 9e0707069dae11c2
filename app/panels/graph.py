"""The centre: the graph, with a tab for each role of the project."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QTabBar, QVBoxLayout, QWidget

from app.canvas.view import GraphView
from app.document import Document
from app.theme import GRID


class GraphPanel(QWidget):
    """Follows the document's roles."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.view = GraphView(document)
        self.roles = QTabBar()
        self.roles.setExpanding(False)
        self.roles.setAccessibleName("Models")
        self.roles.currentChanged.connect(self._role_chosen)
        head = QHBoxLayout()
        head.setContentsMargins(GRID, 0, GRID, 0)
        head.addWidget(self.roles)
        head.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        document.changed.connect(self.refresh)
        document.role_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the document's roles and which one is looked at."""
        names = list(self.document.project.models)
        blocked = self.roles.blockSignals(True)
        if [self.roles.tabText(index) for index in range(self.roles.count())] != names:
            while self.roles.count():
                self.roles.removeTab(0)
            for name in names:
                self.roles.addTab(name)
        if self.document.role in names:
            self.roles.setCurrentIndex(names.index(self.document.role))
        self.roles.blockSignals(blocked)
        self.roles.setVisible(len(names) > 1)

    def _role_chosen(self, index: int) -> None:
        if index >= 0:
            self.document.role = self.roles.tabText(index)
