"""Inside the models while they train: of every layer what it computes on the probe example, and its weights."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QSplitter, QTreeWidget, QTreeWidgetItem, QWidget

from app import theme
from app.document import Document
from app.panels import words
from app.panels.lenses.glance import GlanceView, size
from app.panels.lenses.lens_panel import LensPanel
from app.panels.panel import described
from ml import events

COLUMNS = ("Layer", "Output", "Mean", "Spread", "Zeros")
KEY = Qt.ItemDataRole.UserRole


class InsidePanel(LensPanel[events.Inside]):
    """Shows the latest `Inside` event. A layer is chosen here, or as a node on the canvas."""

    EVENT = events.Inside
    WAITING = "While a model trains, it can be looked into here:\nwhat each layer computes on one example, and the weights that it has learned."
    NONE = "Of this run no layers were recorded."

    chosen = Signal(list)
    """The node of the graph that is looked at whose layer was chosen here."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._rows: dict[tuple[str, str], QTreeWidgetItem] = {}
        self._key: tuple[str, str] | None = None
        self._layers = described(QTreeWidget(), "layers", "The layers in the order in which they are computed, with the numbers of what each gives.")
        self._output = GlanceView("Output", "")
        self._weights = GlanceView("Weights", "This layer has no weights.")
        self._says = theme.label(kind="muted", wrap=False)
        self._says.setToolTip("What takes no data, as a generator does, is fed with noise that is always the same.")
        self._lay_out()
        self._layers.currentItemChanged.connect(self._choose)
        self._layers.itemActivated.connect(lambda item, _: self._point_out(item.data(0, KEY)))

    def show_selection(self, names: list[str]) -> None:
        """Show the layer of this node of the graph that is looked at; of a block its first one."""
        if not names:
            return
        path = "/".join((*self.document.scope, names[0]))
        found = [key for key in self._rows if key[0] == self.document.role and (key[1] == path or key[1].startswith(f"{path}/"))]
        if found and self._key not in found:
            self._layers.setCurrentItem(self._rows[found[0]])

    def draw(self, event: events.Inside) -> None:
        """Show the latest event."""
        if [(layer.role, layer.name) for layer in event.layers] != list(self._rows):
            self._list(event)
        for layer in event.layers:
            output = layer.output
            texts = (size(output.shape), words.number(output.mean), words.number(output.deviation), f"{output.zeros:.0%}")
            row = self._rows[layer.role, layer.name]
            for column, text in enumerate(texts, 1):
                row.setText(column, text)
        self._draw()

    def recolour(self) -> None:
        self._output.draw()
        self._weights.draw()

    def _lay_out(self) -> None:
        self._layers.setHeaderLabels(list(COLUMNS))
        self._layers.setRootIsDecorated(False)
        self._layers.setUniformRowHeights(True)
        self._layers.setMinimumWidth(280)
        header = self._layers.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        for column in range(2, len(COLUMNS)):
            self._layers.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
        split = QSplitter(Qt.Orientation.Horizontal)
        for part in (self._layers, self._output, self._weights):
            split.addWidget(part)
        split.setSizes([380, 400, 400])
        split.setChildrenCollapsible(False)
        self.filled.addWidget(split, 1)
        self.filled.addWidget(self._says)

    def _list(self, event: events.Inside) -> None:
        """Make a row for each layer, and keep the choice."""
        blocked = self._layers.blockSignals(True)
        self._layers.clear()
        self._rows = {}
        several = len({layer.role for layer in event.layers}) > 1
        for layer in event.layers:
            row = QTreeWidgetItem([f"{layer.role}: {layer.name}" if several else layer.name])
            row.setToolTip(0, f"{layer.name}, a {layer.type} of the {layer.role}. Enter or a double click finds it on the canvas.")
            row.setData(0, KEY, (layer.role, layer.name))
            for column in range(2, len(COLUMNS)):
                row.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._rows[layer.role, layer.name] = row
            self._layers.addTopLevelItem(row)
        if self._key not in self._rows:
            with_weights = [(layer.role, layer.name) for layer in event.layers if layer.weights]
            self._key = with_weights[0] if with_weights else next(iter(self._rows))
        self._layers.setCurrentItem(self._rows[self._key])
        self._layers.blockSignals(blocked)

    def _draw(self) -> None:
        """Show the chosen layer."""
        event = self._event
        layer = next((layer for layer in event.layers if (layer.role, layer.name) == self._key), None) if event is not None else None
        if event is None or layer is None:
            return
        self._output.show_glances((layer.output,), f"Output of {layer.name}")
        self._weights.show_glances(layer.weights, "Weights")
        self._says.setText(f"Example {event.probe} after step {event.step:,}.")

    def _choose(self, row: QTreeWidgetItem | None) -> None:
        if row is not None:
            self._key = row.data(0, KEY)
            self._draw()

    def _point_out(self, key: tuple[str, str]) -> None:
        """Select the layer's node where the graph that it is in is looked at, else the block that it is in."""
        role, path = key
        scope = self.document.scope
        names = path.split("/")
        if role == self.document.role and tuple(names[: len(scope)]) == scope:
            self.chosen.emit([names[len(scope)]])
