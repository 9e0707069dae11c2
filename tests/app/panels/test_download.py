"""A download is begun, followed, broken off and tried again in the Data panel, whatever its process does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.document import Document
from app.panels.data.download import Download
from app.panels.data.panel import DataPanel
from ml import catalog, data
from ml.data import downloads
from ml.events import Preview, Refused
from ml.project.project import Data
from tests.app.panels.test_project_panels import Answers

MNIST = catalog.new("mlp", settings={"data": "mnist"})
GETS_HALF = 'import sys; print(\'{"got": 5000000, "size": 10000000}\', flush=True); sys.stdin.read(); sys.exit(1)'
COMES = 'print(\'{"got": 10, "size": 10}\')'
FAILS = 'import sys; print(\'{"problem": "No network."}\'); sys.exit(1)'


@pytest.fixture
def engine() -> Answers:
    return Answers()


@pytest.fixture
def panel(qtbot: QtBot, engine: Answers) -> DataPanel:
    panel = DataPanel(Document(MNIST), engine.request)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: bool(engine.asked))
    answer_missing(engine)
    return panel


def answer_missing(engine: Answers) -> None:
    """Say of the last preview that the data are not here."""
    command, callback = engine.asked[-1]
    callback(Refused(command.id, "MNIST is not on this machine yet.", ways=(downloads.download(data.sources()["mnist"]),)))


def begin(panel: DataPanel, process: str) -> Download:
    """Press Download; this is what the process does."""
    panel.downloads.command = (sys.executable, "-c", process)
    panel.problem.buttons[0].click()
    return panel.downloads.rows["mnist"]


def visible(row: Download) -> list[str]:
    return [button.text() for button in row.findChildren(QPushButton) if button.isVisible()]


def test_what_is_not_here_can_be_downloaded(panel: DataPanel, engine: Answers, qtbot: QtBot) -> None:
    assert [button.text() for button in panel.problem.buttons] == ["Download it (11.5 MB)"]
    asked = len(engine.asked)
    begin(panel, COMES)
    assert not panel.problem.isVisible()
    qtbot.waitUntil(lambda: len(engine.asked) > asked)
    assert isinstance(engine.asked[-1][0], Preview)
    assert panel.downloads.rows == {}
    assert not panel.downloads.isVisible()


def test_it_is_shown_how_far_it_is_and_it_can_be_broken_off(panel: DataPanel, engine: Answers, qtbot: QtBot) -> None:
    row = begin(panel, GETS_HALF)
    qtbot.waitUntil(lambda: "of 10.0 MB" in row.words.text())
    assert row.words.text() == "Downloading MNIST: 5.0 MB of 10.0 MB."
    assert (row.bar.value(), visible(row)) == (500, ["Cancel"])
    asked = len(engine.asked)
    row.cancel.click()
    qtbot.waitUntil(lambda: len(engine.asked) > asked)
    answer_missing(engine)
    assert panel.problem.isVisible()


def test_why_it_failed_is_said_and_it_can_be_tried_again(panel: DataPanel, engine: Answers, qtbot: QtBot) -> None:
    row = begin(panel, FAILS)
    qtbot.waitUntil(lambda: row.words.text() == "No network.")
    assert visible(row) == ["Try again", "Close"]
    row._command = (sys.executable, "-c", COMES)
    asked = len(engine.asked)
    row.again.click()
    qtbot.waitUntil(lambda: len(engine.asked) > asked)


def test_a_failed_one_can_be_closed(panel: DataPanel, qtbot: QtBot) -> None:
    row = begin(panel, FAILS)
    qtbot.waitUntil(lambda: row.again.isVisible())
    row.cancel.click()
    assert not panel.downloads.rows


def test_a_process_that_can_not_be_started_is_told(panel: DataPanel, qtbot: QtBot) -> None:
    panel.downloads.command = (str(Path(sys.executable).parent / "no-such-python"),)
    panel.problem.buttons[0].click()
    qtbot.waitUntil(lambda: panel.downloads.rows["mnist"].words.text().startswith("The download can't be started: "))


def test_other_data_can_be_looked_at_meanwhile(panel: DataPanel, engine: Answers, qtbot: QtBot) -> None:
    row = begin(panel, GETS_HALF)
    panel.propose(Data("digits"))
    assert row.isVisible()
    panel.propose(Data("mnist"))
    qtbot.waitUntil(lambda: engine.asked[-1][0].data.id == "mnist")
    answer_missing(engine)
    assert not panel.problem.isVisible()
    panel.downloads.end()
    qtbot.waitUntil(lambda: not panel.downloads.rows)


def test_the_test_part_that_was_set_aside_can_not_be_changed(panel: DataPanel) -> None:
    assert not panel.split.editor("test").isEnabled()
    panel.propose(Data("digits"))
    assert panel.split.editor("test").isEnabled()
