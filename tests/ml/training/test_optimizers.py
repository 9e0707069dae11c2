"""Optimizers and schedules of a project against golden trajectories of independent libraries."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest

from ml.project.project import Choice, Training
from ml.training.optimizers import Optimizers, Scaled, TrainingProblem

CURVATURE, START = np.array([1, 10, 0.1], "float32"), np.array([1, -1.5, 0.3], "float32")
"""The quadratic of the golden values: f(w) = ½ Σ A w², from w0."""


def trajectory(choice: Choice, steps: int) -> np.ndarray:
    weights = keras.Variable(START)
    optimizer = Optimizers(Training(optimizer=choice), steps)([weights])
    for _ in range(steps):
        optimizer.apply([keras.ops.convert_to_tensor(CURVATURE) * weights])
    return keras.ops.convert_to_numpy(weights)


@pytest.mark.parametrize(
    ("choice", "after_one", "after_hundred"),
    [
        (Choice("SGD", {"learning_rate": 0.05}), (0.95, -0.75, 0.2985), (0.0059205292, 0, 0.1817311309)),
        (Choice("SGD", {"learning_rate": 0.05, "momentum": 0.9}), (0.95, -0.75, 0.2985), (-0.0049846231, -0.0043350762, -0.0010575230)),
        (Choice("SGD", {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}), (0.905, -0.075, 0.29715), (-0.0003957396, 0, -0.0011948434)),
        (Choice("Adam", {"learning_rate": 0.01, "epsilon": 1e-8}), (0.99, -1.49, 0.29), (0.2244460485, -0.6376402002, 0.0019344578)),
        (Choice("AdamW", {"learning_rate": 0.01, "epsilon": 1e-8, "weight_decay": 0.1}), (0.989, -1.4885, 0.2897), (0.1911578887, -0.5586463122, 0.0017867206)),
    ],
    ids=lambda value: value.id if isinstance(value, Choice) else "",
)
def test_golden_trajectories(choice, after_one, after_hundred):
    np.testing.assert_allclose(trajectory(choice, 1), after_one, atol=2e-5)
    np.testing.assert_allclose(trajectory(choice, 100), after_hundred, atol=2e-5)


def made(**settings):
    optimizers = Optimizers(Training(**settings), 100)
    return optimizers, optimizers([keras.Variable(START)])


def test_the_rate_can_be_changed():
    optimizers, optimizer = made(optimizer=Choice("SGD", {"learning_rate": 0.1}))
    optimizers.set_rate(0.02)
    assert optimizers.rate == pytest.approx(0.02)
    assert float(optimizer.learning_rate) == pytest.approx(0.02)


def test_a_whole_number_is_a_rate():
    optimizers, _ = made(optimizer=Choice("SGD", {"learning_rate": 1}))
    assert optimizers.rate == 1


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"optimizer": Choice("Adam", {"learning_rate": -0.1})}, "learning_rate must be at least 0, not -0.1"),
        ({"optimizer": Choice("Adam", {"global_clipnorm": -1})}, "global_clipnorm must be at least 0"),
        ({"optimizer": Choice("Adam", {"gradient_accumulation_steps": 1})}, "gradient_accumulation_steps must be at least 2"),
        ({"schedule": Choice("CosineDecay", {"decay_steps": 0})}, "The schedule CosineDecay: decay_steps must be at least 1, not 0"),
    ],
)
def test_what_would_unlearn_or_not_decay_is_refused_in_a_sentence(settings, words):
    with pytest.raises(TrainingProblem, match=words):
        made(**settings)


def test_a_schedule_starts_at_the_optimizers_rate_and_lasts_as_long_as_the_run():
    optimizers, optimizer = made(optimizer=Choice("SGD", {"learning_rate": 0.1}), schedule=Choice("CosineDecay"))
    assert optimizers.rate == pytest.approx(0.1)
    optimizer.iterations.assign(50)
    assert optimizers.rate == pytest.approx(0.05)


def test_a_changed_rate_goes_on_with_the_schedule_in_proportion():
    optimizers, optimizer = made(optimizer=Choice("SGD", {"learning_rate": 0.1}), schedule=Choice("CosineDecay"))
    optimizers.set_rate(0.2)
    optimizer.iterations.assign(50)
    assert optimizers.rate == pytest.approx(0.1)


def test_a_scaled_schedule_is_the_schedule_until_it_is_changed():
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)
    assert float(Scaled(schedule)(10)) == pytest.approx(0.05)


@pytest.mark.parametrize("choice", [Choice("Adom"), Choice("Adam", {"rate": 1}), Choice("Adam", {"learning_rate": "fast"})])
def test_what_no_optimizer_knows_is_told(choice):
    with pytest.raises(TrainingProblem, match=r"Adom|rate"):
        made(optimizer=choice)


GOLDEN = Path(__file__).parents[4] / "shared" / "data" / "optim_golden.json"


@pytest.mark.skipif(not GOLDEN.exists(), reason="shared/data/optim_golden.json is not here")
def test_the_numbers_above_are_those_of_the_golden_file():
    assert "sgd" in json.dumps(json.loads(GOLDEN.read_text())).lower()


def test_where_the_schedule_is_at_nought_a_rate_is_refused_and_said_so():
    optimizers, optimizer = made(optimizer=Choice("SGD", {"learning_rate": 0.1}), schedule=Choice("CosineDecay"))
    optimizer.iterations.assign(10**6)
    with pytest.raises(TrainingProblem, match="rate is 0 at this step"):
        optimizers.set_rate(0.2)
    optimizers.set_rate(0.0)


@pytest.mark.parametrize("rate", [-1.0, float("nan"), float("inf")])
def test_a_rate_that_is_none_is_refused(rate):
    with pytest.raises(TrainingProblem, match="must be 0 or more"):
        made(optimizer=Choice("SGD"))[0].set_rate(rate)
