"""The engine's process answers commands, trains, and ends with the last who listens."""

import msgspec
import pytest

from ml import catalog, events
from ml.project.project import Data
from tests.engine_process import Process


@pytest.fixture(scope="module")
def engine():
    with Process() as process:
        assert process.wait(events.Ready).keras
        yield process


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
