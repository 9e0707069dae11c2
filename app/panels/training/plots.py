"""The live plots: loss and metrics of training and validation, the learning rate and the speed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSlider,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.panels.panel import Panel, described
from app.panels.training.chart import Chart
from app.panels.training.curves import EPOCH, RATE, SPEED, STEP, History
from ml import events
from ml.project.project import Project

COLUMN, NARROW, LOW = 300, 180, 320
"""Pixels that a chart wants across, and what it makes do with where the panel is not as high as `LOW`."""
AT_ONCE = 1
"""Charts that are drawn in one turn of the event loop; the others wait for the next, so that no turn takes long."""


class PlotsPanel(Panel):
    """A chart for the losses, one for each other metric, and two small ones."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.history = History()
        self._charts: dict[str, Chart] = {}
        self._cross: float | None = None
        self._step: int | None = None
        self._waiting: list[str] = []
        self._arranged: tuple[tuple[str, ...], int] = ((), 0)
        self._axis = described(QComboBox(), "horizontal axis", "Draw each block of steps as it is trained, or the mean over each epoch.")
        self._axis.addItem("By step", STEP)
        self._axis.addItem("By epoch", EPOCH)
        self._log = described(QCheckBox("Lo&g scale"), "logarithmic scale", "Draw losses and learning rates on a logarithmic scale.")
        self._smoothing = described(
            QSlider(Qt.Orientation.Horizontal),
            "smoothing",
            "How much a moving mean smooths the training curves; the measured values stay visible behind.",
        )
        self._smoothing.setMaximum(99)
        self._smoothing.setMaximumWidth(140)
        self._amount = theme.label("0", kind="muted", wrap=False)
        self._fit = described(QPushButton("F&it"), "fit", "Show the whole of every curve again after zooming with the wheel or moving with the mouse.")
        self._stack = QStackedLayout()
        self._lay_out()
        self._axis.currentIndexChanged.connect(self._axis_changed)
        self._log.toggled.connect(self.stale)
        self._smoothing.valueChanged.connect(self._smoothing_changed)
        self._fit.clicked.connect(self.fit)

    def begin(self, _project: Project) -> None:
        """A run starts: its curves begin anew."""
        self.history = History()
        self._cross = self._step = None
        self.fit()

    def show_event(self, event: events.Message) -> None:
        """Take what a run says."""
        if isinstance(event, events.Metrics):
            self.history.add(event)
            self.stale()

    def show_step(self, step: int | None) -> None:
        """Mark a step of the run, where the pointer marks none; None: no longer."""
        self._step = step
        self.stale()

    def refresh(self) -> None:
        """Draw what is there, some charts at a time."""
        axis = self._axis.currentData()
        cross = self._cross if self._cross is not None or self._step is None else self.history.place(axis, self._step)
        charts = self.history.charts(axis)
        new = [title for title in charts if title not in self._charts]
        for title in new[AT_ONCE:]:
            del charts[title]
        self._stack.setCurrentIndex(1 if charts else 0)
        self._arrange(tuple(charts))
        smoothing = self._smoothing.value() / 100
        self._waiting = [title for title in self._waiting if title in charts] or list(charts)
        turn, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
        for title in turn:
            curves = {key: self.history.curves[axis, *key] for key in charts[title]}
            self._charts[title].draw(curves, axis, smoothing if title not in (RATE, SPEED) else 0.0, self._log.isChecked(), cross)
        if self._waiting or new[AT_ONCE:]:
            self.stale()

    def recolour(self) -> None:
        for chart in self._charts.values():
            chart.recolour()

    def fit(self) -> None:
        """Show the whole of every curve again."""
        for chart in self._charts.values():
            chart.fit()
        self.stale()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self._arranged[0])

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        label = QLabel("S&moothing")
        label.setBuddy(self._smoothing)
        for widget in (self._axis, self._log, label, self._smoothing, self._amount):
            tools.addWidget(widget)
        tools.addStretch()
        tools.addWidget(self._fit)
        empty = theme.label("Nothing to plot yet.\nStart the training: loss and metrics appear here, step by step.", kind="muted")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._area = QWidget()
        self._grid = QGridLayout(self._area)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.GRID)
        self._small = QWidget()
        self._small_column = QVBoxLayout(self._small)
        self._small_column.setContentsMargins(0, 0, 0, 0)
        self._small_column.setSpacing(0)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setWidget(self._area)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, 0)
        column.addLayout(tools)
        column.addLayout(self._stack, 1)  # before it is filled: it shows its first widget at once, without a parent as a window
        self._stack.addWidget(empty)
        self._stack.addWidget(scroll)

    def _arrange(self, titles: tuple[str, ...]) -> None:
        """Lay the charts out in as many columns as have room; learning rate and speed share a cell."""
        large = [title for title in titles if title not in (RATE, SPEED)]
        cells = len(large) + (len(large) < len(titles))
        columns = max(1, min(self.width() // (COLUMN if self.height() >= LOW else NARROW), cells))
        if (titles, columns) == self._arranged:
            return
        self._arranged = titles, columns
        for chart in self._charts.values():
            chart.setVisible(chart.title in titles)
        for title in titles:
            if title not in self._charts:
                self._charts[title] = chart = Chart(title)
                chart.hovered.connect(self._hovered)
                chart.moved.connect(self.stale)
                if title in (RATE, SPEED):
                    chart.make_small(title == RATE)
                    self._small_column.addWidget(chart)
        widgets: list[QWidget] = [self._charts[title] for title in large]
        if len(large) < len(titles):
            widgets.append(self._small)
        for index in range(self._grid.columnCount()):
            self._grid.setColumnStretch(index, 0)
        for index, widget in enumerate(widgets):
            self._grid.addWidget(widget, index // columns, index % columns)
            self._grid.setColumnStretch(index % columns, 2 if widget is self._small and len(widgets) <= columns else 3)

    def _hovered(self, x: float | None) -> None:
        self._cross = x
        self.stale()

    def _axis_changed(self) -> None:
        self._cross = None
        self.fit()

    def _smoothing_changed(self, value: int) -> None:
        self._amount.setText(f"{value / 100:g}")
        self.stale()
