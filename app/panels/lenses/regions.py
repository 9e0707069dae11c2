"""Decision regions while a model trains: which class it says where, and which samples it has wrong."""

from __future__ import annotations

from html import escape

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app import theme
from app.panels.lenses.lens_panel import LensPanel, offer
from app.panels.lenses.region_plot import RegionPlot
from app.panels.panel import described
from ml import events


class RegionsPanel(LensPanel[events.Regions]):
    """Shows the latest `Regions` event and asks for other columns with `Plane`."""

    EVENT = events.Regions
    WAITING = "While a model learns to tell classes of points, or of a table's rows, what it says everywhere is shown here."
    NONE = "Of this run no regions were recorded: they need a model that says a class, or a number, of points or of a table's rows."

    command = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plots: list[tuple[QLabel, RegionPlot, QWidget]] = []
        self._across = described(QComboBox(), "column across", "Which column of the data goes across. The others are held at their medians.")
        self._up = described(QComboBox(), "column up", "Which column of the data goes up. The others are held at their medians.")
        self._legend = QLabel(textFormat=Qt.TextFormat.RichText, wordWrap=True)
        self._says = theme.label(kind="muted", wrap=False)
        self._says.setToolTip("The columns that are not shown are held at their medians; those of the samples are their own.")
        self._lay_out()
        for box in (self._across, self._up):
            box.activated.connect(self._turn)

    def draw(self, event: events.Regions) -> None:
        """Show the latest event."""
        self._offer(event)
        while len(self._plots) < len(event.regions):
            self._add_plot()
        several = len({region.role for region in event.regions}) > 1
        for index, (title, plot, column) in enumerate(self._plots):
            column.setVisible(index < len(event.regions))
            if index < len(event.regions):
                region = event.regions[index]
                title.setText(_title(region, event, several))
                title.setVisible(len(event.regions) > 1)
                plot.draw(region, event)
        self._legend.setText(_legend(event))
        self._say()

    def recolour(self) -> None:
        for _, plot, _ in self._plots:
            plot.recolour()

    def _lay_out(self) -> None:
        self._columns = QWidget()
        boxes = QHBoxLayout(self._columns)
        boxes.setContentsMargins(0, 0, 0, 0)
        for text, box in (("A&cross", self._across), ("&Up", self._up)):
            label = QLabel(text)
            label.setBuddy(box)
            boxes.addWidget(label)
            boxes.addWidget(box)
        tools = QHBoxLayout()
        tools.addWidget(self._columns)
        tools.addWidget(self._legend, 1)
        tools.addWidget(self._says)
        self.filled.addLayout(tools)
        self._side_by_side = QHBoxLayout()
        self.filled.addLayout(self._side_by_side, 1)

    def _add_plot(self) -> None:
        column, title, plot = QWidget(), theme.label(kind="heading", wrap=False), RegionPlot()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(title)
        layout.addWidget(plot, 1)
        plot.pointed.connect(self._say)
        self._side_by_side.addWidget(column, 1)
        self._plots.append((title, plot, column))

    def _offer(self, event: events.Regions) -> None:
        """Offer the columns that there are, and show which are looked at."""
        self._columns.setVisible(len(event.features) > 2)
        for box, chosen in ((self._across, event.across), (self._up, event.up)):
            offer(box, event.features)
            if not box.view().isVisible():
                box.setCurrentIndex(chosen)

    def _turn(self) -> None:
        """Ask for the plane of the two columns; where one was set to the other, they change places."""
        across, up = self._across.currentIndex(), self._up.currentIndex()
        if self._event is None:
            return
        if across == up:
            across, up = (across, self._event.across) if self.sender() is self._across else (self._event.up, up)
        self.command.emit(events.Plane(across, up))

    def _say(self, pointed: str = "") -> None:
        """Put what is under the pointer in words, or what is shown."""
        if self._event is not None:
            self._says.setText(pointed or _sentence(self._event))


def _title(region: events.Region, event: events.Regions, several: bool) -> str:
    """What a plot shows, where there are several."""
    names = [region.role] if several else []
    names.append(f"Outputs of {region.layer}" if region.layer else "The data")
    if several and event.classes and not region.layer:
        names.append(f"{np.mean(region.said.numpy() == event.labels.numpy()):.1%} right")
    return ", ".join(names)


def _legend(event: events.Regions) -> str:
    """The classes with their colours and the mark of what is wrong; of a number what pale and full colour are."""
    c = theme.colours()
    if not event.classes:
        return f"pale: {event.low:.4g} &nbsp; <span style='color:{c.accent}'>full colour: {event.high:.4g}</span>"
    names = (
        f"<span style='white-space:nowrap'><span style='color:{c.of_series(index)}'>●</span> {escape(name)}</span>" for index, name in enumerate(event.classes)
    )
    rings = ["rings:&nbsp;the clouds at 1 and 2 deviations"] if any(region.means is not None for region in event.regions) else []
    return " &nbsp; ".join([*names, "✕&nbsp;wrong", *rings])


def _sentence(event: events.Regions) -> str:
    labels, said = event.labels.numpy(), event.regions[0].said.numpy()
    if event.classes:
        told = f"{int((labels == said).sum()):,} of {len(labels):,} training samples right"
    else:
        told = f"off by {np.abs(labels - said).mean():.3g} on average over {len(labels):,} training samples"
    return f"After step {event.step:,}: {told}."
