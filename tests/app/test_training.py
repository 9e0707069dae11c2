"""A job on its thread, and how its events are merged."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from app.training import TrainingThread, merged
from ml.events import Array, Attention, Done, Metrics, Picture, Progress
from ml.project.project import Project
from tests.app.conftest import fake_engine


def progress(step: int) -> Progress:
    return Progress("running", step, 10, 0, 1, 0.0, None, 1.0)


def picture(name: str, step: int) -> Picture:
    return Picture(name, step, Array.of(np.zeros((1, 2, 2, 1), np.uint8)))


def test_of_what_replaces_itself_only_the_last_is_kept_and_every_metric_stays() -> None:
    metrics = [Metrics("block", step, 0, {}) for step in range(3)]
    events = [progress(0), metrics[0], picture("samples", 0), Attention(0, ()), metrics[1], picture("other", 0), picture("samples", 1), Attention(1, ())]
    events += [progress(1), metrics[2]]
    assert merged(events) == [metrics[0], metrics[1], picture("other", 0), picture("samples", 1), Attention(1, ()), progress(1), metrics[2]]


def test_a_job_is_told_to_its_end_and_its_engine_stays(qtbot: QtBot, project: Project) -> None:
    engine = fake_engine()
    engine.start()
    thread, batches = TrainingThread(engine), []
    thread.arrived.connect(batches.append)
    thread.start_job(project, "/a/run")
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
    thread.start_job(replace(project, name="doomed"), "/a/run")
    qtbot.waitUntil(thread.isFinished)
    qtbot.waitUntil(lambda: any(isinstance(each, str) for each in told))
    assert [event.step for event in told if isinstance(event, Metrics)] == list(range(1000))
    assert isinstance(told[-1], str)
    engine.wait()
