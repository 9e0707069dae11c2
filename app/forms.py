"""Forms made from parameters: one row each, an editor for its kind, its help as tooltip, and what is wrong below it."""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QLineEdit, QMenu, QSpinBox, QToolButton, QVBoxLayout, QWidget

from app.path_edit import PathEdit
from app.theme import GRID, label, restyle
from ml.project.expressions import ExpressionProblem, expression, names, text_of
from ml.project.parameters import Parameter

LARGEST = 2**31 - 1
FORMULA = "="
"""What begins with it is worked out from the parameters of the block around."""
LABEL = 12 * GRID
"""Pixels for the titles at the left of a form."""
RARE = ("_initializer", "_regularizer", "_constraint")
RARE_NAMES = ("dtype", "data_format", "autocast", "activity_regularizer", "seed", "trainable", "lora_rank", "lora_alpha", "quantization_config")


class Form(QWidget):
    """Shows parameters with their values, and says when a person changed one."""

    changed = Signal(str, object)
    """A parameter's name and its new value."""
    menu_opening = Signal(str, object)
    """A parameter's menu is about to open: its name, and the `QMenu`, to which more may be added."""

    def __init__(self, parameters: tuple[Parameter, ...], fold: bool = False, parent: QWidget | None = None) -> None:
        """`fold` puts away, until they are wanted, the parameters of a layer that are seldom set."""
        super().__init__(parent)
        self.parameters = parameters
        self._rows: dict[str, _Row] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        rare = [p for p in parameters if p.rare or (fold and _is_rare(p))]
        column.addLayout(self._rows_of([p for p in parameters if p not in rare]))
        if rare:
            more = _Section("More")
            more.body.setLayout(self._rows_of(rare))
            column.addWidget(more)

    def show_arguments(self, arguments: dict[str, Any]) -> None:
        """Show these values, the default where there is none; what a person is typing at the moment stays as it is."""
        for parameter in self.parameters:
            row = self._rows[parameter.name]
            row.show_value(arguments.get(parameter.name, parameter.default), parameter.name in arguments)

    def editor(self, name: str) -> QWidget:
        """The editor of the parameter called `name`, as it is shown now."""
        row = self._rows[name]
        return row.formula if row.formula.isVisibleTo(row) else row.editor

    def open_menu(self, name: str) -> None:
        """Open the menu of a parameter, at its title."""
        self._rows[name].open_menu()

    def _rows_of(self, parameters: list[Parameter]) -> QFormLayout:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(GRID)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for parameter in parameters:
            row = self._rows[parameter.name] = _Row(parameter, self)
            row.changed.connect(self.changed)
            row.menu_opening.connect(self.menu_opening)
            form.addRow(row.title, row)
        return form


