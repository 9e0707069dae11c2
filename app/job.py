"""One run that an engine has in hand, or whose models it keeps: its state, and what it says."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.training import TrainingThread
from ml.events import Attached, Done, Failed, Message, Progress


class Job(QObject):
    """Owns the thread of a run's engine. `state` is `preparing`, `running`, `paused`, `ending`, or `ended`."""

    arrived = Signal(str, object)
    """The run's folder, and a list of events."""
    state_changed = Signal(str, str)
    """The run's folder, and what it does now."""
    died = Signal(str, str)
    """The run's folder, and how its engine ended, as a sentence."""

    def __init__(self, folder: str, training: TrainingThread, state: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder, self.training, self.state = folder, training, state
        self.progress: Progress | None = None
        """Where it is."""
        training.arrived.connect(self._take)
        training.died.connect(self._mourn)

    @property
    def is_under_way(self) -> bool:
        """Whether it trains, or is held."""
        return self.state != "ended"

    def enter(self, state: str) -> None:
        """Note what it does now."""
        if state != self.state:
            self.state = state
            self.state_changed.emit(self.folder, state)

    def release(self) -> None:
        """Hear no more of it."""
        self.training.arrived.disconnect(self._take)
        self.training.died.disconnect(self._mourn)

    def _take(self, events: list[Message]) -> None:
        for event in events:
            if isinstance(event, Attached):
                event = event.progress
            if isinstance(event, Progress):
                self.progress = event
                self.enter(event.state)
            elif isinstance(event, Done | Failed):
                self.enter("ended")
        self.arrived.emit(self.folder, events)

    def _mourn(self, sentence: str) -> None:
        self.died.emit(self.folder, sentence)
