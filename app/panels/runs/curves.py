"""The curves of several runs over each other: one metric, over steps, epochs or time, smoothed or not, each run in a colour of its own."""

from __future__ import annotations

from collections import Counter
from html import escape
from itertools import count
from pathlib import Path

import numpy as np
import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QPushButton, QSlider, QStackedLayout, QVBoxLayout, QWidget

from app import theme
from app.panels import words
from app.panels.panel import Panel, described
from app.panels.plot import Plot
from ml.runs.measured import EPOCH, STEP, TIME, TRAIN, VALIDATION, Key, Measured, best, nearest, smoothed, thinned, within

AT_ONCE = 2_000
"""Events that are read in one turn of the event loop."""
POLL = 1_000
"""Milliseconds after which runs are looked at again: those that train have measured more."""
MOST = 1_200
"""Points that are drawn of a curve."""
REACH = 14.0
"""Pixels from a curve within which the hand is on it."""
SHADES = (100, 160, 65)
"""How dark the colours are when they come for the first, second and third time, in percent."""
NAME_WIDTH = 320
"""Pixels of a run's name; a longer one has dots in its middle, for its end may be what tells it from another."""
NARROW, SHORT = 136, 40
"""Pixels to which the list of metrics, and the slider, may shrink where there is little room."""
UNITS = {STEP: "step", EPOCH: "epoch", TIME: "after"}


