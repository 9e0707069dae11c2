"""A job on its thread."""

from __future__ import annotations

from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from app.training import TrainingThread
from ml.events import Done, Metrics, Train
from ml.project.project import Project
from tests.app.conftest import fake_engine


def begin(thread: TrainingThread, project: Project) -> None:
    thread.send(Train(project, "/a/run"))
    thread.start()


def test_a_job_is_told_to_its_end_and_its_engine_stays(qtbot: QtBot, project: Project) -> None:
    engine = fake_engine()
    engine.start()
    thread, batches = TrainingThread(engine), []
    thread.arrived.connect(batches.append)
    begin(thread, project)
    qtbot.waitUntil(lambda: any(isinstance(event, Done) for batch in batches for event in batch))
    events = [event for batch in batches for event in batch]
    assert [event.step for event in events if isinstance(event, Metrics)] == list(range(1, 11))
    assert engine.isRunning()
    thread.end()
    assert engine.isFinished()
    assert thread.isFinished()


def test_its_death_is_told_after_all_that_it_said(qtbot: QtBot, project: Project) -> None:
    engine, told = fake_engine(), []
    engine.start()
    thread = TrainingThread(engine)
    thread.arrived.connect(told.extend)
    thread.died.connect(told.append)
    begin(thread, replace(project, name="doomed"))
    qtbot.waitUntil(thread.isFinished)
    qtbot.waitUntil(lambda: any(isinstance(each, str) for each in told))
    assert [event.step for event in told if isinstance(event, Metrics)][-1] == 999
    assert isinstance(told[-1], str)
    engine.wait()
