"""A problem as a sentence, with its ways out as buttons below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.theme import GRID, label


class Problem(QWidget):
    """Says what is wrong, and offers what would help. Nothing is seen while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = label(kind="error")
        self.buttons: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID // 2)
        self._column.addWidget(self.sentence)
        self.hide()

    def show_problem(self, sentence: str, ways: Iterable[tuple[str, Callable[[], None]]] = ()) -> None:
        """Say this, or nothing; each way is what a button says, and what it does."""
        for button in self.buttons:
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(text, do) for text, do in ways]
        self.sentence.setText(sentence)
        self.setVisible(bool(sentence))

    def _button(self, text: str, do: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.setToolTip(text)
        button.clicked.connect(lambda: do())
        self._column.addWidget(button)
        return button
