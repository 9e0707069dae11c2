"""A run that was killed, archived and restored elsewhere ends as one that was never interrupted, to the bit."""

import shutil

import pytest

from ml.runs.archive import archive
from ml.runs.unarchive import unarchive
from ml.training import clock, job
from ml.training.job import resume_job, run_job
from tests.ml.training.test_resume import killed, project, weights

pytestmark = pytest.mark.usefixtures("without_xla")


@pytest.mark.parametrize("template", ["mlp", pytest.param("vae", marks=pytest.mark.slow), pytest.param("gpt", marks=pytest.mark.slow)])
def test_a_restored_run_goes_on_to_the_bit(template, tmp_path, monkeypatch):
    monkeypatch.setattr(job, "CHECKPOINT_SECONDS", 0.0)
    monkeypatch.setattr(clock, "LOOKING_SHARE", 1e6)
    straight = run_job(project(template, 2), tmp_path / "straight", lambda event: None)
    killed(project(template, 2), tmp_path / "run", 60)
    archive(tmp_path / "run", tmp_path / "run.h5")
    shutil.rmtree(tmp_path / "run")
    unarchive(tmp_path / "run.h5", tmp_path / "elsewhere")
    assert weights(resume_job(tmp_path / "elsewhere", lambda event: None)) == weights(straight)
