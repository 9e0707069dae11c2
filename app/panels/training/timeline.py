"""The time slider below the tabs: the snapshots of a run one after another, by hand or played like a film."""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QToolButton, QWidget

from app import theme
from app.film import Film
from app.panels import words
from app.panels.panel import described
from app.panels.training.film_slider import FilmSlider
from ml.events import Done, Failed, Message, Snapshot
from ml.runs import RECORD

SPEEDS = (2, 5, 10, 20)
"""Snapshots a second."""
LOOK_MILLISECONDS = 1500
"""How long after a snapshot came the record is asked what there is now: it has been committed by then."""


class Timeline(QWidget):
    """Shows one run. At its right end it follows what the run says; elsewhere the panels show what was to be seen then, and what comes waits."""

    shown = Signal(list)
    """Snapshots, as events, that the panels are to show in the place of those that they show."""
    moved = Signal(object)
    """The step that is looked at, or None at the right end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.steps: list[int] = []
        self.step: int | None = None
        """The step that is looked at; None: the latest."""
        self._record: Path | None = None
        self._live: dict[tuple[str, str], Snapshot] = {}
        self._folded = False
        self._film = Film(self)
        self._film.found.connect(self._found)
        self._film.arrived.connect(self._arrived)
        self._look = QTimer(self, singleShot=True, interval=LOOK_MILLISECONDS)
        self._look.timeout.connect(self._ask)
        self._beat = QTimer(self)
        self._beat.timeout.connect(self._advance)
        self._lay_out()
        self._show_place()

    # What comes of a run.

    def follow(self, folder: str | None) -> None:
        """Show the film of this run from now on; what its record holds already is shown at once."""
        self._pause()
        self._record = Path(folder) / RECORD if folder else None
        self.steps, self._live = [], {}
        self.fold(self._folded)
        self._go_live()
        self._ask()

    def held(self, event: Message) -> bool:
        """Take what a run says. Whether it is kept back from the panels, for they show another time."""
        if isinstance(event, Snapshot):
            self._live[_kind(event)] = event
            if not self._look.isActive():
                self._look.start()
            return self.step is not None
        if isinstance(event, Done | Failed):
            self._look.start()
        return False

    def fold(self, folded: bool) -> None:
        """Hide it while the panels above it are folded."""
        self._folded = folded
        self.setVisible(bool(self.steps) and not folded)

    def close_film(self) -> None:
        """Read nothing more."""
        self._look.stop()
        self._pause()
        self._film.close()

    # What a person does.

    def play(self) -> None:
        """Play from here, from the beginning where this is the end, or hold."""
        if self._beat.isActive():
            self._pause()
            return
        if len(self.steps) < 2:
            return
        if self.step is None:
            self._slider.setValue(0)
        self._beat.start(1000 // self._speed.currentData())
        self._show_place()

    def go_live(self) -> None:
        """Go to the right end and show the latest."""
        self._pause()
        if self._slider.value() < self._slider.maximum():
            self._slider.setValue(self._slider.maximum())
        elif self.step is not None:  # a moment that the record has thinned out since, and after which only the latest is left
            self._slid(self._slider.maximum())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.play()
        else:
            super().keyPressEvent(event)

    # How it is done.

    def _lay_out(self) -> None:
        self._play = described(QToolButton(autoRaise=True), "Play", "Play the run like a film (Space).")
        self._slider = described(
            FilmSlider(self._label),
            "time",
            "Which moment of the run the panels show. Arrow keys go on by one, Space plays, End shows the latest.",
        )
        self._speed = described(QComboBox(), "speed", "How many snapshots a second are shown.")
        for speed in SPEEDS:
            self._speed.addItem(f"{speed} / s", speed)
        self._speed.setCurrentIndex(SPEEDS.index(10))
        self._latest = described(QPushButton("Lates&t"), "Latest", "Show what the run says now, and go on to follow it.")
        self._where = theme.label(kind="muted", wrap=False)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GRID, theme.GRID // 2, theme.GRID, theme.GRID // 2)
        row.addWidget(self._play)
        row.addWidget(self._slider, 1)
        row.addWidget(self._where)
        row.addWidget(self._speed)
        row.addWidget(self._latest)
        self._play.clicked.connect(self.play)
        self._slider.valueChanged.connect(self._slid)
        self._slider.sliderPressed.connect(self._pause)
        self._speed.activated.connect(lambda: self._beat.setInterval(1000 // self._speed.currentData()))
        self._latest.clicked.connect(self.go_live)
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_theme_change(event) and hasattr(self, "_where"):
            self._show_place()

    def _ask(self) -> None:
        if self._record is not None:
            self._film.look(self._record)

    def _found(self, record: Path, steps: list[int]) -> None:
        """The record was looked through: keep the place, among other snapshots maybe."""
        if record != self._record or steps == self.steps:
            return
        first, self.steps = not self.steps, steps
        blocked = self._slider.blockSignals(True)
        self._slider.setMaximum(max(0, len(steps) - 1))
        self._slider.setValue(len(steps) - 1 if self.step is None else bisect_left(steps, self.step))
        self._slider.blockSignals(blocked)
        if first and steps:
            self._film.show(record, steps[-1])
        self.fold(self._folded)
        self._show_place()

    def _slid(self, index: int) -> None:
        if index >= len(self.steps) - 1:
            self._go_live()
            self.shown.emit(list(self._live.values()))
        else:
            self.step = self.steps[index]
            self.moved.emit(self.step)
            self._show_place()
        if self._record is not None and self.steps:
            self._film.show(self._record, self.steps[index])

    def _go_live(self) -> None:
        self.step = None
        self.moved.emit(None)
        self._show_place()

    def _arrived(self, record: Path, step: int, seen: list[Message]) -> None:
        """Show what the record holds of a step; of the latest only what the run has not said since."""
        if record == self._record and self.step in (step, None):
            self.shown.emit(seen if self.step is not None else [event for event in seen if _kind(event) not in self._live])

    def _advance(self) -> None:
        self._slider.setValue(self._slider.value() + 1)
        if self.step is None:
            self._pause()

    def _pause(self) -> None:
        self._beat.stop()
        self._show_place()

    def _show_place(self) -> None:
        playing = self._beat.isActive()
        self._play.setIcon(theme.icon("pause" if playing else "play"))
        self._play.setAccessibleName("Hold" if playing else "Play")
        self._play.setEnabled(len(self.steps) > 1)
        self._latest.setEnabled(self.step is not None)
        self._where.setText(self._label(self._slider.value()) if self.step is not None else f"Latest of {words.many(len(self.steps), 'moment')}")
        self._slider.setAccessibleDescription(self._where.text())

    def _label(self, index: int) -> str:
        if index >= len(self.steps) - 1:
            return "The latest"
        return f"After step {self.steps[index]:,}, moment {index + 1:,} of {len(self.steps):,}"


def _kind(event: Message) -> tuple[str, str]:
    """Of what the latest is shown: a snapshot's type, and its name where it has one."""
    return type(event).__name__, getattr(event, "name", "")
