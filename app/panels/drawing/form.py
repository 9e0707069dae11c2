"""The form of a drawing: a row for each of its options, of which those are seen that its style has a use for."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFormLayout, QLabel, QSpinBox, QWidget

from app.drawings.ink import FACES
from app.drawings.options import Options
from app.panels.panel import described

WIDTHS = {"One column, 84 mm": 84.0, "Text of a single column, 140 mm": 140.0, "Two columns, 174 mm": 174.0, "Slide, 254 mm": 254.0}
FIGURES = ("flow", "volumes", "neurons")
STYLES = {"canvas": "As on the canvas", "flow": "Flow diagram", "volumes": "Layered volumes", "neurons": "Neurons"}
PARTS = {"shown": "What is shown", "model": "The whole model", "selection": "The selection"}
INKS = {"colour": "Colours", "grey": "Greys", "black": "Black on white"}
FONTS = {"serif": "Times", "sans": "Helvetica", "computer modern": "Computer Modern"}
USED: dict[str, tuple[str, ...]] = {
    "dark": ("canvas",),
    "notes": ("canvas",),
    "preset": FIGURES,
    "width": FIGURES,
    "font": FIGURES,
    "size": FIGURES,
    "inks": FIGURES,
    "right": ("flow",),
    "names": FIGURES,
    "arguments": FIGURES,
    "sizes": FIGURES,
    "fold": ("flow", "volumes"),
    "join": ("flow",),
    "open": ("flow",),
    "circles": ("neurons",),
}
"""The styles that each option is for; all, where it is not named."""


class DrawingForm(QWidget):
    """Shows options, and says when a person chose others."""

    changed = Signal(object)
    """The options as they are now."""

    def __init__(self, options: Options, parts: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.options = options
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._widgets: dict[str, QWidget] = {}
        self._choice("style", "S&tyle", "What kind of picture it is.", STYLES)
        self._choice("part", "&Part", "Which nodes are drawn.", {part: PARTS[part] for part in parts})
        self._add_canvas_rows()
        self._add_paper_rows()
        self._add_content_rows()
        self._check("transparent", "T&ransparent", "Without paper under it.")
        self._show_rows()

    def _add_canvas_rows(self) -> None:
        self._choice("dark", "The&me", "In which of the canvas's colours.", {False: "Light", True: "Dark"})
        self._check("notes", "&Notes", "With the canvas's comments and frames.")

    def _add_paper_rows(self) -> None:
        presets = described(QComboBox(), "column", "Widths that journals and conferences ask for.")
        presets.addItem("Own width", 0.0)
        for title, width in WIDTHS.items():
            presets.addItem(title, width)
        presets.activated.connect(lambda index: self._preset_chosen(presets.itemData(index)))
        self._presets = presets
        self._row("preset", "Col&umn", presets)
        self._number("width", "&Width", "How wide the figure may be; it is made smaller where it is wider.", _decimal(20, 1000, 1, " mm"))
        self._choice("font", "F&ont", "The typeface. Where it is not installed, one that is like it.", {key: FONTS[key] for key in FACES})
        self._number("size", "Letters", "How large the letters are, before the figure is made smaller.", _decimal(4, 24, 0.5, " pt"))
        self._choice("inks", "&Colours", "What the parts are told apart by.", INKS)

    def _add_content_rows(self) -> None:
        self._choice("right", "&Direction", "Which way values run.", {False: "Down", True: "To the right"})
        self._check("names", "Nam&es of the nodes", "The nodes' names in the place of their types.")
        self._check("arguments", "P&arameters", "What the nodes were set to: 3×3, 64, ReLU.")
        self._check("sizes", "Si&zes", "The sizes of what comes out of each.")
        self._check("fold", "&Fold what repeats", "What follows itself is drawn once, with how often it is there.")
        self._check("join", "&Join small layers", "Normalization, activation and dropout in the box of the layer before them.")
        self._check("open", "Insi&de of blocks", "Blocks as frames around what is in them.")
        self._number("circles", "At &most", "How many neurons of a layer are drawn.", QSpinBox(minimum=2, maximum=40, singleStep=2, suffix=" neurons"))

    # Rows.

    def _row(self, field: str, text: str, widget: QWidget) -> None:
        self._widgets[field] = widget
        if text:
            label = QLabel(text)
            label.setBuddy(widget)
            self._rows.addRow(label, widget)
        else:
            self._rows.addRow(widget)

    def _choice(self, field: str, text: str, tip: str, choices: dict[Any, str]) -> None:
        box = described(QComboBox(), text.replace("&", "").lower(), tip)
        for value, title in choices.items():
            box.addItem(title, value)
        box.setCurrentIndex(max(0, box.findData(getattr(self.options, field))))
        box.activated.connect(lambda index: self._set(field, box.itemData(index)))
        self._row(field, text, box)

    def _check(self, field: str, text: str, tip: str) -> None:
        box = described(QCheckBox(text), text.replace("&", "").lower(), tip)
        box.setChecked(getattr(self.options, field))
        box.toggled.connect(lambda on: self._set(field, on))
        self._row(field, "", box)

    def _number(self, field: str, text: str, tip: str, box: QSpinBox | QDoubleSpinBox) -> None:
        described(box, text.replace("&", "").lower(), tip)
        box.setValue(getattr(self.options, field))
        changed: SignalInstance = box.valueChanged
        changed.connect(lambda value: self._set(field, value))
        self._row(field, text, box)

    # Changes.

    def _preset_chosen(self, width: float) -> None:
        box = self._widgets["width"]
        if width and isinstance(box, QDoubleSpinBox):
            box.setValue(width)

    def _set(self, field: str, value: Any) -> None:
        self.options = replace(self.options, **{field: value})
        self._show_rows()
        self.changed.emit(self.options)

    def _show_rows(self) -> None:
        for field, widget in self._widgets.items():
            self._rows.setRowVisible(widget, self.options.style in USED.get(field, tuple(STYLES)))
        self._presets.setCurrentIndex(max(0, self._presets.findData(self.options.width)))


def _decimal(low: float, high: float, step: float, unit: str) -> QDoubleSpinBox:
    return QDoubleSpinBox(decimals=1, minimum=low, maximum=high, singleStep=step, suffix=unit)
