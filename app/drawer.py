"""Tabs below the graph that fold away to their titles while there is nothing in them to see."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QToolButton, QWidget

LARGEST = 16_777_215
"""Qt's own limit of a widget's height: no limit."""


class Drawer(QTabWidget):
    """A click on a title opens it; the arrow at the right folds and opens it."""

    folded_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, documentMode=True)
        self.folded = False
        self._arrow = QToolButton(autoRaise=True)
        self._arrow.clicked.connect(lambda: self.fold(not self.folded))
        self.setCornerWidget(self._arrow, Qt.Corner.TopRightCorner)
        self.tabBar().tabBarClicked.connect(lambda index: self.fold(False))
        self._show_arrow()

    def fold(self, folded: bool) -> None:
        """Show the titles alone, or all."""
        if folded != self.folded:
            self.folded = folded
            self.setMaximumHeight(self.tabBar().sizeHint().height() if folded else LARGEST)
            self._show_arrow()
            self.folded_changed.emit(folded)

    def show_panels(self, shown: bool) -> None:
        """Show the panels, or hide them and keep their room: behind another dock they would go on painting, for to Qt they are visible there."""
        pages = self.findChild(QStackedWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if pages is not None:
            pages.setVisible(shown)

    def _show_arrow(self) -> None:
        words = "Open the panels of the training" if self.folded else "Fold the panels of the training"
        self._arrow.setArrowType(Qt.ArrowType.UpArrow if self.folded else Qt.ArrowType.DownArrow)
        self._arrow.setAccessibleName(words)
        self._arrow.setToolTip(words)
