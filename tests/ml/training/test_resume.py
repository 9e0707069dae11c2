"""A run that was killed and goes on ends as one that was never interrupted, to the bit."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from ml import catalog, events
from ml.project.project import Choice, Project
from ml.runs import Run
from ml.runs.record import read_checkpoints
from ml.runs.recording import Recording
from ml.runs.summary import can_go_on, latest, summary
from ml.training import clock, job, loop
from ml.training.job import resume_job, run_job
from ml.training.optimizers import TrainingProblem
from ml.training.session import Session

ALL = ("mlp", "cnn", "vae", "dcgan", "gpt", "vit", "logistic_regression", "self_attention")
QUICK = ("mlp", "vae", "dcgan")


class Killed(BaseException):
    """What ends a process, as far as a test of the same process can have it."""


def project(template: str, epochs: int, **training) -> Project:
    made = catalog.new(template)
    return msgspec.structs.replace(made, training=msgspec.structs.replace(made.training, epochs=epochs, patience=None, **training))


def killed(project: Project, folder: Path, step: int) -> None:
    """Train, and be killed at the first thing that is said from this step on."""

    def emit(event: events.Message) -> None:
        if isinstance(event, events.Metrics) and event.step >= step:
            raise Killed

    with pytest.raises(Killed):
        run_job(project, folder, emit)


def weights(session: Session) -> dict[str, list[bytes]]:
    return {role: [array.tobytes() for array in model.get_weights()] for role, model in session.models.items()}


def measured(folder: Path) -> list[events.Metrics]:
    return [event for event in Run(folder).events("Metrics") if isinstance(event, events.Metrics) and event.span == "epoch"]


@pytest.fixture(autouse=True)
def often(monkeypatch, request):
    if "template" not in request.fixturenames:
        monkeypatch.setattr(loop, "xla_pays", lambda trainer: False)  # it takes seconds; whole templates are tried with it
    monkeypatch.setattr(job, "CHECKPOINT_SECONDS", 0.0)
    monkeypatch.setattr(clock, "LOOKING_SHARE", 1e6)


@pytest.mark.parametrize("template", [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in ALL if name not in QUICK)])
def test_killed_and_resumed_it_has_the_same_weights(tmp_path, template):
    made = project(template, 2)
    straight = run_job(made, tmp_path / "straight", lambda event: None)
    steps = [event.step for event in Run(tmp_path / "straight").events("Metrics") if isinstance(event, events.Metrics)]
    killed(made, tmp_path / "killed", int(max(steps) * 0.7))
    assert read_checkpoints(tmp_path / "killed" / "run.sqlite")
    resumed = resume_job(tmp_path / "killed", lambda event: None)
    assert weights(resumed) == weights(straight)


def test_its_history_has_no_gap_and_nothing_twice(tmp_path):
    made = project("mlp", 3)
    run_job(made, tmp_path / "straight", lambda event: None)
    killed(made, tmp_path / "killed", 60)
    resume_job(tmp_path / "killed", lambda event: None)

    resumed, straight = measured(tmp_path / "killed"), measured(tmp_path / "straight")
    assert [(event.epoch, event.step, event.validation) for event in resumed] == [(event.epoch, event.step, event.validation) for event in straight]
    for one, other in zip(resumed, straight, strict=True):
        assert one.train == pytest.approx(other.train)  # means over blocks whose sizes go by the clock
    assert sum(1 for _ in Run(tmp_path / "killed").events("Done")) == 1


def test_a_schedule_and_a_changed_rate_go_on_where_they_were(tmp_path):
    made = project("mlp", 3, schedule=Choice("CosineDecay"), optimizer=Choice("SGD", {"learning_rate": 0.1, "momentum": 0.9}))
    straight = run_job(made, tmp_path / "straight", lambda event: None)
    killed(made, tmp_path / "killed", 70)
    assert weights(resume_job(tmp_path / "killed", lambda event: None)) == weights(straight)


def test_more_epochs_can_be_asked_for(tmp_path):
    run_job(project("mlp", 1), tmp_path / "run", lambda event: None)
    with pytest.raises(TrainingProblem, match="all of its 1 epochs"):
        resume_job(tmp_path / "run", lambda event: None)
    resume_job(tmp_path / "run", lambda event: None, epochs=2)
    straight = run_job(project("mlp", 2), tmp_path / "straight", lambda event: None)
    assert weights(Session.opened(Run(tmp_path / "run"))) == weights(straight)


def test_a_run_that_was_killed_before_its_models_were_written_still_gets_them(tmp_path):
    made = project("mlp", 1)

    def emit(event: events.Message) -> None:
        if isinstance(event, events.Progress) and event.state == "ending":
            raise Killed

    with pytest.raises(Killed):
        run_job(made, tmp_path / "run", emit)
    resume_job(tmp_path / "run", lambda event: None)
    straight = run_job(made, tmp_path / "straight", lambda event: None)
    assert weights(Session.opened(Run(tmp_path / "run"))) == weights(straight)


def test_other_data_are_refused(tmp_path, monkeypatch):
    killed(project("mlp", 2), tmp_path / "run", 60)
    before = list(Run(tmp_path / "run").events("Metrics"))
    with Recording(Run(tmp_path / "run"), lambda event: None) as recording:
        recording.emit(events.Metrics("block", 10_000, 0, {"loss": 1.0}))  # after the last checkpoint
    monkeypatch.setattr("ml.training.keeper.fingerprint", lambda dataset: "other")
    with pytest.raises(TrainingProblem, match="are not those that the run began with"):
        resume_job(tmp_path / "run", lambda event: None)
    assert len(list(Run(tmp_path / "run").events("Metrics"))) == len(before) + 1, "what can't go on forgets nothing"


def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(tmp_path):
    killed(project("mlp", 2), tmp_path / "run", 60)
    found = [checkpoint for checkpoint in read_checkpoints(tmp_path / "run" / "run.sqlite") if not checkpoint.best]
    assert len(found) == 2
    (tmp_path / "run" / "checkpoints" / found[0].file).write_bytes(b"cut short")
    made = resume_job(tmp_path / "run", lambda event: None)
    assert weights(made) == weights(run_job(project("mlp", 2), tmp_path / "straight", lambda event: None))


def test_what_has_lost_its_checkpoints_is_refused(tmp_path):
    killed(project("mlp", 2), tmp_path / "run", 60)
    for file in (tmp_path / "run" / "checkpoints").iterdir():
        file.unlink()
    with pytest.raises(TrainingProblem, match="no checkpoint to go on from"):
        resume_job(tmp_path / "run", lambda event: None)


def test_what_was_killed_before_its_first_checkpoint_begins_again(tmp_path):
    run = Run.create(tmp_path / "run", project("mlp", 1))
    with Recording(run, lambda event: None) as recording:
        recording.emit(events.Metrics("block", 3, 0, {"loss": 9.0}))
    assert can_go_on(run.folder)
    made = resume_job(run.folder, lambda event: None)
    assert weights(made) == weights(run_job(project("mlp", 1), tmp_path / "straight", lambda event: None))
    assert all(isinstance(said, events.Metrics) and said.train["loss"] < 9 for said in run.events("Metrics"))
    assert not can_go_on(run.folder)


def test_the_last_two_and_the_best_are_kept(tmp_path):
    run_job(project("mlp", 4), tmp_path / "run", lambda event: None)
    found = read_checkpoints(tmp_path / "run" / "run.sqlite")
    assert sum(not checkpoint.best for checkpoint in found) == 2
    assert any(checkpoint.best for checkpoint in found)
    assert sorted(path.name for path in (tmp_path / "run" / "checkpoints").iterdir()) == sorted(checkpoint.file for checkpoint in found)


def test_best_weights_survive_the_kill(tmp_path):
    made = project("mlp", 4, optimizer=Choice("SGD", {"learning_rate": 0.5}))
    killed(made, tmp_path / "run", 90)
    session = resume_job(tmp_path / "run", lambda event: None)
    assert np.isfinite(session.models["model"].get_weights()[0]).all()


def test_a_complete_run_that_can_not_go_on_stays_what_it_was(tmp_path, monkeypatch):
    run_job(project("mlp", 1), tmp_path / "run", lambda event: None)
    before = summary(tmp_path / "run")
    monkeypatch.setattr("ml.training.keeper.fingerprint", lambda dataset: "other")
    with pytest.raises(TrainingProblem):
        resume_job(tmp_path / "run", lambda event: None, epochs=2)
    assert summary(tmp_path / "run") == before


def test_fewer_epochs_than_were_made_are_refused(tmp_path):
    killed(project("mlp", 5), tmp_path / "run", 100)
    made = latest(Run(tmp_path / "run"))
    assert made is not None and made.epoch >= 2
    with pytest.raises(TrainingProblem, match=f"all of its {made.epoch} epochs"):
        resume_job(tmp_path / "run", lambda event: None, epochs=1)
