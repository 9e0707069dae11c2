"""Forms made from parameters."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from app.forms import Form, parsed, with_argument, written
from ml.ops.table import NODE_TYPES
from ml.project.parameters import Parameter

PARAMETERS = (
    Parameter("units", "int", required=True, minimum=1),
    Parameter("rate", "float", 0.5, minimum=0, maximum=1),
    Parameter("repeat", "int", 3),
    Parameter("use_bias", "bool", True),
    Parameter("padding", "choice", "valid", choices=("valid", "same")),
    Parameter("activation", "choice", None, choices=(None, "relu"), free=True),
    Parameter("kernel_initializer", "any", "glorot_uniform"),
)


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form(PARAMETERS)
    qtbot.addWidget(made)
    made.show_arguments({"units": 8})
    return made


def said(form: Form) -> list[tuple[str, Any]]:
    heard: list[tuple[str, Any]] = []
    form.changed.connect(lambda name, value: heard.append((name, value)))
    return heard


@pytest.mark.parametrize("value", [3, 0.5, 1e-5, True, [1, 2], [[1, 2], [3]], "same", "12", "none", None, {"class_name": "L2"}])
def test_what_is_written_is_read_again(value: Any) -> None:
    assert parsed(written(value)) == value
    assert type(parsed(written(value))) is type(value)


@pytest.mark.parametrize(("text", "value"), [("(3, 3)", [3, 3]), (" relu ", "relu"), ("", None), ("None", None), ("1e400", "1e400"), ("{1, 2}", "{1, 2}")])
def test_people_write_as_they_like(text: str, value: Any) -> None:
    assert parsed(text) == value


def test_each_kind_has_its_editor(form: Form) -> None:
    kinds = {"units": QLineEdit, "rate": QLineEdit, "repeat": QSpinBox, "use_bias": QCheckBox, "padding": QComboBox, "activation": QComboBox}
    assert all(isinstance(form.editor(name), kind) for name, kind in kinds.items())


def test_showing_values_is_no_change(form: Form) -> None:
    heard = said(form)
    form.show_arguments({"units": 9, "rate": 0.1, "repeat": 5, "use_bias": False, "padding": "same", "activation": "tanh"})
    assert heard == []


def test_typing_changes_at_once_and_nonsense_does_not(form: Form, qtbot: QtBot) -> None:
    heard, rate = said(form), form.editor("rate")
    assert isinstance(rate, QLineEdit)
    rate.clear()
    qtbot.keyClicks(rate, "0.25x")
    assert heard[-1] == ("rate", 0.25)
    assert rate.property("kind") == "error"
    qtbot.keyClick(rate, Qt.Key.Key_Backspace)
    assert rate.property("kind") == ""


def test_a_number_out_of_range_is_refused_with_a_sentence(form: Form, qtbot: QtBot) -> None:
    heard, rate = said(form), form.editor("rate")
    assert isinstance(rate, QLineEdit)
    rate.clear()
    qtbot.keyClicks(rate, "7")
    assert heard == []
    assert form._rows["rate"].problem.text() == "rate must be at most 1, not 7."


def test_a_free_choice_takes_what_is_not_offered(form: Form, qtbot: QtBot) -> None:
    heard, box = said(form), form.editor("activation")
    assert isinstance(box, QComboBox)
    line = box.lineEdit()
    assert line is not None
    qtbot.keyClicks(line, "mish")
    assert heard[-1] == ("activation", "mish")


def test_arguments_hold_only_what_differs_from_the_defaults() -> None:
    assert with_argument(PARAMETERS, {"units": 8}, "rate", 0.25) == {"units": 8, "rate": 0.25}
    assert with_argument(PARAMETERS, {"units": 8, "rate": 0.25}, "rate", 0.5) == {"units": 8}
    assert with_argument(PARAMETERS, {}, "use_bias", True) == {}
    assert with_argument(PARAMETERS, {}, "repeat", True) == {"repeat": True}


def test_every_node_type_has_a_form_that_shows_its_defaults(qtbot: QtBot) -> None:
    for kind in NODE_TYPES.values():
        form = Form(kind.parameters)
        heard = said(form)
        form.show_arguments({})
        assert heard == [], kind.id
        form.deleteLater()
