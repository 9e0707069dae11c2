"""What a row says of a run, also of one that is a stranger's or damaged."""

import contextlib
import math
import platform
import sqlite3
import subprocess
import sys
import time

import msgspec
import pytest

from ml import events
from ml.runs import RECORD, Run, writer
from ml.runs.labels import Labels, write
from ml.runs.record import Record
from ml.runs.summary import better, epochs_of, row, summaries, summary

from .some_runs import done, epoch, live, make, progress


def put(folder, name, value):
    with contextlib.closing(sqlite3.connect(folder / RECORD)) as database, database:
        database.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))


def test_it_says_how_far_a_run_came_and_what_was_the_best(tmp_path):
    folder = make(tmp_path / "run", epoch(1, 0.5, 0.7), epoch(2, 0.3, 0.9), epoch(3, 0.4, 0.8), progress(at=3))
    found = summary(folder)
    assert (found.state, found.epoch, found.epochs, found.seconds) == ("interrupted", 3, 5, 12.0)
    assert found.metrics == {"loss": 0.4, "val_loss": 0.5, "val_accuracy": 0.8}
    assert found.best == {"loss": 0.3, "val_loss": pytest.approx(0.4), "val_accuracy": 0.9}


def test_a_run_is_called_by_its_title(tmp_path):
    folder = make(tmp_path / "run")
    write(Run(folder).record, Labels("The good one"))
    assert summary(folder).title == "The good one"
    assert summary(folder).name == "Digits"


@pytest.mark.parametrize("state", ["running", "paused"])
def test_a_run_that_lives_says_what_it_does(tmp_path, state):
    assert summary(make(tmp_path / "run", progress(state), alive=True)).state == state


def test_a_run_waits_until_its_engine_lives(tmp_path):
    folder = make(tmp_path / "run")
    put(folder, "waiting", "2")
    assert summary(folder).state == "waiting"
    live(folder)
    assert summary(folder).state == "running"


def test_a_run_that_failed_says_why(tmp_path):
    found = summary(make(tmp_path / "run", events.Failed("The loss became infinite\nin epoch 2.", "details")))
    assert (found.state, found.problem) == ("failed", "The loss became infinite in epoch 2.")


def test_what_was_measured_in_between_takes_nothing_from_the_best(tmp_path):
    record = Record(Run(make(tmp_path / "run", epoch(1, 0.5))).record)
    for step in range(50_000):
        record.write(events.Metrics("block", step, 0, {"epoch": 1.0}))
    record.close()
    assert summary(tmp_path / "run").best["loss"] == 0.5


def test_of_an_accuracy_the_highest_is_the_best_of_an_error_the_lowest():
    assert better("val_accuracy", 0.9, 0.8) and better("val_mean_absolute_error", 0.1, 0.2) and not better("loss", 0.9, 0.8)


@pytest.mark.parametrize(
    ("name", "value"),
    [("began", "1e999"), ("began", "nan"), ("began", "yesterday"), ("began", "-1e300"), ("alive", "1e300"), ("alive", b"\xff"), ("labels", "{")],
)
def test_a_strangers_facts_are_held_within_bounds(tmp_path, name, value):
    folder = make(tmp_path / "run", progress())
    put(folder, name, value)
    found = row(folder)
    assert 0 <= found.began < 3e10
    assert found.state in ("interrupted", "unreadable")


def test_a_strangers_numbers_and_names_are_held_within_bounds(tmp_path):
    metrics = {f"m{n}\n" * 100: math.inf for n in range(1000)}
    said = events.Progress("running", -5, 2**62, -(2**63), 2**62, math.nan, None, math.inf)
    found = summary(make(tmp_path / "run", said, events.Done("x" * 10_000, -3, -math.inf, metrics, "/etc"), name="n\n" * 10_000))
    assert (found.epoch, found.steps, found.seconds, found.epochs) == (0, 0, 0.0, 10**15)
    assert max(len(found.state), len(found.name)) <= 120 and "\n" not in found.name
    assert len(found.metrics) <= 64 and max(map(len, found.metrics)) <= 120
    assert found.folder == str(tmp_path / "run")


def test_what_can_not_be_read_is_a_row_that_says_why(tmp_path):
    make(tmp_path / "good", done(tmp_path))
    (tmp_path / "noise").mkdir()
    (tmp_path / "noise" / RECORD).write_bytes(b"no database at all" * 200)
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / RECORD).touch()
    put(make(tmp_path / "odd"), "project", "[" * 100_000)
    (tmp_path / "no run").mkdir()
    found = {run.name: run for run in summaries(tmp_path)}
    assert {name: run.state for name, run in found.items()} == {
        "Digits": "complete",
        "noise": "unreadable",
        "empty": "unreadable",
        "odd": "unreadable",
    }
    assert RECORD in found["noise"].problem and "never begun" in found["empty"].problem and "no project" in found["odd"].problem


def test_a_run_whose_process_was_killed_is_interrupted_at_once(tmp_path):
    folder = make(tmp_path / "run", progress(), alive=True)
    assert summary(folder).state == "running"
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    put(folder, writer.NAME, msgspec.json.encode(writer.Writer(platform.node(), gone.pid, time.time())).decode())
    assert summary(folder).state == "interrupted"
    put(folder, writer.NAME, msgspec.json.encode(writer.Writer("another machine", gone.pid, time.time())).decode())
    assert summary(folder).state == "running", "of another machine nothing is known"


def test_how_far_a_run_came_is_what_it_measured_where_that_is_more(tmp_path):
    found = summary(make(tmp_path / "run", progress(at=1), epoch(1, 0.5), epoch(4, 0.2)))
    assert (found.epoch, found.steps) == (4, 40)


def test_a_strangers_number_of_epochs_is_held_within_bounds(tmp_path):
    folder = make(tmp_path / "run")
    put(folder, "epochs", "9" * 5000)
    assert epochs_of(Run(folder)) == Run(folder).project.training.epochs
