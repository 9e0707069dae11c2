"""Which engine answers what."""

from __future__ import annotations

import os
import signal

from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from app.engines import Engines
from app.job import Job
from ml.events import Done, Export, Failed, Generate, Generated, Message, Pause, Preview, Refused
from ml.project.project import Data, Project


def begin(engines: Engines, project: Project, run: str = "/a/run") -> None:
    engines.shown = run
    engines.train(project, run)


def events_of(engines: Engines) -> list[Message]:
    """What the engines say from now on of any run."""
    said: list[Message] = []
    engines.arrived.connect(lambda folder, events: said.extend(events))
    return said


def run_to_the_end(qtbot: QtBot, engines: Engines, project: Project) -> None:
    with qtbot.waitSignal(engines.state_changed, check_params_cb=lambda folder, state: state == "ended"):
        begin(engines, project)


def test_only_the_latest_project_is_checked(qtbot: QtBot, engines: Engines, project: Project) -> None:
    engines.start()
    reports = []
    engines.checked.connect(reports.append)
    graph = project.models["model"]
    for name in ("one", "two", "three"):
        engines.check(replace(project, models={name: graph}))
    qtbot.waitUntil(lambda: bool(reports))
    qtbot.wait(100)
    assert [list(report.roles) for report in reports] == [["three"]]


def test_a_job_takes_the_warm_engine_and_checks_go_on(qtbot: QtBot, engines: Engines, project: Project) -> None:
    engines.start()
    events = events_of(engines)
    run_to_the_end(qtbot, engines, project)
    assert isinstance(events[-1], Done)
    with qtbot.waitSignal(engines.checked):
        engines.check(project)


def test_questions_about_a_run_are_answered_after_its_end(qtbot: QtBot, engines: Engines, project: Project) -> None:
    engines.start()
    answers = []
    engines.request(Generate(0, "noise"), answers.append)
    assert isinstance(answers[0], Refused)
    run_to_the_end(qtbot, engines, project)
    engines.request(Generate(0, "noise"), answers.append)
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert isinstance(answers[1], Generated)
    assert answers[1].text == "made"


def test_nothing_is_left_of_a_run_whose_engine_was_given_back(qtbot: QtBot, engines: Engines, project: Project) -> None:
    engines.start()
    run_to_the_end(qtbot, engines, project)
    begin(engines, project, "/another/run")
    engines.rest()
    qtbot.waitUntil(lambda: [job.folder for job in engines.findChildren(Job)] == ["/another/run"])


def test_an_ended_run_that_is_shown_no_more_gives_its_engine_back(qtbot: QtBot, engines: Engines, project: Project) -> None:
    engines.start()
    run_to_the_end(qtbot, engines, project)
    first = engines.jobs["/a/run"].training
    begin(engines, project, "/another/run")
    assert not first.isFinished()
    with qtbot.waitSignal(first.finished):
        engines.rest()
    assert list(engines.jobs) == ["/another/run"]


def test_two_runs_are_under_way_and_each_says_its_own(qtbot: QtBot, engines: Engines, project: Project) -> None:
    engines.start()
    said: list[tuple[str, Message]] = []
    engines.arrived.connect(lambda folder, events: said.extend((folder, event) for event in events))
    begin(engines, replace(project, name="endless"))
    begin(engines, project, "/another/run")
    qtbot.waitUntil(lambda: any(isinstance(event, Done) for _, event in said))
    assert {folder for folder, event in said if isinstance(event, Done)} == {"/another/run"}
    assert [job.folder for job in engines.under_way] == ["/a/run"]
    engines.tell(Pause(), "/a/run")
    qtbot.waitUntil(lambda: engines.jobs["/a/run"].state == "paused")


def test_a_job_is_held(qtbot: QtBot, engines: Engines, project: Project) -> None:
    engines.start()
    begin(engines, replace(project, name="endless"))
    qtbot.waitUntil(lambda: engines.state == "running")
    engines.tell(Pause())
    qtbot.waitUntil(lambda: engines.state == "paused")
    assert engines.is_training


def test_a_dead_engine_is_named_its_questions_are_refused_and_another_can_be_started(qtbot: QtBot, engines: Engines, project: Project) -> None:
    engines.start()
    refusals = []
    with qtbot.waitSignal(engines.status_changed, check_params_cb=lambda sentence, problem: problem) as told:
        engines.request(Preview(0, Data("iris")), refusals.append)
        engines.check(replace(project, name="die"))
    assert told.args == ["The engine ended with exit status 3. Its last words: Out of luck.", True]
    assert isinstance(refusals[0], Refused)
    engines.check(project)
    engines.start()
    qtbot.waitSignal(engines.checked).wait()


def test_the_death_of_a_jobs_engine_fails_the_run(qtbot: QtBot, engines: Engines, project: Project) -> None:
    engines.start()
    events = events_of(engines)
    begin(engines, replace(project, name="endless"))
    qtbot.waitUntil(lambda: engines.state == "running")
    os.kill(engines.jobs["/a/run"].training.engine.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: bool(events) and isinstance(events[-1], Failed))
    assert "signal 9" in str(events[-1])
    assert not engines.is_training


def test_an_untrained_project_is_exported_by_the_warm_engine(qtbot: QtBot, engines: Engines, project: Project) -> None:
    refusals = []
    engines.request(Export(0, "keras", "/out.keras", project=project), refusals.append)
    assert "not running" in refusals[0].reason
    engines.request(Export(0, "keras", "/out.keras"), refusals.append)
    assert "no trained model" in refusals[1].reason
