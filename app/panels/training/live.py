"""The parameters of a recipe that may be changed while a run goes on, each with its control."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from app.panels.panel import described
from ml.project.parameters import Parameter

LARGE = 1_000_000


class LiveParameters(QWidget):
    """A row of controls, one for each live parameter."""

    changed = Signal(str, object)
    """A parameter's name and its new value, when a person changed it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._setters: dict[str, Callable[[Any], None]] = {}
        self._shown: tuple[Parameter, ...] = ()

    def show_parameters(self, parameters: tuple[Parameter, ...], values: dict[str, Any]) -> None:
        """Show these parameters with `values`, the default where there is none."""
        live = tuple(parameter for parameter in parameters if parameter.live)
        if live != self._shown:
            self._rebuild(live)
        for parameter in live:
            self._setters[parameter.name](values.get(parameter.name, parameter.default))
        self.setVisible(bool(live))

    def _rebuild(self, parameters: tuple[Parameter, ...]) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._shown, self._setters = parameters, {}
        for parameter in parameters:
            name = parameter.name.replace("_", " ")
            control, self._setters[parameter.name] = self._control(parameter)
            label = QLabel(name.capitalize())
            self._row.addSpacing(8)
            label.setBuddy(control)
            self._row.addWidget(label)
            self._row.addWidget(described(control, name, f"{parameter.help} It can be changed while the model trains.".strip()))

    def _control(self, parameter: Parameter) -> tuple[QWidget, Callable[[Any], None]]:
        """The parameter's control, and what sets it without saying that it changed."""
        tell = partial(self.changed.emit, parameter.name)
        match parameter.kind:
            case "choice":
                control = QComboBox()
                for choice in parameter.choices:
                    control.addItem(str(choice), choice)
                control.activated.connect(lambda index: tell(control.itemData(index)))
                return control, lambda value: control.setCurrentIndex(control.findData(value))
            case "bool":
                control = QCheckBox()
                control.clicked.connect(tell)
                return control, control.setChecked
            case "int":
                control = QSpinBox()
                _bound(control, int(parameter.minimum or 0), int(parameter.maximum or LARGE))
                control.valueChanged.connect(tell)
                return control, partial(_quietly, control)
            case "float":
                control = QDoubleSpinBox(decimals=3, stepType=QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
                _bound(control, parameter.minimum or 0.0, LARGE if parameter.maximum is None else parameter.maximum)
                control.valueChanged.connect(tell)
                return control, partial(_quietly, control)
        raise ValueError(f"A live parameter can't be of kind {parameter.kind}: {parameter.name}.")


def _bound(box: Any, low: float, high: float) -> None:
    box.setRange(low, high)
    box.setKeyboardTracking(False)
    box.setMaximumWidth(120)


def _quietly(box: Any, value: Any) -> None:
    blocked = box.blockSignals(True)
    box.setValue(value)
    box.blockSignals(blocked)
