"""A job: train a project into a run's folder, say what happens, and listen between two blocks of steps."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue

import tensorflow as tf

from ml import events
from ml.events import Command, Message
from ml.project.files import FileProblem
from ml.project.project import Project
from ml.runs import Run, waiting
from ml.runs.checkpoints import State, load
from ml.runs.record import last_event
from ml.runs.recording import Follow, Recording
from ml.runs.summary import epochs_of, latest
from ml.training.best import Best
from ml.training.clock import Clock
from ml.training.keeper import Keeper, Position
from ml.training.loop import NOTHING, Logs, merged, weighted_mean
from ml.training.optimizers import TrainingProblem
from ml.training.session import Session

BLOCK_SECONDS = 0.03
"""How long one call of the compiled loop should take: Pause and Stop are answered after it."""
QUICK_SECONDS = 2.0
REPORT_SECONDS = 1 / 30
LENS_SECONDS = 0.4
PICTURE_SECONDS = 0.7
INSIDE_SECONDS, INSIDE_PART = 0.25, 0.5
"""How often the layers are looked into, and for which part of the time that looking may take; the same for each of the session's lenses."""
CHECKPOINT_SECONDS = 10.0
DEVICE_GONE = (tf.errors.InternalError, tf.errors.UnavailableError, tf.errors.AbortedError, tf.errors.UnknownError, tf.errors.DataLossError)
"""What TensorFlow raises when a graphics card was lost or its driver has crashed."""
PATIENCE_ENDED = "early stopping"
"""How a run ends that nobody told to."""
HOLD_SECONDS = 1.0
"""How long to wait before a full disk is tried again."""

Emit = Callable[[Message], None]
Inbox = SimpleQueue[Command]
Answer = Callable[[Command, Session], None]


def run_job(project: Project, folder: Path, emit: Emit, inbox: Inbox | None = None, answer: Answer | None = None, follow: Follow | None = None) -> Session:
    """Train `project` to its end, or to the end that a command asks for; the run lies in `folder` then, where it may wait already.

    `emit` gets every event, the last is `Done`. Commands that are not the job's own go to `answer`; `follow` is given the recording.
    Raises `TrainingProblem` and `FileProblem`.
    """
    run = waiting.begun(folder) or Run.create(folder, project)
    with Recording(run, emit, follow) as recording, recording.telling(TrainingProblem):
        return _Job(project, recording, inbox or SimpleQueue(), answer).train()


def resume_job(
    folder: Path, emit: Emit, inbox: Inbox | None = None, answer: Answer | None = None, epochs: int | None = None, follow: Follow | None = None
) -> Session:
    """Go on with the run in `folder` from its last checkpoint, to its own end or to `epochs`, as if it had never been interrupted.

    One that was interrupted before its first checkpoint begins again. Raises `TrainingProblem` where there is nothing to go on from, where the run is
    complete, and where the data are no longer the same; else as `run_job`.
    """
    run = Run(folder)
    project = run.project
    found = load(run.folder, run.record)
    last = epochs or epochs_of(run)
    ended = last_event(run.record, "Done") is not None
    if found is None and (ended or latest(run) is not None):
        raise TrainingProblem(f"{folder} has no checkpoint to go on from: begin a new run.")
    if found and (found[0].epoch > last or (ended and found[0].epoch == last)):
        raise TrainingProblem(f"{folder} has made all of its {found[0].epoch} epochs: to go on, ask for more of them, as with --epochs {2 * found[0].epoch}.")
    with Recording(run, emit, follow) as recording:
        job = _Job(project, recording, inbox or SimpleQueue(), answer, last)
        if found:
            job.restore(found[1])
        if not ended:
            job.heed_patience()
        recording.rewind(found[0].step if found else -1)  # not before: a run that can't go on keeps all that it was
        recording.checkpoints.rewind(found[0].file if found else "")
        recording.record.put("epochs", str(last))
        with recording.telling(TrainingProblem):
            return job.train()


