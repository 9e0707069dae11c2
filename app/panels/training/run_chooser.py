"""Which of several runs that are under way the panels show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from app.panels.panel import described

LETTERS = 20
"""So many are seen of a run's name."""
Running = tuple[str, str, str]
"""A run's folder, its name, and what it does now."""


class RunChooser(QComboBox):
    """Is there while there is a choice."""

    chosen = Signal(str)
    """The folder of a run that is to be shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        described(self, "shown run", "Which of the runs that are under way the panels show and the buttons steer; the others go on.")
        self.setMinimumContentsLength(LETTERS)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(lambda row: self.chosen.emit(self.itemData(row)))
        self.hide()

    def show_runs(self, runs: Sequence[Running], shown: str) -> None:
        """Offer these runs; `shown` is the folder of the one that the panels show."""
        if [folder for folder, _, _ in runs] != [self.itemData(row) for row in range(self.count())]:
            self.clear()
            for folder, _, _ in runs:
                self.addItem("", folder)
        for row, title in enumerate(titles(runs)):
            self.setItemText(row, title)
        self.setCurrentIndex(self.findData(shown))
        self.setVisible(len(runs) > 1)


def titles(runs: Sequence[Running]) -> list[str]:
    """A line for each run: those of the same name are numbered, and what does not simply train says what it does."""
    seen: Counter[str] = Counter()
    lines = []
    for _, name, state in runs:
        seen[name] += 1
        lines.append((f"{name} ({seen[name]})" if seen[name] > 1 else name) + ("" if state == "running" else f", {state}"))
    return lines
