"""Which engine does what: a warm one answers checks and requests, a job takes it for itself, and the next one warms up."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from app.engine import Engine
from app.training import TrainingThread
from ml.events import (
    Check,
    Checked,
    Done,
    Export,
    Failed,
    Generate,
    Message,
    OpenRun,
    Preview,
    Probe,
    Progress,
    Ready,
    Refused,
    Resume,
)
from ml.project.project import Project

Callback = Callable[[Message], None]
Request = Check | Preview | Export | Generate
DEBOUNCE_MILLISECONDS = 60
LEAVE_MILLISECONDS = 3000


class Engines(QObject):
    """Owns every engine of a window. `close` ends them all."""

    status_changed = Signal(str, bool)
    """How the warm engine is, as a quiet line, and whether that is a problem."""
    checked = Signal(object)
    """The `ProjectReport` of the latest project."""
    arrived = Signal(object)
    """A list of the job's events."""
    unforeseen = Signal(object)
    """An event with details for a bug report: a `Failed` or `Refused`."""
    state_changed = Signal(str)
    """What the job does: `preparing`, `running`, `paused`, `ending`, or `ended`."""

    def __init__(self, parent: QObject | None = None, make: Callable[[], Engine] = Engine) -> None:
        super().__init__(parent)
        self.state = "ended"
        self.thread_of_job: TrainingThread | None = None
        self._make = make
        self._warm: Engine | None = None
        self._leaving: list[TrainingThread] = []
        self._id = self._check_id = 0
        self._waiting: dict[int, tuple[Callback, QObject]] = {}
        self._project: Project | None = None
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MILLISECONDS)
        self._timer.timeout.connect(self._send_check)

    @property
    def is_training(self) -> bool:
        """Whether a job is under way."""
        return self.state != "ended"

    def start(self) -> None:
        """Start a warm engine, and give it what the last one did not answer."""
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
        about_run = isinstance(command, Generate | Probe) or (isinstance(command, Export) and command.project is None and not command.run)
        if about_run:
            asked: TrainingThread | Engine | None = self.thread_of_job
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
        self._job().start_job(project, run)
        self._set_state("preparing")

    def resume(self, run: str) -> None:
        """Go on with an earlier run on the warm engine, as `train` begins one."""
        thread = self._job()
        thread.send(Resume(run))
        thread.start()
        self._set_state("preparing")

    def open_run(self, run: str) -> None:
        """Load a finished run's models, as if its job had just ended."""
        thread = self._job()
        thread.send(OpenRun(run))
        thread.start()

    def tell(self, command: Message) -> None:
        """Send a command to the job: pause, step, another learning rate."""
        if self.thread_of_job is not None:
            self.thread_of_job.send(command)

    def close(self) -> None:
        """End every engine, and wait for it."""
        self._timer.stop()
        self._project = None
        self._dismiss()
        if self._warm is not None:
            self._warm.end()
            self._warm = None
        for thread in self._leaving:
            thread.end(LEAVE_MILLISECONDS)

    def _job(self) -> TrainingThread:
        """A job's thread around the warm engine; the next engine starts, the last job's goes."""
        self._dismiss()
        if self._warm is None:
            self.start()
        engine = self._warm
        assert engine is not None
        engine.died.disconnect(self._warm_died)
        engine.arrived.disconnect(self._warm_arrived)
        thread = self.thread_of_job = TrainingThread(engine)
        for number, (callback, asked) in self._waiting.items():
            if asked is engine:
                self._waiting[number] = callback, thread
        thread.arrived.connect(self._job_arrived)
        thread.died.connect(self._job_died)
        self.start()
        return thread

    def _dismiss(self) -> None:
        """Let the last job's engine go."""
        thread, self.thread_of_job = self.thread_of_job, None
        if thread is None:
            return
        thread.arrived.disconnect(self._job_arrived)
        thread.died.disconnect(self._job_died)
        self._forget(thread, "The run has ended.")
        thread.leave()
        self._see_off(thread)
        self._set_state("ended")

    def _see_off(self, thread: TrainingThread) -> None:
        """Keep a thread until it has ended: Qt aborts when a running one is destroyed."""
        self._leaving = [*(each for each in self._leaving if not each.isFinished()), thread]

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

    def _job_arrived(self, events: list[Message]) -> None:
        for event in events:
            if isinstance(event, Progress):
                self._set_state(event.state)
            elif isinstance(event, Done | Failed):
                self._set_state("ended")
            self._answer(event)
        self.arrived.emit(events)

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

    def _job_died(self, sentence: str) -> None:
        thread, self.thread_of_job = self.thread_of_job, None
        was_training = self.is_training
        self._set_state("ended")
        if thread is not None:
            self._forget(thread, sentence)
            self._see_off(thread)
        if was_training:
            self.arrived.emit([Failed(sentence)])

    def _forget(self, asked: QObject, reason: str) -> None:
        """Refuse what an engine that is gone was asked and did not answer."""
        for number in [number for number, (_, engine) in self._waiting.items() if engine is asked]:
            callback, _ = self._waiting.pop(number)
            callback(Refused(number, reason))

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
