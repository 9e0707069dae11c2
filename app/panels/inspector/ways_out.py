"""Ways out of errors as buttons in a column: one click each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.theme import GRID
from ml.project.fixes import Fix


class WaysOut(QWidget):
    """Hidden where there is none."""

    chosen = Signal(object)
    """A `Fix` that was clicked."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Fix, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID // 2)
        self.hide()

    def show_fixes(self, fixes: Sequence[Fix]) -> None:
        """Show a button for each."""
        if tuple(fixes) == self._shown:
            return
        self._shown = tuple(fixes)
        while item := self._column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for fix in fixes:
            self._column.addWidget(self._button(fix))
        self.setVisible(bool(fixes))

    def _button(self, fix: Fix) -> QPushButton:
        button = _Button(fix.text)
        button.clicked.connect(lambda checked=False, fix=fix: self.chosen.emit(fix))
        return button


class _Button(QPushButton):
    """A button whose words are cut to its width; the tooltip has all of them."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words
        self.setAccessibleName(words)
        self.setToolTip(f"{words}, as one step that can be undone")
        self.setProperty("kind", "fix")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        cut = self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, self.width() - 3 * GRID)
        self.setText(cut.replace("&", "&&"))
