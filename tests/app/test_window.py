"""The window: what is wired to what."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from app.panels.export import ExportDialog
from app.panels.lenses.mistakes import MistakesPanel
from app.panels.library.keep import KeepDialog
from app.window import MainWindow
from ml import catalog
from ml.events import Metrics, Probe, Text
from ml.project import files
from ml.project.report import NodeReport, ProjectReport
from ml.runs import Run
from ml.runs.record import Record

SEEN = "import sys, main; application = main.make_application(); main.window({folder!r}); print(sorted(set({names}) & set(sys.modules)))"


def ready(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.document.report is not None, timeout=20_000)


def test_it_opens_on_the_default_project_and_says_how_the_engine_is(qtbot: QtBot, window: MainWindow) -> None:
    assert window.document.project == catalog.new("cnn")
    ready(qtbot, window)
    assert window.status.engine.text() == "Engine ready (Keras 3, TensorFlow 2)"
    assert window.status.totals.text() == "7 parameters"


def test_before_it_is_painted_nothing_heavy_is_imported(tmp_path: Path) -> None:
    heavy = ["pyqtgraph", "keras", "tensorflow", "sklearn", "scipy", "PIL", "app.panels.training.plots"]
    code = SEEN.format(folder=None, names=heavy)
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


def test_what_draws_plots_comes_after_the_first_paint(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    assert [window._below.tabText(index) for index in range(window._below.count())] == [
        "Plots",
        "Regions",
        "Mistakes",
        "Attention",
        "Gates",
        "Inside",
        "Gradients",
        "Generator",
        "Log",
    ]
    assert all(window.docks[name].widget() is not None for name in ("Runs", "Queue"))
    assert [window._beside.tabText(index) for index in range(window._beside.count())] == ["Node", "Code", "Project", "Data", "Page"]


def test_all_runs_and_those_that_wait_have_a_place_of_their_own_behind_the_training(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    all_runs = window.run_list
    assert all_runs is not None and not all_runs.isVisible()
    assert {dock.windowTitle() for dock in window.tabifiedDockWidgets(window.docks["Training"])} == {"Runs", "Queue"}
    window.actions_["go_queue"].trigger()
    qtbot.waitUntil(lambda: window.docks["Queue"].isAncestorOf(window.focusWidget()))
    window.actions_["go_runs"].trigger()
    qtbot.waitUntil(lambda: all_runs.isVisible() and not window._below.currentWidget().isVisible())
    assert not window._below.folded, "where the panels of the training are folded there would be no room for it"
    window.actions_["train"].trigger()
    qtbot.waitUntil(lambda: window._below.currentWidget().isVisible() and not all_runs.isVisible())


def test_an_edit_is_checked_and_undone(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    before = window.document.project
    with qtbot.waitSignal(window.document.checked):
        window.graph.view.add_node("Dense")
    assert window.isWindowModified()
    window.actions_["undo"].trigger()
    assert window.document.project == before
    assert not window.isWindowModified()


def test_a_selected_node_is_shown_beside_the_graph(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    window._show_beside(window.page)
    window.graph.view.select(["conv2d"])
    assert window._beside.currentWidget() is window.inspector
    assert window.inspector.node.title.text() == "Conv2D"


def test_training_runs_to_its_end_and_its_run_can_be_exported(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    window.actions_["train"].trigger()
    assert not window.actions_["train"].isEnabled()
    qtbot.waitUntil(lambda: window.runs.folder is not None)
    assert window.actions_["train"].isEnabled()
    assert window.training.state == "ended"
    assert str(window.runs.folder).startswith(str(window.settings.runs))


def test_a_project_with_errors_is_not_trained(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    report = window.document.report
    assert report is not None
    window.document.set_report(replace(report, problems=("The data does not fit.",)))
    window.actions_["train"].trigger()
    assert window.status.currentMessage() == "The model can't be trained yet: The data does not fit."
    assert not window.engines.is_training


def test_the_job_is_steered_from_the_menu(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    window.document.edit(replace(window.document.project, name="endless"), "Rename")
    window.actions_["train"].trigger()
    qtbot.waitUntil(lambda: window.engines.state == "running")
    window.actions_["pause"].trigger()
    qtbot.waitUntil(lambda: window.engines.state == "paused")
    assert window.actions_["pause"].text() == "&Continue"


def test_what_trains_is_exported_as_what_it_is_when_another_project_is_open_by_then(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    trained = replace(catalog.new("vae"), name="endless")
    window.document.open(trained)
    window.actions_["train"].trigger()
    qtbot.waitUntil(lambda: window.engines.state == "running")
    Run.create(Path(window.engines.shown), trained)
    window.document.open(catalog.new("cnn"))
    window.show_export()
    dialog = window.findChild(ExportDialog)
    assert dialog is not None and dialog.project == trained
    assert dialog._path.text().endswith("endless-encoder.keras")
    assert any(label.text().startswith("The models of endless as they are at this moment") for label in dialog.findChildren(QLabel))
    dialog.close()


def test_the_film_of_the_run_that_is_shown_stays_when_another_project_is_opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    ready(qtbot, window)
    run, timeline = Run.create(tmp_path / "run", catalog.new("mlp")), window.runs.timeline
    record = Record(run.record)
    for step in (0, 100):
        record.write(Text("text", step, "said"))
    record.close()
    window.runs.open(str(run.folder))
    qtbot.waitUntil(lambda: timeline.steps == [0, 100])
    window.document.open(catalog.new("cnn"))
    assert timeline.steps == [0, 100]


def test_a_mistake_of_the_past_leads_to_what_the_models_say_of_it_now(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    window.runs.timeline.step = 100
    mistakes = window.findChild(MistakesPanel)
    assert mistakes is not None
    mistakes.command.emit(Probe(index=3))
    assert window.runs.timeline.step is None


def test_a_dead_engine_can_be_restarted(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    window.document.edit(replace(window.document.project, name="die"), "Rename")
    qtbot.waitUntil(lambda: window.status.restart.isVisible())
    assert "exit status 3" in window.status.engine.toolTip()
    window.document.undo_stack.undo()
    qtbot.mouseClick(window.status.restart, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "ready" in window.status.engine.text())
    assert not window.status.restart.isVisible()


def test_the_start_page_opens_a_template(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    window.actions_["new"].trigger()
    assert window.start is not None
    qtbot.mouseClick(window.start.cards["templates/mlp"], Qt.MouseButton.LeftButton)
    assert window.document.project.template == "mlp"
    assert not window.start.isVisible()


def test_a_dataset_that_the_model_can_learn_from_takes_the_place_of_the_present_one(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    window.files.new("mlp")
    window.files.use_data("iris")
    assert window.document.project.data.id == "iris"
    assert window.document.graph["input"].arguments["shape"] == [4]
    window.document.undo_stack.undo()
    assert window.document.project.data.id == "digits"


def test_a_dataset_that_it_can_not_learn_from_begins_a_project_that_can(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    window.files.use_data("iris")
    assert (window.document.project.template, window.document.project.data.id) == ("mlp", "iris")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_changed_and_remembered(qtbot: QtBot, window: MainWindow, theme: str) -> None:
    ready(qtbot, window)
    window.set_theme(theme)
    assert (window.palette().window().color().lightness() < 128) == (theme == "dark")
    assert window.settings.theme == theme


def test_unsaved_work_is_asked_about(qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(qtbot, window)
    window.graph.view.add_node("Dense")
    monkeypatch.setattr(QMessageBox, "question", lambda *arguments: QMessageBox.StandardButton.Cancel)
    assert not window.close()
    assert window.isVisible()


def test_unsaved_work_is_kept_until_it_is_saved(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    ready(qtbot, window)
    window.graph.view.add_node("Dense")
    qtbot.waitUntil(window.journal.path.exists)
    window.document.save(tmp_path / "mine.atelier")
    window.journal.flush()
    assert not window.journal.path.exists()


def test_a_project_is_saved_and_opened_again(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    ready(qtbot, window)
    window.graph.view.add_node("Dense")
    path = tmp_path / "mine.atelier"
    window.document.save(path)
    assert "mine.atelier" in window.windowTitle()
    window.files.new("mlp")
    window.files.open(path)
    assert "dense_1" in window.document.graph.nodes
    assert window.settings.recent == [path]


def test_an_earlier_run_is_opened_with_its_project_and_its_curves(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    ready(qtbot, window)
    project = catalog.new("mlp")
    run = Run.create(tmp_path / "earlier", project)
    recorder = Record(run.record)
    recorder.write(Metrics("block", 1, 0, {"loss": 2.0}))
    recorder.close()
    window.files.open_run(run.folder)
    qtbot.waitUntil(lambda: window.runs.folder == str(run.folder))
    assert window.document.project == project
    assert window.training.state == "ended"


def test_what_is_no_run_is_named(qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(qtbot, window)
    said = []
    monkeypatch.setattr(QMessageBox, "warning", lambda parent, title, text: said.append(text))
    window.files.open_run(tmp_path)
    assert said == [f"{tmp_path} is not a run: there is no run.sqlite in it."]


def test_closing_ends_every_engine(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    window.document.edit(replace(window.document.project, name="endless"), "Rename")
    window.actions_["train"].trigger()
    qtbot.waitUntil(lambda: window.engines.state == "running")
    thread = window.engines.under_way[0].training
    window.document.undo_stack.setClean()
    assert window.close()
    assert thread.isFinished()


def test_every_button_says_what_it_does(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    silent = [button for button in window.findChildren(QPushButton) if not (button.text() or button.accessibleName() or button.toolTip())]
    assert silent == []


def earlier_run(window: MainWindow, folder: Path) -> Path:
    """A run that has ended and is shown."""
    run = Run.create(folder, catalog.new("mlp"))
    Record(run.record).close()
    window.runs.open(str(folder))
    return folder


@pytest.mark.parametrize("asked", ["show", "resume"])
def test_of_a_run_whose_folder_is_gone_it_is_said_so(qtbot: QtBot, window: MainWindow, tmp_path: Path, asked: str) -> None:
    ready(qtbot, window)
    folder = earlier_run(window, tmp_path / "run")
    window.runs.timeline.close_film()  # what still reads the folder could make a file in it anew while it goes
    shutil.rmtree(folder)
    if asked == "show":
        window.training.chooser.chosen.emit(str(folder))
    else:
        window.training.resume_requested.emit()
    assert window.status.currentMessage() == f"{folder} is not a run: there is no run.sqlite in it."


def comment(qtbot: QtBot, window: MainWindow, words: str) -> None:
    """Write a comment on the canvas and leave the hand on the keyboard."""
    window.activateWindow()
    window.graph.view.setFocus()
    window.graph.view.notes.comment()
    qtbot.waitUntil(window.graph.view.writing.hasFocus)
    QTest.keyClicks(window.graph.view.writing, words)


def test_what_is_being_written_is_asked_about_when_the_window_closes(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(qtbot, window)
    comment(qtbot, window, "Words that count")
    monkeypatch.setattr(QMessageBox, "question", lambda *arguments: QMessageBox.StandardButton.Cancel)
    assert not window.close()
    assert [note.text for note in window.document.graph.notes.values()] == ["Words that count"] and window.graph.view.hasFocus()


def test_what_is_being_written_is_saved_too(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    ready(qtbot, window)
    window.document.save(tmp_path / "mine.atelier")
    comment(qtbot, window, "Words that count")
    window.actions_["save"].trigger()
    assert files.load(tmp_path / "mine.atelier").models["model"].notes and window.document.is_clean
    window.inspector.setFocus()
    window.library.search.setFocus()
    window.actions_["save"].trigger()
    assert window.library.search.hasFocus()


@pytest.mark.parametrize("answer", [QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No])
def test_a_file_that_the_dialog_has_not_asked_about_is_not_replaced_unasked(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: QMessageBox.StandardButton
) -> None:
    ready(qtbot, window)
    theirs = tmp_path / "net.v2.atelier"
    files.save(replace(catalog.new("mlp"), name="Theirs"), theirs)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *arguments: (str(tmp_path / "net.v2"), ""))
    monkeypatch.setattr(QMessageBox, "question", lambda *arguments, **named: answer)
    assert window.files.save_as() == (answer == QMessageBox.StandardButton.Yes)
    assert (files.load(theirs).name == "Theirs") == (answer == QMessageBox.StandardButton.No)


def test_recent_files_of_one_name_are_told_apart(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    ready(qtbot, window)
    path = tmp_path / "R&D.atelier"
    files.save(catalog.new("mlp"), path)
    window.files.open(path)
    window.actions_.recent.aboutToShow.emit()
    (entry,) = window.actions_.recent.actions()
    assert entry.text() == "R&&D.atelier" and entry.toolTip() == str(path) and window.actions_.recent.toolTipsVisible()


def test_of_another_project_nothing_of_the_old_selection_is_said(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    window.graph.view.select(["dense"])
    window.document.set_report(ProjectReport({"model": {"dense": NodeReport(parameters=7)}}, 7, 7))
    assert not window.status.selection.isHidden()
    window.document.open(catalog.new("mlp"))
    assert window.status.selection.isHidden()


def test_a_part_of_the_window_that_floats_is_gone_to(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    window.docks["Library"].setFloating(True)
    window.activateWindow()
    window.graph.view.setFocus()
    qtbot.waitUntil(window.graph.view.hasFocus)
    window.actions_["go_library"].trigger()
    qtbot.waitUntil(window.library.search.hasFocus)


def test_a_dialog_that_was_closed_is_gone(qtbot: QtBot, window: MainWindow) -> None:
    ready(qtbot, window)
    window.graph.view.add_node("Block")
    window.graph.view.blocks.keep()
    dialog = window.findChild(KeepDialog)
    assert dialog is not None
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