class _Job:
    def __init__(self, project: Project, recording: Recording, inbox: Inbox, answer: Answer | None, epochs: int | None = None) -> None:
        self.recording = recording
        self.emit = emit = recording.emit
        self.inbox = inbox
        self.answer = answer
        self.epochs = epochs or project.training.epochs
        self.patience = project.training.patience
        emit(events.Progress("preparing", 0, 0, 0, self.epochs, 0.0, None, 0.0))
        self.session = Session(project)
        for sentence in self.session.problems:
            emit(events.Log(sentence, "warning"))
        self.trainer, self.optimizers, self.loop = self.session.trainer()
        self.steps = self.loop.steps_per_epoch * self.epochs
        self.now = Position()
        self.earlier = 0.0
        """Seconds that the run took before it was resumed."""
        self.block = 1
        self.speed = 0.0
        self.said = time.perf_counter(), 0
        """When the last report was made, and at which step."""
        self.started: float | None = None
        self.ended = 0.0
        self.allowed: int | None = None
        """Steps that may be made before it pauses; None: all."""
        self.ending = ""
        self.best = Best(self.session.models)
        self.keeper = Keeper(recording, self.session, self.trainer, self.optimizers, self.best)
        self.lens_clock = Clock(LENS_SECONDS)
        self.picture_clock = Clock(PICTURE_SECONDS)
        self.inside_clock = Clock(INSIDE_SECONDS, INSIDE_PART)
        self.lens_clocks = [Clock(INSIDE_SECONDS, INSIDE_PART) for _ in self.session.lenses]
        self.checkpoint_clock = Clock(CHECKPOINT_SECONDS)

    def train(self) -> Session:
        """All epochs, or as many as are wanted; the models are in the run's folder at the end."""
        began = time.perf_counter()
        self.loop.begin(self.now.epoch)
        self._warm_up(began)
        self.said = time.perf_counter(), self.now.step
        while self.now.epoch < self.epochs and not self.ending:
            self._epoch()
        run, kept = self.recording.run, None
        self._checkpoint()
        if self.ending in ("finished", PATIENCE_ENDED) and self.best.epoch is not None:
            kept = self.best.restore()
        self._progress("ending")
        self.session.step = self.now.step
        self._look(always=True)
        for role in self.session.models:
            self._once_there_is_room(lambda role=role: run.put_model(role, self.session.saved(role)))
        self._once_there_is_room(self.recording.record.commit)
        self.emit(
            events.Done(
                reason=self.ending or "complete",
                steps=self.now.step,
                training_seconds=self.earlier + self._since_start(self.ended),
                metrics=self.now.metrics if kept is None else self.best.metrics,
                run=str(run.folder),
                best_epoch=kept,
            )
        )
        return self.session

    def _warm_up(self, began: float) -> None:
        """Trace what will run, all of it where the model is small, so that nothing is traced while the clock runs; show the start."""
        self.loop.run(0, 0)
        if self.loop.compiled or time.perf_counter() - began < QUICK_SECONDS:
            self.loop.prepare()
        self._look(always=True)

    def _epoch(self) -> None:
        waiting: list[tuple[Logs, int]] = []
        self.loop.begin(self.now.epoch)
        while self.now.at < self.loop.steps_per_epoch:
            self._listen()
            if self.ending:
                return
            count = self.loop.steps_of(self.now.at, self.block if self.allowed is None else min(self.block, self.allowed))
            logs, samples, seconds = self._run(self.now.at, count)
            self.now.at += count
            self.now.step += count
            if self.allowed is not None:
                self.allowed -= count
            self.now.seen = merged([self.now.seen, (logs, samples)])
            waiting.append((logs, samples))
            self._adapt(count, seconds)
            if self.recording.record.problem:
                self._once_there_is_room(self.recording.record.commit)
            if self._measure():
                self._report(weighted_mean(waiting))
                waiting = []
            self._look()
            if self.now.at < self.loop.steps_per_epoch and self.checkpoint_clock.due():
                self._checkpoint()
        (train, _), self.now.seen, self.now.at = self.now.seen, NOTHING, 0
        self.now.epoch += 1
        self._end_epoch(train)
        if self.checkpoint_clock.due():
            self._checkpoint()

    def _checkpoint(self) -> None:
        """Write what the run is now, where one could go on from that; where the disk is full, hold until there is room. Raises `TrainingProblem`."""
        if wrong := self.keeper.not_finite():
            raise TrainingProblem(self._not_finite(self.now.step, wrong))
        with self.checkpoint_clock:
            self.now.seconds = self.earlier + self._since_start(self.ended)
            self._once_there_is_room(lambda: self.keeper.save(self.now))

    def _once_there_is_room(self, write: Callable[[], object]) -> None:
        """Write; where that fails say why, hold, and try again until it succeeds. Raises `FileProblem` where the run is told to end meanwhile."""
        said = ""
        while True:
            try:
                write()
                if said:
                    self.emit(events.Log("The run can be written again: the training goes on."))
                    self._progress("paused" if self.paused else "running")
                return
            except FileProblem as problem:
                if self.ending not in ("", PATIENCE_ENDED):
                    raise
                if not said:
                    said = str(problem)
                    self.emit(events.Log(f"{said} The training holds, and goes on when the run can be written again.", "error"))
                    self._progress("paused")
            self._take_commands(HOLD_SECONDS)

    def restore(self, state: State) -> None:
        """Be again what the run was at a checkpoint. Raises `TrainingProblem` where the data or the models are others."""
        self.now = self.keeper.restore(state)
        self.earlier = self.now.seconds

    def _since_start(self, now: float) -> float:
        """Seconds since the first step that was made here."""
        return now - self.started if self.started is not None else 0.0

    def _measure(self) -> bool:
        """Whether it is time for a report, epochs however short; then the speed since the last one is known."""
        now = time.perf_counter()
        said, step = self.said
        if now - said < REPORT_SECONDS and not self.paused:
            return False
        self.speed = (self.now.step - step) / max(now - said, 1e-6)
        self.said = now, self.now.step
        return True

    def _run(self, at: int, count: int) -> tuple[Logs, int, float]:
        before = time.perf_counter()
        try:
            logs, samples = self.loop.run(at, count)
        except tf.errors.ResourceExhaustedError as error:
            raise TrainingProblem(
                f"After step {self.now.step} the memory did not suffice: try a batch size below {self.session.project.training.batch_size}, "
                "or a smaller model. The last checkpoint is whole."
            ) from error
        except DEVICE_GONE as error:
            raise TrainingProblem(
                f"After step {self.now.step} the device that computes no longer answered ({str(error).splitlines()[0]}). "
                "The last checkpoint is whole: Resume goes on from it, on whatever device there is then."
            ) from error
        after = time.perf_counter()
        if self.started is None:
            self.started = after
        self.ended = after
        wrong = [name for name, value in logs.items() if not math.isfinite(value)]
        if wrong:
            raise TrainingProblem(self._not_finite(self.now.step + count, f"{wrong[0]} is no longer a finite number. {self.keeper.not_finite()}".rstrip()))
        return logs, samples, after - before

    def _not_finite(self, step: int, what: str) -> str:
        epoch = max(1, math.ceil(step / self.loop.steps_per_epoch))
        stays = f" The checkpoint of step {self.keeper.last} stays." if self.keeper.last else ""
        return (
            f"The training can't go on: in epoch {epoch}, at step {step}, {what}{stays} "
            f"Try a smaller learning rate than {self.optimizers.rate:g}, or clip the gradients (the optimizer's clipnorm)."
        )

    def _adapt(self, count: int, seconds: float) -> None:
        """Make blocks as long as `BLOCK_SECONDS`: double while they are short, cut where they are long."""
        if self.now.step > count and count == self.block:
            self.block = max(1, min(self.block * 2, int(self.block * BLOCK_SECONDS / max(seconds, 1e-6))))

    def _end_epoch(self, train: Logs) -> None:
        validation = self.loop.evaluate()
        self.now.metrics = train | {f"val_{name}": value for name, value in validation.items()}
        rate = self.optimizers.rate
        if self._measure():
            self._progress("paused" if self.paused else "running")
        self.emit(events.Metrics("epoch", self.now.step, self.now.epoch, train, validation, rate, self.speed))
        self.ended = time.perf_counter()
        self.best.offer(self.now.epoch, self.now.metrics)
        self.heed_patience()

    def heed_patience(self) -> None:
        """End where too many epochs have brought nothing better."""
        if self.patience is not None and self.best.epoch is not None and self.now.epoch - self.best.epoch >= self.patience:
            self.ending = PATIENCE_ENDED

    def _report(self, logs: Logs) -> None:
        self.emit(events.Metrics("block", self.now.step, self.now.epoch, logs, {}, self.optimizers.rate, self.speed))
        self._progress("paused" if self.paused else "running")

    def _progress(self, state: str) -> None:
        seconds = self.earlier + self._since_start(time.perf_counter())
        left = (self.steps - self.now.step) * seconds / self.now.step if self.now.step else None
        self.emit(events.Progress(state, self.now.step, self.steps, self.now.epoch, self.epochs, seconds, left, self.speed))

    def _look(self, always: bool = False) -> None:
        """Show attention, pictures and what goes on inside where it is time to."""
        if always or self.lens_clock.due():
            with self.lens_clock:
                if (attention := self.session.lens.read(self.now.step)) is not None:
                    self.emit(attention)
        if always or self.picture_clock.due():
            with self.picture_clock:
                for event in self.session.observer.observe(self.now.step):
                    self.emit(event)
        if always or self.inside_clock.due():
            with self.inside_clock:
                if (inside := self.session.inside.read(self.now.step, *self.session.lens.probe)) is not None:
                    self.emit(inside)
        for lens, clock in zip(self.session.lenses, self.lens_clocks, strict=True):
            if always or clock.due():
                with clock:
                    if (seen := lens.read(self.now.step)) is not None:
                        self.emit(seen)

    @property
    def paused(self) -> bool:
        """Whether it waits for a command."""
        return self.allowed == 0

    def _listen(self) -> None:
        """Take all commands that wait; while paused, wait for the next."""
        while not self.ending:
            try:
                command = self.inbox.get(block=self.paused)
            except Empty:
                return
            self._obey(command)

    def _take_commands(self, seconds: float) -> None:
        """Wait so long, or until a command comes, and obey it."""
        try:
            self._obey(self.inbox.get(timeout=seconds))
        except Empty:
            return

    def _obey(self, command: Command) -> None:
        match command:
            case events.Pause():
                self.allowed = 0
                self._progress("paused")
            case events.Continue():
                self.allowed = None
                self._progress("running")
            case events.Step(count):
                self.allowed = max(1, count)
            case events.Finish():
                self.ending = "finished"
            case events.Stop():
                self.ending = "stopped"
            case events.Quit():
                self.ending = "stopped"
                self.inbox.put(command)
            case events.SetRate(rate):
                self._attempt(lambda: self.optimizers.set_rate(rate))
            case events.SetParameter(name, value):
                self._attempt(lambda: self._set_parameter(name, value))
            case events.Probe(index, text):
                self.session.lens.watch(index, text)
                self.lens_clock.reset()
                self.inside_clock.reset()
                if self.paused:
                    self._look()
            case events.Plane(across, up):
                self._attempt(lambda: self.session.regions.turn(across, up))
                for clock in self.lens_clocks:
                    clock.reset()
                if self.paused:
                    self._look()
            case _ if self.answer is not None:
                self.answer(command, self.session)

    def _attempt(self, change: Callable[[], None]) -> None:
        try:
            change()
        except TrainingProblem as error:
            self.emit(events.Log(str(error), "error"))

    def _set_parameter(self, name: str, value: object) -> None:
        known = {parameter.name: parameter for parameter in self.session.recipe.RECIPE.parameters if parameter.live}
        if name not in known:
            raise TrainingProblem(f"{name} can't be changed while training; {', '.join(known) or 'nothing'} can.")
        if sentence := known[name].problem(value):
            raise TrainingProblem(sentence)
        setattr(self.trainer, name, value)
        self.loop.trace()
