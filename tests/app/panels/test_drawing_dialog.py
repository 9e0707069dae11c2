"""The drawing dialog: what it begins with, and where its file goes."""

import pytest
from PySide6.QtWidgets import QMessageBox

from app.document import Document
from app.drawings.options import Options
from app.panels.drawing.dialog import DrawingDialog
from app.settings import Settings
from tests.app.canvas.conftest import GRAPH, project


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path)


@pytest.fixture
def dialog(qtbot, settings):
    made = DrawingDialog(Document(project(GRAPH)), {}, [], settings)
    qtbot.addWidget(made)
    return made


def test_the_home_of_nobody_is_no_place_for_a_file(dialog):
    dialog._path.setText("~nobody-here/net.svg")
    dialog.save()
    assert dialog._result.text() == "There is no home folder ~nobody-here."


@pytest.mark.parametrize(("typed", "wanted"), [("/a/net-1.5", "/a/net-1.5.pdf"), ("/a/net.svg", "/a/net.pdf"), ("/a/net", "/a/net.pdf"), ("", "")])
def test_another_format_gives_the_path_its_ending_and_takes_nothing_else(dialog, typed, wanted):
    dialog._path.setText(typed)
    dialog._format.setCurrentIndex(dialog._format.findData("pdf"))
    dialog._format_changed()
    assert dialog._path.text() == wanted


@pytest.mark.parametrize("remembered", ["", "nonsense", '{"font": "comic sans"}', '{"style": "oil"}'])
def test_options_that_can_not_be_are_not_remembered(qtbot, settings, remembered):
    settings.drawing = remembered
    made = DrawingDialog(Document(project(GRAPH)), {}, [], settings)
    qtbot.addWidget(made)
    assert made.options == Options()


def test_what_is_there_is_replaced_only_by_who_wants_that(dialog, tmp_path, monkeypatch):
    there = tmp_path / "net.svg"
    there.write_text("mine")
    dialog._path.setText(str(there))
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_, **__: answers.pop(0))
    dialog.refresh()
    dialog.save()
    assert there.read_text() == "mine"
    dialog.save()
    assert "<svg" in there.read_text() and not answers
