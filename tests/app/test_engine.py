"""The engine's process, as the window sees it."""

from __future__ import annotations

import sys

import pytest
from pytestqt.qtbot import QtBot

from app.engine import Engine, obituary
from ml.events import Check, Checked, Ready
from ml.project.project import Project
from tests.app.conftest import fake_engine


def test_it_says_when_it_is_ready_and_answers(qtbot: QtBot, project: Project) -> None:
    engine, said = fake_engine(), []
    engine.arrived.connect(said.append)
    engine.send(Check(5, project))
    engine.start()
    qtbot.waitUntil(lambda: len(said) == 2)
    assert isinstance(said[0], Ready)
    assert isinstance(said[1], Checked)
    assert said[1].id == 5
    engine.end()
    assert engine.isFinished()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import sys; sys.exit('It broke.')", "exit status 1. Its last words: It broke."),
        ("import os; os.kill(os.getpid(), 9)", "signal 9 (SIGKILL), as happens when memory runs out."),
        ("print('not a frame at all, and long enough')", "said something that can't be read"),
    ],
)
def test_its_death_is_told_in_a_sentence(qtbot: QtBot, code: str, words: str) -> None:
    engine = Engine(command=[sys.executable, "-c", code])
    with qtbot.waitSignal(engine.died) as told:
        engine.start()
    assert words in str(told.args)
    engine.wait()


def test_a_program_that_is_not_there_is_named(qtbot: QtBot) -> None:
    engine = Engine(command=["/no/such/program"])
    with qtbot.waitSignal(engine.died) as told:
        engine.start()
    assert told.args == ["The engine can't be started: No such file or directory."]
    engine.wait()


def test_one_that_is_asked_to_go_says_nothing_of_its_death(qtbot: QtBot) -> None:
    engine, deaths = fake_engine(), []
    engine.died.connect(deaths.append)
    with qtbot.waitSignal(engine.arrived):
        engine.start()
    engine.dismiss()
    engine.end(5000)
    assert engine.isFinished()
    assert deaths == []


def test_an_unknown_signal_has_its_number() -> None:
    assert obituary(-63, "") == "The engine was ended by signal 63 (unknown)."


CHATTER = "I0000 00:00:1795265975.351893 21394 port.cc:153] oneDNN custom operations are on.\n"


def test_what_tensorflow_writes_at_every_start_is_nobodys_last_words() -> None:
    assert obituary(-15, CHATTER) == "The engine was ended by signal 15 (SIGTERM)."


def test_of_an_abort_the_reason_is_given() -> None:
    said = CHATTER + 'F0000 00:00:1795265814.581607 20976 array.cc:84] Check failed: 1 == 2\n*** Check failure stack trace: ***\n  File "a.py", line 3\n'
    assert obituary(-6, said) == "The engine crashed in native code (SIGABRT). Its last words: Check failed: 1 == 2"


def test_a_thread_that_could_not_be_made_lacked_memory() -> None:
    said = "F0000 00:00:1795265814.581607 20976 env.cc:84] Check failed: ret == 0 (11 vs. 0) Thread tf_Compute creation via pthread_create() failed."
    assert "ran out of memory" in obituary(-6, said)


def test_of_a_crash_the_place_is_that_of_the_thread_that_crashed() -> None:
    said = 'Fatal Python error: Aborted\n\nThread 0x1 (most recent call first):\n  File "waits.py", line 1\n\nCurrent thread 0x2 (most recent call first):\n'
    assert obituary(-6, said + '  File "crashes.py", line 2 in crash\n').endswith('Its last words: File "crashes.py", line 2 in crash')
