"""A job trains to its end, listens while it does, and leaves a run that can be opened."""

import re
from queue import SimpleQueue

import keras
import msgspec
import numpy as np
import pytest
import tensorflow as tf

from ml import catalog, events
from ml.project.files import FileProblem
from ml.project.project import Choice, Data
from ml.runs import Run, checkpoints
from ml.runs.summary import can_go_on, summary
from ml.training import clock, job
from ml.training.job import run_job
from ml.training.loop import Loop
from ml.training.optimizers import TrainingProblem
from ml.training.session import Session

pytestmark = pytest.mark.usefixtures("without_xla")


def project(template="mlp", **settings):
    made = catalog.new(template)
    return msgspec.structs.replace(made, training=msgspec.structs.replace(made.training, **settings))


def trained(folder, commands=(), **settings):
    """The session and the events of a job to which these commands were sent before it began."""
    inbox, seen = SimpleQueue(), []
    for command in commands:
        inbox.put(command)
    return run_job(project(**settings), folder, seen.append, inbox), seen


def test_a_run_ends_with_its_metrics_and_its_model(tmp_path):
    session, seen = trained(tmp_path / "run", epochs=2)
    done = seen[-1]
    assert isinstance(done, events.Done)
    assert done.reason == "complete"
    assert done.steps == 2 * -(-len(session.dataset.parts["train"]) // session.project.training.batch_size)
    assert {"loss", "accuracy", "val_loss", "val_accuracy"} <= set(done.metrics)
    assert sum(isinstance(event, events.Metrics) and event.span == "epoch" for event in seen) == 2
    loaded = keras.saving.load_model(Run(tmp_path / "run").model("model"))
    x = session.dataset.x[:5]
    np.testing.assert_allclose(loaded(x), session.models["model"](x), atol=1e-6)


def test_what_is_saved_needs_nothing_of_this_project(tmp_path):
    trained(tmp_path / "run", epochs=1, schedule=Choice("CosineDecay"))
    assert not keras.saving.load_model(Run(tmp_path / "run").model("model")).compiled


def test_the_same_seed_gives_the_same_numbers(tmp_path):
    first, _ = trained(tmp_path / "a", epochs=2)
    second, _ = trained(tmp_path / "b", epochs=2)
    for one, other in zip(first.models["model"].get_weights(), second.models["model"].get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_pausing_changes_nothing(tmp_path):
    plain, _ = trained(tmp_path / "a", epochs=1)
    stepped, _ = trained(tmp_path / "b", [events.Pause(), events.Step(3), events.Step(1), events.Continue()], epochs=1)
    for one, other in zip(plain.models["model"].get_weights(), stepped.models["model"].get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_single_steps_are_counted(tmp_path):
    _, seen = trained(tmp_path / "run", [events.Step(3), events.Stop()], epochs=1)
    assert seen[-1].reason == "stopped"
    assert seen[-1].steps in (0, 3)


def test_stopping_before_the_first_step_is_a_run_too(tmp_path):
    _, seen = trained(tmp_path / "run", [events.Stop()])
    assert seen[-1].reason == "stopped"
    assert seen[-1].steps == 0


class FinishAfter:
    """Collects events, and asks to finish once so many epochs are done."""

    def __init__(self, inbox, epochs):
        self.inbox, self.epochs, self.seen = inbox, epochs, []

    def __call__(self, event):
        self.seen.append(event)
        if isinstance(event, events.Metrics) and event.span == "epoch" and event.epoch == self.epochs:
            self.inbox.put(events.Finish())


def test_finishing_early_keeps_the_best_weights(tmp_path):
    inbox = SimpleQueue()
    emit = FinishAfter(inbox, 6)
    session = run_job(project(epochs=50, optimizer=Choice("SGD", {"learning_rate": 1.5, "momentum": 0.9})), tmp_path / "run", emit, inbox)
    done, losses = emit.seen[-1], [event.validation["loss"] for event in emit.seen if isinstance(event, events.Metrics) and event.span == "epoch"]
    assert done.reason == "finished"
    assert done.best_epoch == int(np.argmin(losses)) + 1
    x, y = session.dataset.part("validation")
    loss = keras.losses.sparse_categorical_crossentropy(y, session.models["model"](x))
    assert float(np.mean(loss)) == pytest.approx(min(losses), rel=1e-3)


def test_patience_ends_a_run_that_gets_no_better(tmp_path):
    _, seen = trained(tmp_path / "run", epochs=300, patience=2, optimizer=Choice("Adam", {"learning_rate": 0.1}))
    assert seen[-1].reason == "early stopping"
    assert seen[-1].best_epoch is not None


def test_a_changed_rate_is_the_rate_of_the_steps_that_follow(tmp_path):
    _, seen = trained(tmp_path / "run", [events.SetRate(0.0042)], epochs=1)
    assert [event.learning_rate for event in seen if isinstance(event, events.Metrics)][-1] == pytest.approx(0.0042)


def test_what_is_not_live_can_not_be_changed_and_the_run_goes_on(tmp_path):
    _, seen = trained(tmp_path / "run", [events.SetParameter("loss", "auto")], epochs=1)
    assert any(isinstance(event, events.Log) and "can't be changed" in event.text for event in seen)
    assert seen[-1].reason == "complete"


def test_a_loss_that_is_no_number_ends_the_run_with_what_to_try(tmp_path):
    with pytest.raises(TrainingProblem, match="smaller learning rate"):
        trained(tmp_path / "run", epochs=20, optimizer=Choice("SGD", {"learning_rate": 1e30}))


def test_the_record_is_the_events_that_tell(tmp_path):
    _, seen = trained(tmp_path / "run", epochs=2)
    recorded = list(Run(tmp_path / "run").events())
    assert all(event in seen for event in recorded)
    epochs = [event for event in seen if isinstance(event, events.Metrics) and event.span == "epoch"]
    assert [event for event in recorded if isinstance(event, events.Metrics) and event.span == "epoch"] == epochs
    assert recorded[-1] == seen[-1]


def test_a_run_is_never_written_over(tmp_path):
    trained(tmp_path / "run", epochs=1)
    with pytest.raises(FileProblem, match="already holds a run"):
        trained(tmp_path / "run", epochs=1)


def test_an_opened_run_predicts_as_it_did(tmp_path):
    session, _ = trained(tmp_path / "run", epochs=1)
    opened = Session.opened(Run(tmp_path / "run"))
    x = session.dataset.x[:5]
    np.testing.assert_allclose(opened.models["model"](x), session.models["model"](x), atol=1e-6)


def test_a_model_that_can_not_be_built_is_told_by_its_node(tmp_path):
    made = project()
    model = made.models["model"]
    wrong = model.with_node("dense", msgspec.structs.replace(model["dense"], arguments={"units": -1}))
    with pytest.raises(TrainingProblem, match="dense"):
        run_job(msgspec.structs.replace(made, models={"model": wrong}), tmp_path / "run", lambda event: None)


class FullFor:
    """A disk that is full for so many writes."""

    def __init__(self, times, write):
        self.times, self.write = times, write

    def __call__(self, *arguments, **keywords):
        self.times -= 1
        if self.times >= 0:
            raise FileProblem("/disk/checkpoint can't be written: No space left on device.")
        return self.write(*arguments, **keywords)


def test_a_full_disk_holds_the_training_and_room_lets_it_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr("ml.training.job.HOLD_SECONDS", 0.01)
    monkeypatch.setattr("ml.runs.checkpoints._write", FullFor(3, checkpoints._write))
    _, seen = trained(tmp_path / "run", epochs=1)
    said = [event.text for event in seen if isinstance(event, events.Log)]
    assert len(said) == 2 and "No space left" in said[0] and "can be written again" in said[1]
    assert any(isinstance(event, events.Progress) and event.state == "paused" for event in seen)
    assert seen[-1].reason == "complete"


def test_a_run_that_is_told_to_end_on_a_full_disk_says_why_it_could_not_be_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("ml.runs.checkpoints._write", FullFor(1000, checkpoints._write))
    with pytest.raises(FileProblem, match="No space left"):
        trained(tmp_path / "run", [events.Stop()], epochs=1)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (tf.errors.InternalError(None, None, "CUDA_ERROR_ECC_UNCORRECTABLE\nmore"), "device that computes no longer answered (CUDA_ERROR_ECC_UNCORRECTABLE)"),
        (tf.errors.ResourceExhaustedError(None, None, "OOM when allocating"), "memory did not suffice: try a batch size below"),
    ],
)
def test_a_device_that_goes_is_told_and_the_run_can_go_on(tmp_path, monkeypatch, error, words):
    monkeypatch.setattr(job, "CHECKPOINT_SECONDS", 0.0)
    real, calls = Loop.run, []

    def run(self, at, count):
        calls.append(at)
        if len(calls) > 200:
            raise error
        return real(self, at, count)

    monkeypatch.setattr(Loop, "run", run)
    with pytest.raises(TrainingProblem, match=re.escape(words)):
        trained(tmp_path / "run", epochs=10_000, patience=None)
    assert summary(tmp_path / "run").state == "failed"
    assert can_go_on(tmp_path / "run")


def test_the_record_says_why_a_run_could_not_begin(tmp_path):
    made = msgspec.structs.replace(project(), data=Data("csv", {"path": str(tmp_path / "gone.csv")}))
    with pytest.raises(TrainingProblem):
        run_job(made, tmp_path / "run", lambda event: None)
    found = summary(tmp_path / "run")
    assert found.state == "failed" and "gone.csv" in found.problem


def test_the_record_says_why_a_run_broke_off_that_nobody_foresaw(tmp_path, monkeypatch):
    monkeypatch.setattr(Loop, "run", lambda loop, at, count: [][at])
    with pytest.raises(IndexError):
        trained(tmp_path / "run", epochs=1)
    assert summary(tmp_path / "run").problem == "Something unforeseen went wrong: list index out of range."


def test_a_run_that_has_ended_by_itself_holds_on_a_full_disk_too(tmp_path, monkeypatch):
    monkeypatch.setattr("ml.training.job.HOLD_SECONDS", 0.01)
    monkeypatch.setattr(Run, "put_model", FullFor(3, lambda role, data: None))
    _, seen = trained(tmp_path / "run", epochs=300, patience=2, optimizer=Choice("Adam", {"learning_rate": 0.1}))
    assert seen[-1].reason == "early stopping"


def test_weights_that_are_no_numbers_are_told_with_the_epoch_that_they_came_of(tmp_path, monkeypatch):
    monkeypatch.setattr(job, "CHECKPOINT_SECONDS", 1e9)
    found = iter(["", "The weights are no longer finite numbers."])  # at the first checkpoint, and at that of the end
    monkeypatch.setattr("ml.training.keeper.Keeper.not_finite", lambda keeper: next(found))
    with pytest.raises(TrainingProblem, match="in epoch 2, "):
        trained(tmp_path / "run", epochs=2)


def test_a_long_epoch_makes_no_checkpoint_larger(tmp_path, monkeypatch):
    monkeypatch.setattr(job, "CHECKPOINT_SECONDS", 0.0)
    monkeypatch.setattr(job, "BLOCK_SECONDS", 0.0)
    monkeypatch.setattr(clock, "LOOKING_SHARE", 1e6)
    sizes, save = [], checkpoints.Checkpoints.save
    monkeypatch.setattr(checkpoints.Checkpoints, "save", lambda *a, **k: sizes.append(len(str(a[1].meta))) or save(*a, **k))
    trained(tmp_path / "run", epochs=1)
    assert len(sizes) > 20 and max(sizes) < 3 * sizes[0]
