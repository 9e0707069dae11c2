"""The engine's process answers commands, trains, and ends with its input."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from ml import catalog, events
from ml.project.project import Data

ROOT = Path(__file__).parents[2]


class Process:
    """An engine that a test talks to."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "ml.engine"]
        self.popen = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self.popen.stdin
        assert self.popen.stdout
        self.input, self.output = self.popen.stdin, self.popen.stdout

    def ask(self, command, *kinds):
        """Send a command and wait for an event of one of these kinds."""
        events.send(self.input, command)
        return self.wait(*kinds)

    def wait(self, *kinds):
        while (event := events.receive(self.output, events.Event)) is not None:
            if isinstance(event, kinds):
                return event
        raise AssertionError("the engine ended")


@pytest.fixture(scope="module")
def engine():
    process = Process()
    assert process.wait(events.Ready).keras
    yield process
    process.input.close()
    assert process.popen.wait(timeout=30) == 0
    process.output.close()


def test_a_check_is_answered_by_its_number(engine):
    checked = engine.ask(events.Check(7, catalog.new("cnn")), events.Checked)
    assert checked.id == 7
    assert checked.report.errors == 0


def test_a_preview_shows_samples(engine):
    previewed = engine.ask(events.Preview(8, Data("digits")), events.Previewed)
    assert previewed.shape == (8, 8, 1)
    assert sum(previewed.sizes.values()) == 1797


def test_what_can_not_be_had_is_refused_in_a_sentence(engine):
    refused = engine.ask(events.Preview(9, Data("nowhere")), events.Refused)
    assert refused.id == 9
    assert "nowhere" in refused.reason
    assert engine.ask(events.Generate(10, "noise"), events.Refused).reason.startswith("There is no trained model")


def test_a_job_reports_and_answers_afterwards(engine, tmp_path):
    project = catalog.new("vae")
    project = msgspec.structs.replace(project, training=msgspec.structs.replace(project.training, epochs=1))
    done = engine.ask(events.Train(project, str(tmp_path / "run")), events.Done, events.Failed)
    assert isinstance(done, events.Done)
    pixels = engine.ask(events.Generate(11, "noise", n=4), events.Generated).arrays["pixels"]
    assert pixels.shape[0] == 4


def test_a_job_that_can_not_start_fails_with_a_sentence(engine, tmp_path):
    project = msgspec.structs.replace(catalog.new("mlp"), data=Data("nowhere"))
    failed = engine.ask(events.Train(project, str(tmp_path / "other")), events.Done, events.Failed)
    assert "nowhere" in failed.reason