class RunCurves(Panel):
    """Shows the runs it was told to, and reads on while it can be seen."""

    clicked = Signal(str)
    """The folder of the run whose curve, or name, was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs: dict[str, Measured] = {}
        """By folder, in the order in which they were asked for."""
        self._numbers: dict[str, int] = {}
        """Which colour each run has, for as long as it is shown."""
        self._names: dict[str, str] = {}
        self._lines: dict[str, _Line] = {}
        self._reading = QTimer(self, interval=0)
        self._reading.timeout.connect(self._read)
        self._unread: list[str] = []
        self._poll = QTimer(self, interval=POLL)
        self._poll.timeout.connect(self._look_again)
        self._hand: QPointF | None = None
        self._lifted = ""
        """The folder of the run whose curve is under the hand."""
        self._make()
        self._lay_out()
        self.recolour()

    def show_runs(self, folders: list[str], names: dict[str, str] | None = None) -> None:
        """Show these runs and no others, by these names, else by their folders'; where two have one name, by both."""
        self.runs = {folder: self.runs.get(folder) or Measured(folder) for folder in folders}
        titles = {folder: (names or {}).get(folder) or Path(folder).name for folder in folders}
        again = {title for title, times in Counter(titles.values()).items() if times > 1}
        self._names = {folder: self._short(f"{title} ({Path(folder).name})" if title in again else title) for folder, title in titles.items()}
        for folder in self._lines.keys() - self.runs.keys():
            self._lines.pop(folder).remove(self._plot)
        kept = {folder: number for folder, number in self._numbers.items() if folder in self.runs}
        free = (number for number in count() if number not in kept.values())
        self._numbers = kept | {folder: next(free) for folder in self.runs if folder not in kept}
        self._look_again()
        self.stale()

    def colour(self, folder: str) -> str:
        """The colour of a run's curve, as `#rrggbb`."""
        series = theme.colours().series
        around, number = divmod(self._numbers[folder], len(series))
        colour = QColor(series[number])
        return colour.darker(SHADES[around % len(SHADES)]).name()

    def refresh(self) -> None:
        """Draw the chosen metric of every run."""
        self._offer_metrics()
        self._stack.setCurrentIndex(1 if self._metric.count() else 0)
        self._empty.setText(self._why_empty())
        axis, key = self._axis.currentData(), self._key()
        self._plot.set_log(self._log.isChecked())
        for folder, run in self.runs.items():
            self._line(folder).show(run, key, axis, self._weight(), self.colour(folder), self._span(), self._log.isChecked())
        self._show_legend()
        self._show_hand()

    def recolour(self) -> None:
        """Take the theme's colours."""
        self._plot.recolour()
        self._cross.setPen(pg.mkPen(theme.colours().muted, width=1))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._poll.start()
        self._look_again()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._poll.stop()
        self._reading.stop()

    # Putting together.

    def _make(self) -> None:
        self._metric = described(QComboBox(), "metric", "Which measurement to draw.")
        self._metric.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._axis = described(QComboBox(), "horizontal axis", "Over steps, epochs, or the time that was trained.")
        for title, axis in (("By step", STEP), ("By epoch", EPOCH), ("By time (s)", TIME)):
            self._axis.addItem(title, axis)
        self._log = described(QCheckBox("Lo&g"), "logarithmic scale", "Draw on a logarithmic scale.")
        self._smoothing = described(
            QSlider(Qt.Orientation.Horizontal),
            "smoothing",
            "How much a moving mean smooths the curves; the measured values stay visible behind.",
        )
        self._smoothing.setMaximum(99)
        self._smoothing.setMaximumWidth(120)
        self._smoothing.setMinimumWidth(SHORT)
        self._metric.setMinimumWidth(NARROW)
        self._amount = theme.label("0", kind="muted", wrap=False)
        self._fit = described(QPushButton("F&it"), "fit", "Show the whole of every curve again after zooming with the wheel or moving with the mouse.")
        self._plot = Plot()
        self._plot.setAccessibleName("Curves of the chosen runs")
        self._plot.showGrid(x=True, y=True, alpha=1.0)
        self._cross = pg.InfiniteLine(angle=90, movable=False)
        self._cross.hide()
        self._plot.addItem(self._cross, ignoreBounds=True)
        self._legend = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        self._legend.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard)
        self._legend.setToolTip("Click a name, or a curve, to go to its run.")
        self._legend.linkActivated.connect(self.clicked)
        self._readout = theme.label(kind="muted", wrap=False)
        for words_ in (self._legend, self._readout):
            words_.setMinimumWidth(1)  # what they say must not make the window wider
        self._metric.currentIndexChanged.connect(self._changed)
        self._axis.currentIndexChanged.connect(self._changed)
        self._log.toggled.connect(self._changed)
        self._smoothing.valueChanged.connect(self._smoothing_changed)
        self._fit.clicked.connect(self._show_all)
        self._plot.hovered.connect(self._hovered)
        self._plot.scene().sigMouseClicked.connect(self._clicked)
        self._plot.getViewBox().sigXRangeChanged.connect(self.stale)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(theme.GRID // 2, theme.GRID // 2, theme.GRID // 2, 0)
        self._legend.setContentsMargins(theme.GRID // 2, 0, theme.GRID // 2, 0)
        self._readout.setContentsMargins(theme.GRID // 2, 0, theme.GRID // 2, theme.GRID // 4)
        label = QLabel("S&moothing")
        label.setBuddy(self._smoothing)
        for widget in (self._metric, self._axis, self._log, label, self._smoothing, self._amount):
            tools.addWidget(widget)
        tools.addStretch()
        tools.addWidget(self._fit)
        shown = QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID // 2)
        column.addLayout(tools)
        column.addWidget(self._legend)
        column.addWidget(self._plot, 1)
        column.addWidget(self._readout)
        self._empty = theme.label(kind="muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(shown)

    # Reading.

    def _look_again(self) -> None:
        """Read what has come since; only while it can be seen."""
        self._unread = list(self.runs)
        if not self._unread:
            self._reading.stop()
        elif self.isVisible():
            self._reading.start()

    def _read(self) -> None:
        """Take in some events of one run; the next turn goes on."""
        run = self.runs.get(self._unread[0])
        problem = run.problem if run else ""
        found = run.read(AT_ONCE) if run else 0
        if found < AT_ONCE:
            self._unread.pop(0)
        if found or (run and run.problem != problem):
            self.stale()
        if not self._unread:
            self._reading.stop()

    # What is asked for.

    def _key(self) -> Key:
        return self._metric.currentData() or ("", "")

    def _weight(self) -> float:
        return self._smoothing.value() / 100

    def _span(self) -> tuple[float, float]:
        left, right = self._plot.getViewBox().viewRange()[0]
        automatic = self._plot.getViewBox().autoRangeEnabled()[0]
        return (-np.inf, np.inf) if automatic else (left, right)

    def _offer_metrics(self) -> None:
        """What any of the runs measured; what was chosen stays so, and at first it is the loss on the validation part."""
        keys = sorted({key for run in self.runs.values() for key in run.columns}, key=_order)
        if keys != [self._metric.itemData(index) for index in range(self._metric.count())]:
            chosen = self._metric.currentData()
            self._metric.blockSignals(True)
            self._metric.clear()
            for name, part in keys:
                self._metric.addItem(words.title(f"val_{name}" if part == VALIDATION else name), (name, part))
            self._metric.setCurrentIndex(keys.index(chosen) if chosen in keys else 0)
            self._metric.blockSignals(False)

    def _changed(self) -> None:
        self._show_all()
        self.stale()

    def _smoothing_changed(self, value: int) -> None:
        self._amount.setText(f"{value / 100:g}")
        self.stale()

    def _show_all(self) -> None:
        self._plot.getViewBox().enableAutoRange()
        self.stale()

    # What is shown.

    def _why_empty(self) -> str:
        """What is said where there is no curve."""
        if not self.runs:
            return "Choose runs in the table to see their curves over each other."
        problems = [run.problem for run in self.runs.values() if run.problem]
        return "\n".join(problems[:3]) if len(problems) == len(self.runs) else "Nothing was measured yet."

    def _line(self, folder: str) -> _Line:
        if folder not in self._lines:
            self._lines[folder] = _Line(self._plot)
        return self._lines[folder]

    def _short(self, name: str) -> str:
        return self._legend.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, NAME_WIDTH)

    def _show_legend(self) -> None:
        """Every run with its colour and its last value; it is written anew only where it is another, for that takes as long as the curves."""
        text = " &nbsp; ".join(self._entry(folder, run, self._lines[folder]) for folder, run in self.runs.items())
        if text != self._legend.text():
            self._legend.setText(text)

    def _entry(self, folder: str, run: Measured, line: _Line) -> str:
        name, colours = escape(self._names[folder]), theme.colours()
        if run.problem:
            return f"<span style='white-space:nowrap;color:{colours.error}'>{name} can’t be read</span>"
        value = f" {words.number(line.last)}" if line.last is not None else " –"
        name = f"<b>{name}</b>" if folder == self._lifted else name
        link = f"<a href='{escape(folder)}' style='color:{self.colour(folder)};text-decoration:none'>● {name}</a>"
        return f"<span style='white-space:nowrap'>{link}{value}</span>"

    def _under(self, where: QPointF) -> tuple[str, int] | None:
        """The run whose curve is under a point of the plot, and which of its drawn points; None where none is near."""
        box = self._plot.getViewBox()
        across, down = box.viewPixelSize()
        if not across or not down:
            return None
        scale = 1 / across, 1 / down
        found = [(point, folder) for folder, line in self._lines.items() if (point := nearest(line.x, line.y, (where.x(), where.y()), scale))]
        point, folder = min(found, key=lambda pair: pair[0].distance, default=(None, ""))
        return (folder, point.at) if point is not None and point.distance <= REACH else None

    def _hovered(self, where: QPointF | None) -> None:
        self._hand = where
        self._show_hand()

    def _show_hand(self) -> None:
        """Say what is under the hand, and lift its curve over the others."""
        found = self._under(self._hand) if self._hand is not None else None
        lifted = found[0] if found else ""
        if lifted != self._lifted:
            self._lifted = lifted
            for folder, line in self._lines.items():
                line.lift(folder == lifted)
            self._show_legend()
        self._cross.setVisible(found is not None)
        self._plot.setCursor(Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor)
        if found is None:
            self._readout.setText("The dot on a curve is its best value." if any(line.has_best for line in self._lines.values()) else "")
            return
        folder, index = found
        x, y = float(self._lines[folder].x[index]), float(self._lines[folder].y[index])
        y = 10**y if self._log.isChecked() else y
        self._cross.setPos(x)
        axis = self._axis.currentData()
        place = words.duration(x) if axis == TIME else f"{x:,.0f}"
        self._readout.setText(f"{self._names[folder]}: {words.number(y)} {'at ' if axis != TIME else ''}{UNITS[axis]} {place}. Click to go to this run.")

    def _clicked(self, event: MouseClickEvent) -> None:
        if found := self._under(self._plot.getViewBox().mapSceneToView(event.scenePos())):
            self.clicked.emit(found[0])


class _Line:
    """One run's curve: as it was measured, smoothed over it, and a dot where it is best."""

    def __init__(self, plot: Plot) -> None:
        self.x = self.y = np.empty(0)
        """What is drawn, as the plot has it."""
        self.last: float | None = None
        self.has_best = False
        self._drawn: tuple[object, ...] = ()
        self._raw, self._smooth = pg.PlotDataItem(), pg.PlotDataItem()
        self._dot = pg.ScatterPlotItem(size=7, pen=None)
        for item in (self._raw, self._smooth, self._dot):
            plot.addItem(item)

    def remove(self, plot: Plot) -> None:
        """Take it off the plot."""
        for item in (self._raw, self._smooth, self._dot):
            plot.removeItem(item)

    def lift(self, lifted: bool) -> None:
        """Bring it before the others."""
        for item in (self._raw, self._smooth, self._dot):
            item.setZValue(10 if lifted else 0)

    def show(self, run: Measured, key: Key, axis: str, weight: float, colour: str, span: tuple[float, float], log: bool) -> None:
        """Draw a metric of a run, where something of it is different."""
        column = run.columns.get(key)
        drawn = (column.taken(axis) if column else 0, key, axis, weight, colour, span, log)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        x, y = column.over(axis) if column else (np.empty(0), np.empty(0))
        y = np.where(y > 0, y, np.nan) if log else y
        calm = smoothed(y, weight)
        faint = QColor(colour)
        faint.setAlpha(60 if weight else 255)
        raw_x, raw_y = thinned(*within(x, y, *span), MOST)
        self._raw.setData(raw_x, raw_y, pen=pg.mkPen(faint, width=1), symbol="o" if len(x) == 1 else None, symbolSize=5, symbolPen=None, symbolBrush=colour)
        shown_x, shown_y = thinned(*within(x, calm, *span), MOST) if weight else (raw_x, raw_y)
        self._smooth.setData(*((shown_x, shown_y) if weight else ([], [])), pen=pg.mkPen(colour, width=1))
        self.x, self.y = shown_x, np.log10(shown_y) if log else shown_y
        self.last = float(calm[-1]) if len(calm) else None
        at = best(key[0], calm)
        self.has_best = at is not None and len(x) > 1
        height = np.log10(calm) if log else calm
        self._dot.setData([x[at]] if self.has_best else [], [height[at]] if self.has_best else [], brush=colour)


def _order(key: Key) -> tuple[bool, bool, str]:
    """Losses first, what was measured on the validation part before the same on the training part."""
    name, part = key
    return not name.endswith("loss"), part == TRAIN, name