def with_argument(parameters: tuple[Parameter, ...], arguments: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The arguments with one of them set; a value that is the default is left out, unless it must be given."""
    default = next((p.default for p in parameters if p.name == name and not p.required), _NOTHING)
    others = {key: kept for key, kept in arguments.items() if key != name}
    same = type(value) is type(default) and value == default
    return others if same else {**others, name: value}


def parsed(text: str) -> Any:
    """What a person wrote for a value of any kind: JSON, a Python literal, or text. Nothing and `none` are None."""
    text = text.strip()
    if text.lower() in ("", "none", "null"):
        return None
    for read in (json.loads, ast.literal_eval):
        try:
            return _plain(read(text))
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            continue
    return text


def written(value: Any) -> str:
    """A value as a person writes it: the opposite of `parsed`."""
    if value is None:
        return ""
    if (text := text_of(value)) is not None:
        return f"{FORMULA} {text}"
    if isinstance(value, str):
        return value if parsed(value) == value else json.dumps(value)
    if isinstance(value, float):
        return f"{value:.10g}"
    return json.dumps(value)


def described(parameter: Parameter) -> str:
    """The tooltip of a parameter, as rich text so that it wraps."""
    default = "" if parameter.required else f"<p>Default: <b>{written(parameter.default) or 'none'}</b></p>"
    help = parameter.help.replace("&", "&amp;").replace("<", "&lt;")
    return f"<p>{help}</p>{default}"


class _Row(QWidget):
    """One parameter: its title, its editor, and what is wrong with the value."""

    changed = Signal(str, object)
    menu_opening = Signal(str, object)

    def __init__(self, parameter: Parameter, parent: QWidget) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self.title = QLabel(parameter.name.replace("_", " "))
        self.title.setWordWrap(True)
        self.title.setFixedWidth(LABEL)
        self.problem = label(kind="error")
        self.editor, self._set = _editor(parameter, self._take)
        self.formula = QLineEdit()
        self.formula.setAccessibleName(parameter.name)
        self.formula.textEdited.connect(lambda text: self._take(text if text.startswith(FORMULA) else parsed(text)))
        self.formula.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.editor)
        column.addWidget(self.formula)
        column.addWidget(self.problem)
        self.problem.hide()
        for widget in (self.title, self.editor):
            widget.setToolTip(described(parameter))
        self.editor.setAccessibleName(parameter.name)
        self.title.setBuddy(self.editor)
        self.title.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.title.customContextMenuRequested.connect(lambda point: self.open_menu())
        menu = QShortcut(QKeySequence("Ctrl+M"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        menu.activated.connect(self.open_menu)

    def open_menu(self) -> None:
        """Open what can be done with the parameter besides editing it."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(f"Commands for {self.parameter.name}")
        reset = menu.addAction("Reset to the &Default", lambda: self.changed.emit(self.parameter.name, self.parameter.default))
        reset.setEnabled(not self.parameter.required)
        self.menu_opening.emit(self.parameter.name, menu)
        menu.popup(self.title.mapToGlobal(self.title.rect().bottomLeft()))

    def show_value(self, value: Any, given: bool) -> None:
        restyle(self.title, "heading" if given and value != self.parameter.default else "")
        text = text_of(value)
        self.formula.setVisible(text is not None)
        self.editor.setVisible(text is None)
        if text is not None:
            if not (self.formula.hasFocus() and self.formula.text().removeprefix(FORMULA).strip() == text):
                self.formula.setText(f"{FORMULA} {text}")
            self._show_problem(None)
            return
        if isinstance(self.editor, QLineEdit) and self.editor.hasFocus() and parsed(self.editor.text()) == value:
            return
        blocked = self.editor.blockSignals(True)
        self._set(value)
        self.editor.blockSignals(blocked)
        self._show_problem(self.parameter.problem(value) if given else None)

    def _take(self, value: Any) -> None:
        if isinstance(value, str) and value.startswith(FORMULA):
            self._take_formula(value.removeprefix(FORMULA).strip())
            return
        sentence = self.parameter.problem(value)
        self._show_problem(sentence)
        if sentence is None:
            self.changed.emit(self.parameter.name, value)

    def _take_formula(self, text: str) -> None:
        try:
            names(text)
        except ExpressionProblem as problem:
            self._show_problem(str(problem))
        else:
            self._show_problem(None)
            self.changed.emit(self.parameter.name, expression(text))

    def _show_problem(self, sentence: str | None) -> None:
        self.problem.setText(sentence or "")
        self.problem.setVisible(bool(sentence))
        restyle(self.editor, "error" if sentence else "")


class _Section(QWidget):
    """A part of a form that is folded away until it is wanted."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.body = QWidget()
        self.body.hide()
        self._button = QToolButton()
        self._button.setText(title)
        self._button.setCheckable(True)
        self._button.setArrowType(Qt.ArrowType.RightArrow)
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.toggled.connect(self._fold)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._button)
        column.addWidget(self.body)

    def _fold(self, open: bool) -> None:
        self.body.setVisible(open)
        self._button.setArrowType(Qt.ArrowType.DownArrow if open else Qt.ArrowType.RightArrow)


_NOTHING = object()
Setter = Callable[[Any], None]


def _editor(parameter: Parameter, take: Callable[[Any], None]) -> tuple[QWidget, Setter]:
    """The editor for a parameter's kind, which calls `take` with what a person sets, and what sets it from outside."""
    match parameter.kind:
        case "file" | "folder":
            path = PathEdit(parameter, take)
            return path, path.show_path
        case "bool":
            box = QCheckBox()
            box.toggled.connect(take)
            return box, lambda value: box.setChecked(bool(value))
        case "choice":
            return _choice(parameter, take)
        case "int" if parameter.default is not None and not parameter.required:
            return _whole_number(parameter, take)
        case _:
            return _line(parameter, take)


def _choice(parameter: Parameter, take: Callable[[Any], None]) -> tuple[QWidget, Setter]:
    box = QuietComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    for choice in parameter.choices:
        box.addItem("none" if choice is None else str(choice), choice)
    box.setEditable(parameter.free)

    def show(value: Any) -> None:
        index = next((i for i, choice in enumerate(parameter.choices) if choice == value and type(choice) is type(value)), -1)
        box.setCurrentIndex(index)
        if parameter.free and (index < 0 or value is None):
            box.setEditText(written(value))

    box.activated.connect(lambda index: take(box.itemData(index)))
    line = box.lineEdit()
    if line is not None:
        line.setPlaceholderText("none")
        line.textEdited.connect(lambda text: take(parsed(text)))
    return box, show


def _whole_number(parameter: Parameter, take: Callable[[Any], None]) -> tuple[QWidget, Setter]:
    box = QuietSpinBox()
    low = -LARGEST if parameter.minimum is None else int(parameter.minimum)
    box.setRange(low, LARGEST if parameter.maximum is None else int(parameter.maximum))
    box.setKeyboardTracking(True)
    box.valueChanged.connect(take)
    return box, lambda value: box.setValue(value if isinstance(value, int) else low)


def _line(parameter: Parameter, take: Callable[[Any], None]) -> tuple[QWidget, Setter]:
    line = QLineEdit()
    line.setPlaceholderText("needs a value" if parameter.required else "" if parameter.default == "" else "none")
    as_text = parameter.kind == "text"
    line.textEdited.connect(lambda text: take((text or None) if as_text and parameter.default is None else text if as_text else parsed(text)))
    return line, lambda value: line.setText(str(value) if as_text and value is not None else written(value))


class QuietSpinBox(QSpinBox):
    """A spin box that leaves the wheel to the page it is on, unless it is being edited."""

    def __init__(self) -> None:
        super().__init__()
        self.lineEdit().setTextMargins(GRID, 0, 0, 0)

    def wheelEvent(self, event: Any) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class QuietComboBox(QComboBox):
    """A combo box that leaves the wheel to the page it is on, unless it is being edited."""

    def wheelEvent(self, event: Any) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


def _is_rare(parameter: Parameter) -> bool:
    return not parameter.required and (parameter.name.endswith(RARE) or parameter.name in RARE_NAMES)


def _plain(value: Any) -> Any:
    """Tuples as lists, as JSON has them. Raises ValueError for what JSON can't hold."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if value is None or isinstance(value, bool | int | str) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise ValueError(value)
