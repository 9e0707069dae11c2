"""What was downloaded is trained on like anything else."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from ml import catalog, data
from ml.codegen import script
from ml.events import Done
from ml.training.job import run_job
from ml.training.optimizers import TrainingProblem
from ml.training.session import Session
from tests.ml.data.some_downloads import here, point_to

pytestmark = pytest.mark.usefixtures("without_xla")

__all__ = ["here"]
REVIEWS = {"data": "imdb", "data.num_words": 100, "data.maxlen": 12, "units": [4], "width": 4, "training.epochs": 1}


@pytest.mark.usefixtures("here")
def test_words_are_learned_from(tmp_path: Path) -> None:
    heard = []
    session = run_job(catalog.new("lstm", settings=REVIEWS), tmp_path / "run", heard.append)
    assert isinstance(heard[-1], Done)
    assert session.models["model"].output_shape == (None, 2)


@pytest.mark.parametrize(("id", "template"), [("mnist", "mlp"), ("cifar100", "cnn"), ("reuters", "lstm"), ("california_housing", "mlp")])
@pytest.mark.usefixtures("here")
def test_a_script_has_the_same_samples_in_the_same_parts(id: str, template: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(here))
    monkeypatch.setattr("keras.src.utils.file_utils.validate_file", lambda *_, **__: True)
    project = catalog.new(template, settings={"data": id})
    borrowed = script._data(project)
    there = ModuleType("there")
    exec("\n".join(dict.fromkeys((*borrowed.imports, "import numpy as np"))) + "\n" + borrowed.source, there.__dict__)
    ours = data.load(project.data)
    for part, (x, y) in there.parts().items():
        assert np.array_equal(x, ours.part(part)[0])
        assert np.array_equal(y, ours.part(part)[1])


def test_without_the_data_nothing_is_trained_and_it_is_said_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    point_to(tmp_path, monkeypatch)
    with pytest.raises(TrainingProblem, match="CIFAR-10 is not on this machine yet: download it in the Data panel"):
        Session(catalog.new("cnn", settings={"data": "cifar10"}))
