"""A job: train a project into a run's folder, say what happens, and listen between two blocks of steps."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue

from ml import events
from ml.events import Command, Message
from ml.project.project import Project
from ml.runs import Recorder, Run
from ml.training.best import Best
from ml.training.clock import Clock
from ml.training.loop import Logs, weighted_mean
from ml.training.optimizers import TrainingProblem
from ml.training.session import Session

BLOCK_SECONDS = 0.03
"""How long one call of the compiled loop should take: Pause and Stop are answered after it."""
QUICK_SECONDS = 2.0
REPORT_SECONDS = 1 / 30
LENS_SECONDS = 0.4
PICTURE_SECONDS = 0.7

Emit = Callable[[Message], None]
Inbox = SimpleQueue[Command]
Answer = Callable[[Command, Session], None]


def run_job(project: Project, folder: Path, emit: Emit, inbox: Inbox | None = None, answer: Answer | None = None) -> Session:
    """Train `project` to its end, or to the end that a command asks for; the run lies in `folder` then.

    `emit` gets every event, the last is `Done`. Commands that are not the job's own go to `answer`.
    Raises `TrainingProblem` and `FileProblem`.
    """
    run = Run.create(folder, project)
    recorder = Recorder(run)

    def record(event: Message) -> None:
        recorder.write(event)
        emit(event)

    try:
        job = _Job(project, record, inbox or SimpleQueue(), answer)
        done = job.train(run)
        record(done)
        return job.session
    finally:
        recorder.close()


class _Job:
    def __init__(self, project: Project, emit: Emit, inbox: Inbox, answer: Answer | None) -> None:
        self.emit = emit
        self.inbox = inbox
        self.answer = answer
        self.epochs = project.training.epochs
        self.patience = project.training.patience
        emit(events.Progress("preparing", 0, 0, 0, self.epochs, 0.0, None, 0.0))
        self.session = Session(project)
        self.trainer, self.optimizers, self.loop = self.session.trainer()
        self.steps = self.loop.steps_per_epoch * self.epochs
        self.step = 0
        self.epoch = 0
        self.block = 1
        self.speed = 0.0
        self.said = time.perf_counter(), 0
        """When the last report was made, and at which step."""
        self.started: float | None = None
        self.ended = 0.0
        self.allowed: int | None = None
        """Steps that may be made before it pauses; None: all."""
        self.ending = ""
        self.metrics: Logs = {}
        self.best = Best(self.session.models)
        self.lens_clock = Clock(LENS_SECONDS)
        self.picture_clock = Clock(PICTURE_SECONDS)

    def train(self, run: Run) -> events.Done:
        """All epochs, or as many as are wanted; the models are in the run's folder at the end."""
        began = time.perf_counter()
        self.loop.begin(0)
        self._warm_up(began)
        self.said = time.perf_counter(), 0
        while self.epoch < self.epochs and not self.ending:
            self._epoch()
        kept = None
        if self.ending in ("finished", "early stopping") and self.best.epoch is not None:
            kept = self.best.restore()
        self._progress("ending")
        self._look(always=True)
        for role in self.session.models:
            run.put_model(role, self.session.saved(role))
        return events.Done(
            reason=self.ending or "complete",
            steps=self.step,
            training_seconds=self.ended - (self.started or self.ended),
            metrics=self.metrics if kept is None else self.best.metrics,
            run=str(run.folder),
            best_epoch=kept,
        )

    def _warm_up(self, began: float) -> None:
        """Trace what will run, all of it where the model is small, so that nothing is traced while the clock runs; show the start."""
        self.loop.run(0, 0)
        if self.loop.compiled or time.perf_counter() - began < QUICK_SECONDS:
            self.loop.prepare()
        self._look(always=True)

    def _epoch(self) -> None:
        parts: list[tuple[Logs, int]] = []
        waiting: list[tuple[Logs, int]] = []
        self.loop.begin(self.epoch)
        at = 0
        while at < self.loop.steps_per_epoch:
            self._listen()
            if self.ending:
                return
            count = self.loop.steps_of(at, self.block if self.allowed is None else min(self.block, self.allowed))
            logs, samples, seconds = self._run(at, count)
            at += count
            self.step += count
            if self.allowed is not None:
                self.allowed -= count
            parts.append((logs, samples))
            waiting.append((logs, samples))
            self._adapt(count, seconds)
            if self._measure():
                self._report(weighted_mean(waiting))
                waiting = []
            self._look()
        self.epoch += 1
        self._end_epoch(weighted_mean(parts))

    def _measure(self) -> bool:
        """Whether it is time for a report, epochs however short; then the speed since the last one is known."""
        now = time.perf_counter()
        said, step = self.said
        if now - said < REPORT_SECONDS and not self.paused:
            return False
        self.speed = (self.step - step) / max(now - said, 1e-6)
        self.said = now, self.step
        return True

    def _run(self, at: int, count: int) -> tuple[Logs, int, float]:
        before = time.perf_counter()
        logs, samples = self.loop.run(at, count)
        after = time.perf_counter()
        if self.started is None:
            self.started = after
        self.ended = after
        wrong = [name for name, value in logs.items() if not math.isfinite(value)]
        if wrong:
            raise TrainingProblem(
                f"At step {self.step + count} {wrong[0]} is no longer a finite number, so the training can't go on. "
                f"Try a smaller learning rate than {self.optimizers.rate:g}, or clip the gradients (the optimizer's clipnorm)."
            )
        return logs, samples, after - before

    def _adapt(self, count: int, seconds: float) -> None:
        """Make blocks as long as `BLOCK_SECONDS`: double while they are short, cut where they are long."""
        if self.step > count and count == self.block:
            self.block = max(1, min(self.block * 2, int(self.block * BLOCK_SECONDS / max(seconds, 1e-6))))

    def _end_epoch(self, train: Logs) -> None:
        validation = self.loop.evaluate()
        self.metrics = train | {f"val_{name}": value for name, value in validation.items()}
        rate = self.optimizers.rate
        if self._measure():
            self._progress("paused" if self.paused else "running")
        self.emit(events.Metrics("epoch", self.step, self.epoch, train, validation, rate, self.speed))
        self.ended = time.perf_counter()
        self.best.offer(self.epoch, self.metrics)
        if self.patience is not None and self.best.epoch is not None and self.epoch - self.best.epoch >= self.patience:
            self.ending = "early stopping"

    def _report(self, logs: Logs) -> None:
        self.emit(events.Metrics("block", self.step, self.epoch, logs, {}, self.optimizers.rate, self.speed))
        self._progress("paused" if self.paused else "running")

    def _progress(self, state: str) -> None:
        seconds = time.perf_counter() - self.started if self.started else 0.0
        left = (self.steps - self.step) * seconds / self.step if self.step else None
        self.emit(events.Progress(state, self.step, self.steps, self.epoch, self.epochs, seconds, left, self.speed))

    def _look(self, always: bool = False) -> None:
        """Show attention and pictures where it is time to."""
        if always or self.lens_clock.due():
            with self.lens_clock:
                attention = self.session.lens.read(self.step)
                if attention is not None:
                    self.emit(attention)
        if always or self.picture_clock.due():
            with self.picture_clock:
                for event in self.session.observer.observe(self.step):
                    self.emit(event)

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
