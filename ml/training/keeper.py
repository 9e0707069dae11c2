"""Keeps a run so that it can go on: where it is, every variable, and the best weights, as checkpoints and back."""

from __future__ import annotations

import keras
import msgspec
import numpy as np

from ml import data
from ml.runs.checkpoints import State, whole
from ml.runs.recording import Recording
from ml.training.best import Best
from ml.training.loop import NOTHING, Logs
from ml.training.optimizers import Optimizers, TrainingProblem
from ml.training.session import Session
from ml.training.state import assign, fingerprint, of_type, values, variables


class Position(msgspec.Struct):
    """Where a run is: what changes from step to step and is no variable of Keras."""

    step: int = 0
    epoch: int = 0
    """How many epochs are complete."""
    at: int = 0
    """How many steps of the present epoch are made."""
    seen: tuple[Logs, int] = NOTHING
    """The present epoch's metrics so far, and of how many samples they are."""
    metrics: Logs = {}
    """The last epoch's."""
    seconds: float = 0.0
    """How long it has trained."""


class Keeper:
    """Writes and reads the checkpoints of a job."""

    def __init__(self, recording: Recording, session: Session, trainer: keras.Model, optimizers: Optimizers, best: Best) -> None:
        self.recording, self.session, self.trainer, self.best = recording, session, trainer, best
        self._variables = variables(trainer, session.models, optimizers.variables)
        self._data = fingerprint(session.dataset)
        self._best_kept: int | None = None
        self.last: int | None = None
        """The step of the last checkpoint."""

    def save(self, position: Position) -> None:
        """Write the best weights, where they are new, and then what the run is now. Raises `FileProblem`."""
        if self.best.epoch is not None and self.best.epoch != self._best_kept:
            self.recording.checkpoints.save(self._best_state(), position.step, position.epoch, best=True)
            self._best_kept = self.best.epoch
        live = {name: getattr(self.trainer, name) for name in self._live()}
        meta = {"position": msgspec.to_builtins(position), "live": live, "best_epoch": self.best.epoch, "data": self._data}
        self.recording.checkpoints.save(State(values(self._variables), meta), position.step, position.epoch)
        self.last = position.step

    def not_finite(self) -> str:
        """The first of the models' weights that is no longer a finite number, as a sentence; nothing where all are."""
        for role, model in self.session.models.items():
            for variable in model.trainable_variables:
                if not np.isfinite(keras.ops.convert_to_numpy(variable)).all():
                    return f"The {role}'s weights {variable.path} are no longer finite numbers."
        return ""

    def restore(self, state: State) -> Position:
        """Be again what the run was at a checkpoint; where that is. Raises `TrainingProblem` where the data or the models are others."""
        try:
            if state.meta["data"] != self._data:
                name = data.name(self.session.project.data)
                raise TrainingProblem(f"The data {name} are not those that the run began with, so it can't go on: bring them back, or begin a new run.")
            assign(self._variables, state.arrays)
            for name in self._live():
                setattr(self.trainer, name, state.meta["live"][name])
            if state.meta["best_epoch"] is not None:
                self._restore_best(state.meta["best_epoch"])
            position = msgspec.convert(state.meta["position"], Position)
        except (KeyError, TypeError, ValueError, msgspec.ValidationError) as error:
            raise TrainingProblem(f"The checkpoint in {self.recording.run.folder} is not one of this project ({error}): begin a new run.") from error
        self.last = position.step
        return position

    def _restore_best(self, epoch: int) -> None:
        """Take the best weights that the checkpoint knew of; later ones may have been found by what was lost with the process."""
        run = self.recording.run
        for _, state in whole(run.folder, run.record, best=True):
            if state.meta["epoch"] == epoch:
                weights = {role: self._weights(role, state) for role in self.session.models}
                self.best.take(epoch, state.meta["metrics"], weights)
                self._best_kept = epoch
                return

    def _weights(self, role: str, state: State) -> list[np.ndarray]:
        now = self.session.models[role].get_weights()
        return [of_type(state.arrays[f"{role}/{index}"], array) for index, array in enumerate(now)]

    def _best_state(self) -> State:
        arrays = {f"{role}/{index}": array for role, weights in self.best.weights.items() for index, array in enumerate(weights)}
        return State(arrays, {"epoch": self.best.epoch, "metrics": self.best.metrics})

    def _live(self) -> list[str]:
        return [parameter.name for parameter in self.session.recipe.RECIPE.parameters if parameter.live]
