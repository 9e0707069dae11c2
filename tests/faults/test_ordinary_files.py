"""No ordinary model is refused: what the templates export and what Keras publishes is opened."""

from __future__ import annotations

import gc
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

import keras
import pytest

from ml import catalog
from ml.build import build
from ml.strangers import ImportProblem, opening, reading

APPLICATIONS = [name for name, thing in vars(keras.applications).items() if inspect.isfunction(thing)]
QUICK = ("MobileNetV3Small", "ConvNeXtTiny", "EfficientNetV2B0")


def exported(folder: Path) -> Iterator[Path]:
    """Every model of every template, as the export writes it."""
    for template in catalog.templates():
        for role, graph in catalog.new(template).models.items():
            file = folder / f"{template}-{role}.keras"
            build(graph, role).model.save(file)
            yield file


def published(name: str, folder: Path) -> Path:
    """One of Keras's own architectures, saved."""
    keras.backend.clear_session()
    gc.collect()
    getattr(keras.applications, name)(weights=None).save(folder / f"{name}.keras")
    return folder / f"{name}.keras"


def test_every_templates_export_passes_as_data(tmp_path: Path) -> None:
    for file in exported(tmp_path):
        read = reading.read(file, tmp_path / f"{file.stem}.h5")
        assert (read.odd, read.strange) == ([], [])


@pytest.mark.parametrize("name", QUICK)
def test_what_keras_publishes_passes_as_data(name: str, tmp_path: Path) -> None:
    read = reading.read(published(name, tmp_path), tmp_path / "weights.h5", machine=2**34)
    assert (read.odd, read.strange) == ([], [])


@pytest.mark.slow
@pytest.mark.faults
def test_no_ordinary_model_is_refused(promise: Callable[[str, str, str], None], tmp_path: Path) -> None:
    refused: list[str] = []
    tried = 0
    for file in (*exported(tmp_path), *(published(name, tmp_path) for name in APPLICATIONS)):
        tried += 1
        try:
            _, found = opening.open_model(file)
            refused += [f"{file.stem}: {sentence}" for sentence in found if not sentence.startswith("No dataset here")]
        except ImportProblem as problem:
            refused.append(str(problem))
        file.unlink()
    promise("ordinary files", f"{tried} models opened: {len(APPLICATIONS)} of keras.applications, the others the templates' exports", f"{len(refused)} refused")
    assert refused == []
