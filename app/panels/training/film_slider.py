"""A slider over moments: it goes to where it is clicked, and says where that is before."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QToolTip


class FilmSlider(QSlider):
    """Horizontal; the arrow keys go by one, Page Up and Page Down by ten."""

    def __init__(self, label: Callable[[int], str]) -> None:
        """`label` says in words where a value is."""
        super().__init__(Qt.Orientation.Horizontal)
        self._label = label
        self.setPageStep(10)
        self.setMouseTracking(True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._handle().contains(event.position().toPoint()):
            self.setValue(self._at(event.position().toPoint()))
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        place = event.position().toPoint()
        QToolTip.showText(event.globalPosition().toPoint(), self._label(self.value() if self.isSliderDown() else self._at(place)), self)

    def _handle(self) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        return self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self)

    def _at(self, place: QPoint) -> int:
        """The value at a place."""
        room = self._handle().width()
        return QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), place.x() - room // 2, self.width() - room)
