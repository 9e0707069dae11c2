"""How a template proves what it says of itself: the number of its weights, and what it learns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np

from ml import catalog
from ml.check import Checker
from ml.events import Done
from ml.project.report import weights
from ml.training.job import run_job
from ml.training.session import Session

SECONDS = 60
"""In which every `lite` preset is trained on two cores."""


def trained_weights(template: str, preset: str = "paper", settings: dict[str, Any] | None = None) -> dict[str, int]:
    """The trained weights of each role, as papers count them: without the moving averages of batch normalization and the statistics of `Normalization`."""
    report = Checker().check(catalog.new(template, preset, settings))
    assert report.errors == 0
    return {role: weights(nodes)[1] for role, nodes in report.roles.items()}


def all_weights(template: str, preset: str = "paper", settings: dict[str, Any] | None = None) -> dict[str, int]:
    """All weights of each role, as Keras counts them: `Model.count_params`."""
    report = Checker().check(catalog.new(template, preset, settings))
    assert report.errors == 0
    return {role: weights(nodes)[0] for role, nodes in report.roles.items()}


def trained(template: str, folder: Path, settings: dict[str, Any] | None = None) -> tuple[Session, Done]:
    """The lite preset, trained to its end as a person would, within the time that every template has."""
    heard: list[Any] = []
    session = run_job(catalog.new(template, settings=settings), folder / "run", heard.append)
    done = heard[-1]
    assert isinstance(done, Done)
    return session, done


def held_out(session: Session) -> tuple[np.ndarray, np.ndarray]:
    """What the model says (n, …) of samples that made no step, and what is right: the test part, and with it the validation part, for both are small."""
    x, y = (np.concatenate(parts) for parts in zip(*(session.dataset.part(name) for name in ("validation", "test")), strict=True))
    said = keras.tree.flatten(session.models["model"].predict(x, verbose=0))[0]  # the first output is the answer
    return keras.ops.convert_to_numpy(said), y


def held_out_accuracy(session: Session) -> float:
    """The share of labels that are right."""
    said, labels = held_out(session)
    return float(np.mean((said[:, 0] > 0.5 if said.shape[1] == 1 else said.argmax(axis=1)) == labels))
