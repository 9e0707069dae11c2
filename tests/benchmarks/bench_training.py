"""Training with live updates against a plain script that calls `fit`, in turns in one run."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import keras
import pytest

from ml import catalog
from ml.project.project import Project
from ml.training.session import Session
from tests.benchmarks.conftest import Record
from tests.benchmarks.engine import Process, with_epochs

ROUNDS = 3
SECONDS = 4.0
"""How long one side of a round should take, about."""
WISHES = {"mlp": 8.0, "cnn": 2.0, "gpt": 1.3}


@pytest.mark.parametrize("template", list(catalog.templates()))
def test_steps_per_second_against_fit(template: str, record: Record, tmp_path: Path) -> None:
    project = catalog.new(template)
    fit, epochs = _plain_script(project)
    ratios, ours, theirs = [], [], []
    with Process() as engine:
        for number in range(ROUNDS):
            done = engine.train(with_epochs(project, epochs * max(1, round(WISHES.get(template, 1.0)))), tmp_path / str(number))
            ours.append(done.steps / done.training_seconds)
            theirs.append(fit(epochs))
            ratios.append(ours[-1] / theirs[-1])
    value = (
        f"{statistics.median(ratios):.1f}× ({min(ratios):.1f}–{max(ratios):.1f}): {statistics.median(ours):.0f} against {statistics.median(theirs):.0f} steps/s"
    )
    record("Training against `fit`", f"`{template}`", value, f"≥ {WISHES.get(template, 1.0):g}×")
    assert ratios


def _plain_script(project: Project):
    """A function that trains for some epochs by `fit` and gives steps per second, and how many epochs take `SECONDS`."""
    session = Session(project)
    trainer, _, loop = session.trainer()
    arrays = session.recipe.arrays(session.dataset, "train")
    batch = project.training.batch_size

    def fit(epochs: int) -> float:
        began = time.perf_counter()
        trainer.fit(*arrays, batch_size=batch, epochs=epochs, verbose=1)
        return epochs * loop.steps_per_epoch / (time.perf_counter() - began)

    fit(1)
    return fit, max(2, round(SECONDS * fit(1) / loop.steps_per_epoch))


@pytest.mark.parametrize("name", ["ResNet50"])
def test_first_step_of_a_large_model(name: str, record: Record) -> None:
    """From a model that is there to its first step made: ours traces once, with the optimizer built before."""
    from tests.benchmarks.first_step import first_step

    ours, theirs = first_step(name, "loop"), first_step(name, "fit")
    record("Training against `fit`", f"first step of {name}", f"{ours / theirs:.2f} ({ours:.1f} s against {theirs:.1f} s)", "≤ 0.6")
    assert ours > 0
    assert keras.backend.backend() == "tensorflow"
