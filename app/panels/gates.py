"""Recurrent layers while a model trains: gates, cell and state at every step in time on the probe example."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app import theme
from app.panels.over_time import OverTime
from app.panels.panel import Panel, described
from ml import events
from ml.project.project import Project

WAITING = "While a model with recurrent layers trains, their gates and states over time are shown here."
NONE = "Of this run nothing over time was recorded: it needs a model with an LSTM, a GRU or a SimpleRNN layer."


class GatesPanel(Panel):
    """Shows the latest `Recurrent` event, one layer of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._event: events.Recurrent | None = None
        self._layer = described(QComboBox(), "recurrent layer", "Which layer is shown.")
        self._layer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._time = described(
            OverTime(),
            "values over time",
            "A column is a step in time, a row a unit. Gates go from 0, pale, to 1; states from −1 to 1. The reach is how much the state at a step "
            "still moves the last one, on a logarithmic scale down to a millionth.",
        )
        self._says = theme.label(kind="muted", wrap=False)
        self._empty = theme.label(WAITING, kind="muted")
        self._stack = QStackedLayout()
        self._lay_out()
        self._layer.activated.connect(self.stale)

    def begin(self, project: Project) -> None:
        """A run of this project starts."""
        self._event = None
        self._layer.clear()
        self._empty.setText(WAITING)
        self.stale()

    def show_event(self, event: events.Message) -> None:
        """Take what a run says."""
        match event:
            case events.Recurrent():
                self._event = event
                self.stale()
            case events.Done() if self._event is None:
                self._empty.setText(NONE)

    def refresh(self) -> None:
        """Show the latest event."""
        event = self._event
        self._stack.setCurrentIndex(0 if event is None else 1)
        if event is None:
            return
        names = [layer.name for layer in event.layers]
        if names != [self._layer.itemText(index) for index in range(self._layer.count())]:
            self._layer.clear()
            self._layer.addItems(names)
        layer = event.layers[max(0, self._layer.currentIndex())]
        self._time.show_layer(event, layer)
        self._says.setText(f"{layer.type}, example {event.probe} after step {event.step:,}.")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._layer)
        head.addWidget(self._says)
        head.addStretch(1)
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self._time, 1)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        outer.addLayout(self._stack)  # before it is filled: it shows its first widget at once, without a parent as a window
        self._stack.addWidget(self._empty)
        self._stack.addWidget(filled)
