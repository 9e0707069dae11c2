"""A training that is killed at a random step and resumed ends with the weights, to the bit, of one that was never interrupted."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from ml import catalog, events
from ml.events import Command
from ml.project.project import Choice, Project
from tests.faults.promises import times
from tests.faults.trainers import Trainers

EPOCHS = 2


def project(template: str, epochs: int = EPOCHS, **training: object) -> Project:
    made = catalog.new(template)
    return msgspec.structs.replace(made, training=msgspec.structs.replace(made.training, epochs=epochs, patience=None, **training))


def straight(trainers: Trainers, folder: Path, made: Project, commands: list[list[Command]] | None = None) -> tuple[str, int]:
    """Train without interruption; the digest of the weights, and how many steps it were."""
    training = trainers.start(folder, made, commands=commands)
    digest = training.ended()
    return digest, max(said.number for said in training.said("Progress"))


def interrupted(trainers: Trainers, folder: Path, made: Project, steps: list[int], commands: list[list[Command]] | None = None) -> str:
    """Train, be killed once at or after each of these steps, and resume; the digest of the weights."""
    training = trainers.start(folder, made, checkpoint_seconds=0.0, commands=commands)
    for step in steps:
        training.until(lambda training=training, step=step: any(said.number >= step and "best" not in said.text for said in training.said("saved")))
        if not training.lives:
            break
        training.kill()
        training = trainers.start(folder, checkpoint_seconds=0.0)
    return training.ended()


def chosen(steps: int, kills: int, chance: random.Random) -> list[int]:
    """Random steps of a run, none so late that nothing is left to do."""
    return sorted(chance.randint(1, max(1, int(steps * 0.8))) for _ in range(kills))


def test_a_changed_rate_a_schedule_and_a_live_parameter_go_on_as_they_were(trainers: Trainers, tmp_path: Path) -> None:
    made = project("vae", schedule=Choice("CosineDecay"))
    commands: list[list[Command]] = [[events.Step(7)], [events.SetRate(0.0004), events.SetParameter("beta", 0.5), events.Continue()]]
    digest, steps = straight(trainers, tmp_path / "straight", made, commands)
    resumed = interrupted(trainers, tmp_path / "killed", made, [max(8, steps // 2)], commands)
    assert resumed == digest


@pytest.mark.slow
@pytest.mark.faults
def test_every_template_resumes_to_the_bit(trainers: Trainers, tmp_path: Path, promise: Callable[[str, str, str], None]) -> None:
    kills, chance, wrong, made = times(2), random.Random(6), [], 0
    for template in catalog.templates():
        digest, steps = straight(trainers, tmp_path / f"{template}-straight", project(template))
        at = chosen(steps, kills, chance)
        resumed = interrupted(trainers, tmp_path / template, project(template), at)
        made += len(at)
        if resumed != digest:
            wrong.append(template)
        print(f"{template}: {steps} steps, killed from {at} on: {'equal' if resumed == digest else 'other weights'}")
    templates = len(catalog.templates())
    promise(
        "exact resume",
        f"all {templates} templates, {EPOCHS} epochs each, SIGKILL at {kills} random steps ({made} kills), resumed each time, against straight through",
        f"{templates - len(wrong)} of {templates} with equal hashes" + (f"; not: {', '.join(wrong)}" if wrong else ""),
    )
    assert not wrong
