"""What is told before a model learns from data that it can't learn from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from ml import catalog, events
from ml.check import Checker
from ml.project.fixes import apply_to_project
from ml.training.job import resume_job, run_job
from ml.training.optimizers import TrainingProblem

pytestmark = pytest.mark.usefixtures("without_xla")

ROWS = "a,b,kind\n" + "".join(f"{n},{n % 7},{'x' if n > 15 else 'y'}\n" for n in range(30))


def test_case_42_softmax_over_one_unit_is_explained_and_mended() -> None:
    project = catalog.new("logistic_regression", settings={"models.model.dense.activation": "softmax"})
    report = Checker().check(project)
    assert report.problems == ("dense is a softmax over one unit, and that gives 1 whatever comes in: nothing can be learned. Use sigmoid.",)
    assert "Set activation of dense to sigmoid" in [fix.text for fix in report.fixes]
    assert Checker().check(apply_to_project(project, report.fixes[0])).errors == 0


def test_data_without_labels_are_not_for_supervised_learning(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((20, 8, 8, 1), "float32"))
    settings = {"data": "arrays", "data.path": str(tmp_path / "x.npy")}
    assert Checker().check(catalog.new("vae", settings=settings)).errors == 0
    with pytest.raises(catalog.SettingProblem, match=r"mlp is for .*, and arrays has no labels"):
        catalog.new("mlp", settings=settings)
    mlp = replace(catalog.new("mlp"), data=catalog.new("vae", settings=settings).data)
    assert "The data has no labels" in Checker().check(mlp).problems[0]


def test_a_file_that_changed_is_named_when_a_run_is_to_go_on(tmp_path: Path) -> None:
    path, said = tmp_path / "table.csv", []
    path.write_text(ROWS)
    project = catalog.new("mlp", settings={"data": "csv", "data.path": str(path), "training.epochs": 1})
    run_job(project, tmp_path / "run", said.append)
    assert isinstance(said[-1], events.Done)
    path.write_text(ROWS.replace("3,3,y", "3,4,y"))
    with pytest.raises(TrainingProblem, match=r"The data .*table\.csv are not those that the run began with"):
        resume_job(tmp_path / "run", said.append, epochs=2)
    path.unlink()
    with pytest.raises(TrainingProblem, match=r"There is no file .*table\.csv"):
        resume_job(tmp_path / "run", said.append, epochs=2)
