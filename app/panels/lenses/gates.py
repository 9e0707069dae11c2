"""Recurrent layers while a model trains: gates, cell and state at every step in time on the probe example."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from app import theme
from app.panels.lenses.lens_panel import LensPanel, offer
from app.panels.lenses.over_time import OverTime
from app.panels.panel import described
from ml import events


class GatesPanel(LensPanel[events.Recurrent]):
    """Shows the latest `Recurrent` event, one layer of it."""

    EVENT = events.Recurrent
    WAITING = "While a model with recurrent layers trains, their gates and states over time are shown here."
    NONE = "Of this run nothing over time was recorded: it needs a model with an LSTM, a GRU or a SimpleRNN layer,\nor a block that is called again and again."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer = described(QComboBox(), "recurrent layer", "Which layer is shown.")
        self._layer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._time = described(
            OverTime(),
            "values over time",
            "A column is a step in time, a row a unit. Gates go from 0, pale, to 1; states from −1 to 1. The reach is how much the state at a step "
            "still moves the last one, on a logarithmic scale down to a millionth.",
        )
        self._says = theme.label(kind="muted", wrap=False)
        self._lay_out()
        self._layer.activated.connect(self.stale)

    def draw(self, event: events.Recurrent) -> None:
        """Show the chosen layer."""
        offer(self._layer, [layer.name for layer in event.layers])
        layer = event.layers[max(0, self._layer.currentIndex())]
        self._time.show_layer(event, layer)
        self._says.setText(f"{layer.type}, example {event.probe} after step {event.step:,}.")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._layer)
        head.addWidget(self._says)
        head.addStretch(1)
        self.filled.addLayout(head)
        self.filled.addWidget(self._time, 1)
