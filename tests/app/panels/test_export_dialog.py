from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app.panels.export import FORMATS, ExportDialog
from ml import events
from ml.project.graph import Graph
from ml.project.project import Choice, Data, Project

GAN = Project("My GAN", Data("digits"), {"generator": Graph(), "discriminator": Graph()}, Choice("gan"))


@dataclass
class Asked:
    answer: events.Message
    commands: list = field(default_factory=list)

    def request(self, command, callback):
        self.commands.append(command)
        callback(self.answer)


@pytest.fixture
def open_dialog(qtbot):
    def opened(answer, run="/runs/1"):
        asked = Asked(answer)
        dialog = ExportDialog(GAN, asked.request, run, None)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog, asked

    return opened


def test_the_verification_is_shown_in_words(open_dialog, tmp_path):
    dialog, asked = open_dialog(events.Exported(0, "model.keras", 1_234_567, True, 2.9e-8))
    dialog._role.setCurrentText("discriminator")
    dialog._path.setText(str(tmp_path / "model.keras"))
    dialog.export()
    assert asked.commands == [events.Export(0, "keras", str(tmp_path / "model.keras"), run="/runs/1", role="discriminator")]
    assert "A clean process" in dialog._result.text()
    assert "greatest difference is 3e-08" in dialog._result.text()
    assert "1.2 MB" in dialog._result.text()


def test_what_was_not_verified_is_not_said_to_work(open_dialog, tmp_path):
    dialog, _ = open_dialog(events.Exported(0, "m.tflite", 900, False, message="The predictions differ by 0.3."))
    dialog._path.setText(str(tmp_path / "m.tflite"))
    dialog.export()
    assert "not verified. The predictions differ by 0.3." in dialog._result.text()


def test_a_refusal_is_shown_and_the_form_is_free_again(open_dialog, tmp_path):
    dialog, _ = open_dialog(events.Refused(0, "ONNX needs the package tf2onnx."))
    dialog._path.setText(str(tmp_path / "m.onnx"))
    dialog.export()
    assert dialog._result.text() == "ONNX needs the package tf2onnx."
    assert dialog._export.isEnabled()


def test_without_a_run_the_project_itself_goes_untrained(open_dialog, tmp_path):
    dialog, asked = open_dialog(events.Exported(0, "m", 1, True), run=None)
    dialog._path.setText(str(tmp_path / "m.keras"))
    dialog.export()
    assert asked.commands[0].project == GAN
    assert asked.commands[0].run == ""


def test_the_ending_follows_the_format(open_dialog):
    dialog, _ = open_dialog(events.Refused(0, ""))
    for index, choice in enumerate(FORMATS):
        dialog._format.setCurrentIndex(index)
        assert dialog._path.text().endswith(choice.suffix)
    assert not dialog._role.isVisible(), "Python source holds every model"


def test_a_folder_that_is_not_there_is_named_before_anything_is_asked(open_dialog):
    dialog, asked = open_dialog(events.Refused(0, ""))
    dialog._path.setText("/nowhere/at/all/m.keras")
    dialog.export()
    assert asked.commands == []
    assert "/nowhere/at/all" in dialog._result.text()


def test_an_emptied_path_is_proposed_again_with_another_format(open_dialog, qtbot):
    dialog, _ = open_dialog(events.Refused(0, ""))
    proposed = dialog._path.text()
    dialog._path.selectAll()
    qtbot.keyClick(dialog._path, Qt.Key.Key_Delete)
    dialog._format.setCurrentIndex(1)
    assert dialog._path.text() == proposed.removesuffix(".keras") + ".weights.h5"
    dialog._path.setText("/")
    dialog._format.setCurrentIndex(0)
    assert dialog._path.text() == "/model.keras"


def test_a_home_folder_that_is_not_there_is_named(open_dialog):
    dialog, asked = open_dialog(events.Refused(0, ""))
    dialog._path.setText("~nobody-of-this-name/m.keras")
    dialog.export()
    assert asked.commands == []
    assert dialog._result.text() == "There is no home folder ~nobody-of-this-name."


def test_what_is_there_is_replaced_only_by_who_wants_that(open_dialog, tmp_path, monkeypatch):
    dialog, asked = open_dialog(events.Exported(0, "m", 1, True))
    there = tmp_path / "m.keras"
    there.write_text("mine")
    dialog._path.setText(str(tmp_path / "m"))
    questions = []
    for answer in (QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes):
        monkeypatch.setattr(QMessageBox, "question", lambda parent, title, text, answer=answer, **_: (questions.append(text), answer)[1])
        dialog.export()
    assert [command.out for command in asked.commands] == [str(there)]
    assert questions == [f"{there} is already there. Replace it?"] * 2
    dialog.export()
    assert len(asked.commands) == 2 and len(questions) == 2, "what was written here is written again without a question"


def test_what_was_chosen_in_the_file_dialog_was_asked_for_there(open_dialog, tmp_path, monkeypatch):
    dialog, asked = open_dialog(events.Exported(0, "m", 1, True))
    there = tmp_path / "m.keras"
    there.write_text("mine")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(there), ""))
    dialog._browse.click()
    dialog.export()
    assert len(asked.commands) == 1


def test_a_dialog_that_was_closed_is_gone_as_soon_as_the_answer_has_come(qtbot, tmp_path):
    answers = []
    idle, waiting = (ExportDialog(GAN, lambda command, callback: answers.append(callback), "/runs/1", None) for _ in range(2))
    with qtbot.waitSignal(idle.destroyed):
        idle.reject()
    waiting._path.setText(str(tmp_path / "m.keras"))
    waiting.export()
    waiting.reject()
    qtbot.wait(20)
    with qtbot.waitSignal(waiting.destroyed):
        answers[0](events.Refused(0, "It can't be."))
