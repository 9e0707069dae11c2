"""Which engine does what: a warm one answers checks and requests, each job takes one for itself, and the next one warms up."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from app.engine import Engine
from app.job import Job
from app.training import TrainingThread
from ml.connection import Door
from ml.events import (
    Attach,
    Check,
    Checked,
    Export,
    Failed,
    Generate,
    Message,
    OpenRun,
    Plane,
    Preview,
    Probe,
    Ready,
    Refused,
    Resume,
    Train,
)
from ml.project.project import Project

Callback = Callable[[Message], None]
Request = Check | Preview | Export | Generate
DEBOUNCE_MILLISECONDS = 60
END_MILLISECONDS = 3000
"""How long an engine has to go by itself."""
LEAVE_MILLISECONDS = 15_000
"""How long one that is not up yet has until it has been given its job, when the window goes."""


class Engines(QObject):
    """Owns every engine of a window. `close` ends them all."""

    status_changed = Signal(str, bool)
    """How the warm engine is, as a quiet line, and whether that is a problem."""
    checked = Signal(object)
    """The `ProjectReport` of the latest project."""
    arrived = Signal(str, object)
    """A run's folder, and a list of its events."""
    state_changed = Signal(str, str)
    """A run's folder, and what it does: `preparing`, `running`, `paused`, `ending`, or `ended`."""
    unforeseen = Signal(object)
    """An event with details for a bug report: a `Failed` or `Refused`."""

    def __init__(self, parent: QObject | None = None, make: Callable[..., Engine] = Engine) -> None:
        super().__init__(parent)
        self.jobs: dict[str, Job] = {}
        """The runs that engines of this window have in hand, or whose models they keep, by folder."""
        self.shown = ""
        """The run that is meant where a question or a command names none."""
        self._make = make
        self._warm: Engine | None = None
        self._leaving: list[TrainingThread] = []
        self._id = secrets.randbits(31) << 32  # other windows may ask the same engine
        self._check_id = 0
        self._waiting: dict[int, tuple[Callback, QObject]] = {}
        self._project: Project | None = None
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MILLISECONDS)
        self._timer.timeout.connect(self._send_check)

    @property
    def state(self) -> str:
        """What the shown run does."""
        job = self.jobs.get(self.shown)
        return job.state if job is not None else "ended"

    @property
    def is_training(self) -> bool:
        """Whether the shown run is under way."""
        return self.state != "ended"

    @property
    def under_way(self) -> list[Job]:
        """The runs that are under way, the first begun first."""
        return [job for job in self.jobs.values() if job.is_under_way]

    def start(self) -> None:
        """Start a warm engine where there is none, and give it what the last one did not answer."""
        if self._warm is not None:
            return
        self._warm = self._make()
        self._warm.arrived.connect(self._warm_arrived)
        self._warm.died.connect(self._warm_died)
        self.status_changed.emit("Engine: starting…", False)
        self._warm.start()
        if self._project is not None:
            self._send_check()

    def check(self, project: Project) -> None:
        """Have a project checked, when no other comes within the next moment."""
        self._project = project
        self._timer.start()

    def request(self, command: Message, callback: Callback) -> None:
        """Ask, and have `callback` called with the event that answers, a `Refused` where nobody can.

        Questions about a run's models go to its engine, the others to the warm one.
        """
        about_run = isinstance(command, Generate | Probe | Plane) or (isinstance(command, Export) and command.project is None and not command.run)
        if about_run:
            job = self.jobs.get(self.shown)
            asked: TrainingThread | Engine | None = job.training if job is not None else None
            reason = "There is no trained model to ask yet: train one first."
        else:
            asked, reason = self._warm, "The engine is not running: restart it from the status bar."
        if not isinstance(command, Request):
            if asked is not None:
                asked.send(command)
        elif asked is None:
            callback(Refused(command.id, reason))
        else:
            self._id += 1
            self._waiting[self._id] = callback, asked
            asked.send(replace(command, id=self._id))

    def train(self, project: Project, run: str) -> None:
        """Start a job on the warm engine, and warm up the next one."""
        self._begin(run, Train(project, run), "preparing")

    def resume(self, run: str, epochs: int | None = None) -> None:
        """Go on with an earlier run on the warm engine, as `train` begins one, to its own end or to `epochs`."""
        self._begin(run, Resume(run, epochs), "preparing")

    def open_run(self, run: str) -> None:
        """Load a finished run's models, as if its job had just ended."""
        self._begin(run, OpenRun(run), "ended")

    def attach(self, run: str, door: Door | None = None) -> None:
        """Look at a run that is under way, from its beginning: one of this window's, or behind a door one of another's or of none."""
        job = self.jobs.get(run)
        if job is None:
            job = self._add(run, TrainingThread(self._make(door=door)), "running")
            job.training.engine.start()
            job.training.start()
        job.training.send(Attach())

    def tell(self, command: Message, run: str = "") -> None:
        """Send a command to a job: pause, step, another learning rate."""
        job = self.jobs.get(run or self.shown)
        if job is not None:
            job.training.send(command)

    def rest(self) -> None:
        """Let the engines go that only keep the models of runs that are not shown."""
        for job in [job for job in self.jobs.values() if not job.is_under_way and job.folder != self.shown]:
            self._dismiss(job)

    def close(self, leave: bool = False) -> None:
        """End every engine, and wait for it; with `leave` those go on that have a run under way."""
        self._timer.stop()
        self._project = None
        going = [job for job in self.under_way if leave]
        for job in going:
            self._remove(job, "The window is closed.")
        for job in list(self.jobs.values()):
            self._dismiss(job)
        if self._warm is not None:
            self._warm.end()
            self._warm = None
        for job in going:
            job.training.part(LEAVE_MILLISECONDS)
        for thread in self._leaving:
            thread.end(END_MILLISECONDS)

    def _begin(self, run: str, command: Message, state: str) -> None:
        """Give a command to the warm engine, which is the run's from now on; the next one warms up."""
        if run in self.jobs:
            self._dismiss(self.jobs[run])
        self.start()
        engine, self._warm = self._warm, None
        assert engine is not None
        engine.died.disconnect(self._warm_died)
        engine.arrived.disconnect(self._warm_arrived)
        job = self._add(run, TrainingThread(engine), state)
        for number, (callback, asked) in self._waiting.items():
            if asked is engine:
                self._waiting[number] = callback, job.training
        job.training.send(command)
        job.training.start()
        self.start()
        if state != "ended":
            self.state_changed.emit(run, state)

    def _add(self, run: str, thread: TrainingThread, state: str) -> Job:
        job = self.jobs[run] = Job(run, thread, state, self)
        job.arrived.connect(self._job_arrived)
        job.died.connect(self._job_died)
        job.state_changed.connect(self.state_changed)
        return job

    def _dismiss(self, job: Job) -> None:
        """Let a job's engine go."""
        self._remove(job, "The run has ended.")
        job.training.dismiss()
        job.enter("ended")

    def _remove(self, job: Job, reason: str) -> None:
        """Hear no more of a job; its thread is kept until it has ended, for Qt aborts when a running one is destroyed."""
        del self.jobs[job.folder]
        job.release()
        job.deleteLater()
        self._forget(job.training, reason)
        self._leaving = [*(each for each in self._leaving if not each.is_over), job.training]

    def _send_check(self) -> None:
        if self._warm is not None and self._project is not None:
            self._id += 1
            self._check_id = self._id
            self._warm.send(Check(self._id, self._project))

    def _warm_arrived(self, event: Message) -> None:
        match event:
            case Ready(keras=keras, tensorflow=tensorflow):
                self.status_changed.emit(f"Engine ready (Keras {keras}, TensorFlow {tensorflow})", False)
            case Checked(id=number, report=report) if number == self._check_id:
                self.checked.emit(report)
            case _:
                self._answer(event)

    def _job_arrived(self, run: str, events: list[Message]) -> None:
        for event in events:
            self._answer(event)
        self.arrived.emit(run, events)

    def _answer(self, event: Message) -> None:
        if isinstance(event, Failed | Refused) and event.details:
            self.unforeseen.emit(event)
        callback, _ = self._waiting.pop(getattr(event, "id", -1), (None, None))
        if callback is not None:
            callback(event)

    def _warm_died(self, sentence: str) -> None:
        engine, self._warm = self._warm, None
        self.status_changed.emit(sentence, True)
        if engine is not None:
            self._forget(engine, sentence)
            engine.wait()

    def _job_died(self, run: str, sentence: str) -> None:
        job = self.jobs[run]
        was_under_way = job.is_under_way
        self._remove(job, sentence)
        job.enter("ended")
        if was_under_way:
            self.arrived.emit(run, [Failed(sentence)])

    def _forget(self, asked: QObject, reason: str) -> None:
        """Refuse what an engine that is gone was asked and did not answer."""
        for number in [number for number, (_, engine) in self._waiting.items() if engine is asked]:
            callback, _ = self._waiting.pop(number)
            callback(Refused(number, reason))
