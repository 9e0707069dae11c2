"""Optimizers and schedules as a project names them, with a learning rate that can be changed while they run."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras

from ml.project.parameters import problem
from ml.project.project import Choice, Training
from ml.tables import OPTIMIZERS, SCHEDULES

RATE_OF_SCHEDULE = ("initial_learning_rate",)
STEPS_OF_SCHEDULE = ("decay_steps", "first_decay_steps")


class TrainingProblem(Exception):
    """Settings that training can't start or go on with, as a sentence."""


class Scaled(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule times a factor that can be set while it runs."""

    def __init__(self, schedule: keras.optimizers.schedules.LearningRateSchedule) -> None:
        self.schedule = schedule
        self.factor = keras.Variable(1.0, trainable=False, name="rate_factor")

    def __call__(self, step: Any) -> Any:
        return self.schedule(step) * self.factor

    def get_config(self) -> dict[str, Any]:
        return {"schedule": keras.optimizers.schedules.serialize(self.schedule)}


class Optimizers:
    """Makes the optimizers of a run, all with the same settings, and steers their learning rate."""

    def __init__(self, training: Training, total_steps: int) -> None:
        self._choice = training.optimizer
        self._schedule = training.schedule
        self._total_steps = total_steps
        self.made: list[keras.optimizers.Optimizer] = []

    def __call__(self, variables: Sequence[keras.Variable]) -> keras.optimizers.Optimizer:
        """A fresh optimizer, built for these variables. Raises `TrainingProblem`."""
        arguments = _arguments(self._choice, OPTIMIZERS, "optimizer")
        if self._schedule is not None:
            arguments["learning_rate"] = Scaled(_schedule(self._schedule, arguments.get("learning_rate", 1e-3), self._total_steps))
        optimizer = getattr(keras.optimizers, self._choice.id)(**arguments)
        optimizer.build(list(variables))
        self.made.append(optimizer)
        return optimizer

    @property
    def rate(self) -> float:
        """The learning rate of the next step."""
        return float(keras.ops.convert_to_numpy(self.made[0].learning_rate)) if self.made else 0.0

    def set_rate(self, rate: float) -> None:
        """Train with this learning rate from now on; a schedule goes on from it in proportion. Raises `TrainingProblem`."""
        if not 0 <= rate < math.inf:
            raise TrainingProblem(f"The learning rate must be 0 or more, not {rate:g}.")
        for optimizer in self.made:
            schedule = optimizer._learning_rate  # the only way to the schedule itself: `learning_rate` gives its value
            if isinstance(schedule, Scaled):
                planned = float(keras.ops.convert_to_numpy(schedule.schedule(optimizer.iterations)))
                if not planned and rate:
                    raise TrainingProblem(f"The schedule's rate is 0 at this step, and what goes on from that in proportion stays 0: it can't be {rate:g} now.")
                schedule.factor.assign(rate / planned if planned else 1.0)
            else:
                optimizer.learning_rate = rate

    @contextmanager
    def held(self) -> Iterator[list[tuple[Any, keras.Variable]]]:
        """Within, optimizers change nothing: the gradients that they are given, each with its variable, go into the list."""
        given: list[tuple[Any, keras.Variable]] = []
        for optimizer in self.made:
            optimizer.apply_gradients = given.extend
        try:
            yield given
        finally:
            for optimizer in self.made:
                del optimizer.apply_gradients

    @property
    def variables(self) -> list[keras.Variable]:
        """Everything that the optimizers remember from step to step."""
        schedules = [optimizer._learning_rate for optimizer in self.made]  # as in `set_rate`
        factors = [schedule.factor for schedule in schedules if isinstance(schedule, Scaled)]
        return [variable for optimizer in self.made for variable in optimizer.variables] + factors


def _arguments(choice: Choice, table: dict[str, Any], what: str) -> dict[str, Any]:
    if choice.id not in table:
        raise TrainingProblem(f"There is no {what} {choice.id!r}; there are: {', '.join(table)}.")
    if sentence := problem(table[choice.id].parameters, choice.arguments):
        raise TrainingProblem(f"The {what} {choice.id}: {sentence}")
    real = {parameter.name for parameter in table[choice.id].parameters if parameter.kind == "float"}
    return {name: float(value) if name in real and value is not None else value for name, value in choice.arguments.items()}  # of a rate Keras wants no 1


def _schedule(choice: Choice, rate: float, total_steps: int) -> keras.optimizers.schedules.LearningRateSchedule:
    """The schedule; where it is left open, it starts at the optimizer's rate and lasts as long as the run."""
    if choice.id not in SCHEDULES:
        raise TrainingProblem(f"There is no schedule {choice.id!r}; there are: {', '.join(SCHEDULES)}.")
    names = {parameter.name for parameter in SCHEDULES[choice.id].parameters}
    defaults = {name: rate for name in RATE_OF_SCHEDULE if name in names} | {name: max(1, total_steps) for name in STEPS_OF_SCHEDULE if name in names}
    arguments = _arguments(Choice(choice.id, defaults | choice.arguments), SCHEDULES, "schedule")
    return getattr(keras.optimizers.schedules, choice.id)(**arguments)
