"""Attention while a model trains: every layer's heads on one example, and a chosen head large, with its tokens or over the picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QSpinBox, QSplitter, QWidget

from app import theme
from app.panels.lenses.attention_maps import HeadView, MapsView
from app.panels.lenses.lens_panel import LensPanel, offer
from app.panels.lenses.tiles import Spot, covers, gaze, tiled
from app.panels.panel import described
from ml import events
from ml.project.graph import Graph
from ml.project.project import Project

WITH_ATTENTION = {"MultiHeadAttention", "GroupQueryAttention", "GroupedQueryAttention", "Attention", "AdditiveAttention", "Softmax", "ops.softmax"}
"""Nodes that attention may be watched on; a softmax may be one that a person built by hand."""
FULL = (1.0, 0.5, 0.2, 0.1, 0.05)
PATIENCE = 200
"""Milliseconds after the last turn of the index until the example is asked for."""
VISIBLE = {"\n": "⏎", " ": "␣", "\t": "⇥"}


class AttentionPanel(LensPanel[events.Attention]):
    """Shows the latest `Attention` event and asks for another example with `Probe`."""

    EVENT = events.Attention
    WAITING = "While a model with attention trains, every head of every layer appears here."
    NONE = "This model has no attention.\nThe templates self_attention, gpt and vit have; a MultiHeadAttention node can be put into any model."

    command = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scores: list[np.ndarray] = []
        self._chosen = (0, 0)
        self._query = 0
        self._in_gazes = False
        self._maps, self._head = MapsView(), HeadView()
        described(self._maps, "attention maps", "Every head of every layer: a row is a query, a column a key. Click a map to see it large.")
        described(self._head, "chosen head", "One head. Click a row to choose a query, or over a picture a patch, or move on with the arrow keys.")
        self._index = described(QSpinBox(maximum=999_999), "example", "Which example of the validation data is watched.")
        self._text = described(
            QLineEdit(placeholderText="a text of your own to watch, then Enter"), "text", "Watch attention on this text instead of an example."
        )
        self._layer = described(QComboBox(), "layer", "Which layer is shown large.")
        self._number = described(QSpinBox(minimum=1, prefix="head "), "head", "Which head is shown large.")
        self._full = described(
            QComboBox(), "full colour", "The weight that has the full colour; the scale stays while the model trains, so that colours can be compared."
        )
        for full in FULL:
            self._full.addItem(f"{full:.0%}", full)
        self._pairs = described(QCheckBox("All pai&rs"), "all pairs", "Show each head's whole matrix instead of what the chosen patch looks at.")
        self._whole = described(QCheckBox("Cl&ass token"), "class token", "Show what the class token looks at instead of a patch.")
        self._says = theme.label(kind="muted", wrap=False)
        self._says.setTextFormat(Qt.TextFormat.PlainText)
        self._says.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._wait = QTimer(self, singleShot=True, interval=PATIENCE)
        self._lay_out()
        self._wire()

    def begin(self, project: Project) -> None:
        """A run of this project starts."""
        super().begin(project)
        self._scores, self._chosen, self._query = [], (0, 0), 0
        if not any(has_attention(graph) for graph in project.models.values()):
            self._empty.setText(self.NONE)
        self._text.setVisible(project.recipe.id == "causal_lm")
        self._text.clear()
        self._layer.clear()

    def draw(self, event: events.Attention) -> None:
        """Show the latest event."""
        self._scores = [layer.scores.numpy() for layer in event.layers]
        self._offer(event)
        layer, head = self._chosen
        scores = self._scores[layer]
        self._query = min(self._query, scores.shape[1] - 1)
        full = self._full.currentData()
        gazes = self._is_gaze(layer)
        self._in_gazes = self._offers_gazes and not self._pairs.isChecked()
        self._maps.setVisible(sum(map(len, self._scores)) > 1)
        self._whole.setVisible(gazes and scores.shape[1] > self._patches)
        blocked = self._whole.blockSignals(True)
        self._whole.setChecked(gazes and self._query < scores.shape[1] - self._patches)
        self._whole.blockSignals(blocked)
        self._maps.draw(tiled(self._gazes() if self._in_gazes else self._scores, full), [entry.name for entry in event.layers], self._chosen)
        if gazes and event.picture is not None and event.grid is not None:
            patch = self._query - (scores.shape[1] - self._patches)
            self._head.draw_gaze(gaze(scores, self._query, event.grid)[head], full, event.picture.numpy(), patch if patch >= 0 else None)
        else:
            tokens = event.layers[layer].keys or event.tokens, event.queries or event.tokens
            keys, queries = ([visible(token) for token in labels] for labels in tokens)
            self._head.draw_map(scores[head], full, keys, queries, self._query)
        self._say()

    def recolour(self) -> None:
        self._maps.recolour()
        self._head.recolour()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        for text, widget in (("E&xample", self._index), ("", self._text), ("La&yer", self._layer), ("", self._number), ("F&ull colour at", self._full)):
            if text:
                label = QLabel(text)
                label.setBuddy(widget)
                tools.addWidget(label)
            tools.addWidget(widget, 1 if widget is self._text else 0)
        tools.addWidget(self._pairs)
        tools.addWidget(self._whole)
        tools.addStretch()
        self._text.hide()
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._maps)
        split.addWidget(self._head)
        split.setSizes([600, 400])
        split.setChildrenCollapsible(False)
        self.filled.addLayout(tools)
        self.filled.addWidget(split, 1)
        self.filled.addWidget(self._says)

    def _wire(self) -> None:
        self._index.valueChanged.connect(lambda: self._wait.start())
        self._wait.timeout.connect(lambda: self.command.emit(events.Probe(index=self._index.value())))
        self._text.returnPressed.connect(lambda: self.command.emit(events.Probe(index=self._index.value(), text=self._text.text())))
        self._layer.activated.connect(lambda layer: self._choose(layer, self._chosen[1]))
        self._number.valueChanged.connect(lambda number: self._choose(self._chosen[0], number - 1))
        self._maps.picked.connect(lambda spot: self._choose(spot.layer, spot.head))
        self._maps.over.connect(self._over_maps)
        self._head.over.connect(self._over_head)
        self._head.picked.connect(self._pick_query)
        for view in (self._maps, self._head):
            view.resized.connect(self.stale)
        self._head.stepped.connect(self._step_query)
        self._whole.toggled.connect(lambda on: self._set_query(0 if on else 1))
        self._pairs.toggled.connect(self.stale)
        self._full.currentIndexChanged.connect(self.stale)

    @property
    def _patches(self) -> int:
        return self._event.grid[0] * self._event.grid[1] if self._event is not None and self._event.grid else 0

    def _is_gaze(self, layer: int) -> bool:
        """Whether a layer's weights are over the patches of the picture."""
        return self._event is not None and self._event.picture is not None and covers(self._scores[layer], self._event.grid)

    @property
    def _offers_gazes(self) -> bool:
        """Whether all layers are over patches that lie in more than one row and column; else their matrices say more."""
        grid = self._event.grid if self._event is not None else None
        return grid is not None and min(grid) > 1 and all(map(self._is_gaze, range(len(self._scores))))

    def _gazes(self) -> list[np.ndarray]:
        grid = self._event.grid if self._event is not None else None
        return [gaze(scores, min(self._query, scores.shape[1] - 1), grid) for scores in self._scores if grid is not None]

    def _offer(self, event: events.Attention) -> None:
        """Offer the layers and heads that there are, and keep the choice among them."""
        names = [layer.name for layer in event.layers]
        offer(self._layer, names)
        layer = min(self._chosen[0], len(names) - 1)
        heads = len(self._scores[layer])
        self._chosen = layer, min(self._chosen[1], heads - 1)
        self._layer.setCurrentIndex(layer)
        blocked = self._number.blockSignals(True)
        self._number.setMaximum(heads)
        self._number.setValue(self._chosen[1] + 1)
        self._number.blockSignals(blocked)
        self._pairs.setVisible(self._offers_gazes)
        if not self._index.hasFocus() and not self._wait.isActive():
            blocked = self._index.blockSignals(True)
            self._index.setValue(event.probe)
            self._index.blockSignals(blocked)

    def _choose(self, layer: int, head: int) -> None:
        self._chosen = layer, head
        self.stale()

    def _set_query(self, query: int) -> None:
        self._query = query
        self.stale()

    def _pick_query(self, where: tuple[int, int]) -> None:
        query = self._cell(where)[0] if not self._is_gaze(self._chosen[0]) else self._cell(where)[1]
        self._set_query(query)

    def _step_query(self, down: int, across: int) -> None:
        """Go on to the next query, or over a picture to the next patch in that direction."""
        if self._event is not None and self._scores:
            grid = self._event.grid if self._is_gaze(self._chosen[0]) else None
            query = self._query + across + down * (grid[1] if grid is not None else 1)
            if 0 <= query < self._scores[self._chosen[0]].shape[1]:
                self._set_query(query)

    def _cell(self, where: tuple[int, int]) -> tuple[int, int]:
        """The query and the key that lie at (row, column) of the large view."""
        layer = self._chosen[0]
        if not self._is_gaze(layer) or self._event is None or self._event.grid is None:
            return where
        first = self._scores[layer].shape[2] - self._patches
        return self._query, first + where[0] * self._event.grid[1] + where[1]

    def _over_maps(self, spot: Spot | None) -> None:
        if spot is not None and self._in_gazes and self._event is not None and self._event.grid is not None:
            key = self._scores[spot.layer].shape[2] - self._patches + spot.query * self._event.grid[1] + spot.key
            spot = Spot(spot.layer, spot.head, self._query, key)
        self._say(spot)

    def _over_head(self, where: tuple[int, int] | None) -> None:
        self._say(Spot(*self._chosen, *self._cell(where)) if where is not None and self._scores else None)

    def _say(self, spot: Spot | None = None) -> None:
        """Put what is under the pointer in words, or where this is from."""
        event = self._event
        if event is None:
            return
        if spot is None or not self._holds(spot):
            asked = f": {event.about}" if event.about else ". Each row of a map adds up to 1."
            self._says.setText(f"Example {event.probe} after step {event.step:,}{asked}")
            return
        weight = self._scores[spot.layer][spot.head, spot.query, spot.key]
        names = f"{event.layers[spot.layer].name}, head {spot.head + 1}"
        query, key = self._token(spot.layer, spot.query, event.queries), self._token(spot.layer, spot.key, event.layers[spot.layer].keys)
        self._says.setText(f"{names}: {query} looks at {key} with {weight:.1%}")

    def _holds(self, spot: Spot) -> bool:
        heads, queries, keys = self._scores[spot.layer].shape
        return spot.head < heads and spot.query < queries and spot.key < keys

    def _token(self, layer: int, index: int, others: tuple[str, ...] = ()) -> str:
        """A token by its own name, or a patch by its place; `others` are the names of queries or keys that are not the example's tokens."""
        event = self._event
        if event is not None and event.grid is not None and self._is_gaze(layer):
            patch = index - (self._scores[layer].shape[2] - self._patches)
            return "the class token" if patch < 0 else f"the patch in row {patch // event.grid[1] + 1}, column {patch % event.grid[1] + 1}"
        tokens = others or (event.tokens if event is not None else ())
        if index < len(tokens):
            return f"“{visible(tokens[index])}” ({index + 1})"
        return f"position {index + 1}"


def has_attention(graph: Graph) -> bool:
    """Whether a graph, or a block in it, has a node that attention may be watched on."""
    return any(type in WITH_ATTENTION for type in _types(graph))


def visible(token: str) -> str:
    """A token, made visible where it is a blank."""
    return VISIBLE.get(token, token)


def _types(graph: Graph) -> Iterator[str]:
    for node in graph.nodes.values():
        yield node.type
        if node.graph is not None:
            yield from _types(node.graph)
