"""What every panel that shows a run is: it stores what comes and repaints at most 30 times a second, only while it can be seen."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractSpinBox, QPlainTextEdit, QWidget

from app.theme import GRID

FRAME = 33
"""Milliseconds between two repaints."""

_Widget = TypeVar("_Widget", bound=QWidget)


class Panel(QWidget):
    """Abstract. A panel overrides `refresh`, calls `stale` whenever it stored something new, and `recolour` where it keeps colours of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._stale = False
        self._timer = QTimer(self, singleShot=True, interval=FRAME)
        self._timer.timeout.connect(self._tick)

    def refresh(self) -> None:
        """Show what was stored."""
        raise NotImplementedError

    def recolour(self) -> None:
        """Take the colours from the palette anew; called when it changes, before a refresh."""

    def stale(self) -> None:
        """Say that there is something new to show."""
        self._stale = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._tick()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.recolour()
            self.stale()

    def _tick(self) -> None:
        if self._stale and self.isVisible():
            self._stale = False
            self.refresh()


def rewrite(box: QPlainTextEdit, text: str) -> None:
    """Put another text into a box, and leave it where a person has scrolled to."""
    if text == box.toPlainText():
        return
    bars = box.verticalScrollBar(), box.horizontalScrollBar()
    places = [bar.value() for bar in bars]
    box.setPlainText(text)
    for bar, place in zip(bars, places, strict=True):
        bar.setValue(place)


def described(widget: _Widget, name: str, tip: str) -> _Widget:
    """The widget, with a name for screen readers and a tooltip, and in a spin box a little room before the number."""
    widget.setAccessibleName(name)
    widget.setToolTip(tip)
    if isinstance(widget, QAbstractSpinBox):
        widget.lineEdit().setTextMargins(GRID // 2, 0, 0, 0)
    return widget
