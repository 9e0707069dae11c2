"""One thing picked from a table, with the form of what is picked."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.forms import Form, QuietComboBox, with_argument
from app.theme import GRID, label
from ml.project.parameters import Parameter
from ml.tables import Entry


class ChoiceForm(QWidget):
    """A combo box of entries by id, the help of the chosen one, and its parameters."""

    picked = Signal(object)
    """The id of another entry; None where nothing may be picked and is."""
    changed = Signal(str, object)
    """A parameter of the chosen entry, and all its arguments."""

    def __init__(self, entries: dict[str, Entry], nothing: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = entries
        self._arguments: dict[str, Any] = {}
        self._parameters: tuple[Parameter, ...] = ()
        self.box = QuietComboBox()
        if nothing:
            self.box.addItem(nothing, None)
        for entry in entries.values():
            self.box.addItem(entry.title, entry.id)
        self.box.activated.connect(lambda index: self.picked.emit(self.box.itemData(index)))
        self.help = label(kind="muted")
        self.form: Form | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self._column.addWidget(self.box)
        self._column.addWidget(self.help)

    def show_choice(self, id: str | None, arguments: dict[str, Any]) -> None:
        """Show this entry as the chosen one, with its arguments."""
        entry = self._entries.get(id or "")
        self.box.setCurrentIndex(self.box.findData(id))
        self.help.setText(entry.help if entry else "")
        self.help.setVisible(bool(self.help.text()))
        parameters = entry.parameters if entry else ()
        if self.form is None or parameters != self._parameters:
            self._build(parameters)
        self._arguments = arguments
        if self.form is not None:
            self.form.show_arguments(arguments)

    def _build(self, parameters: tuple[Parameter, ...]) -> None:
        if self.form is not None:
            self._column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
        self._parameters = parameters
        self.form = Form(parameters)
        self.form.changed.connect(self._argument_changed)
        self._column.addWidget(self.form)

    def _argument_changed(self, name: str, value: Any) -> None:
        self.changed.emit(name, with_argument(self._parameters, self._arguments, name, value))
