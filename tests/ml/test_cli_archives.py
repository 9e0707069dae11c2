"""Runs are taken elsewhere and brought back without a window."""

import json

import pytest

from ml.cli import main
from ml.runs import Run
from tests.ml.runs.whole_runs import make_run


@pytest.fixture
def run(tmp_path):
    return make_run(tmp_path / "run")


def test_a_run_goes_into_a_file_and_comes_back(run, tmp_path, capsys):
    assert main(["archive", str(run.folder), "-o", str(tmp_path / "run.h5"), "--json"]) == 0
    assert main(["unarchive", str(tmp_path / "run.h5"), "-o", str(tmp_path / "back"), "--json"]) == 0
    written, read = map(json.loads, capsys.readouterr().out.splitlines())
    assert (written["left_out"], read["run"]) == ([], str(tmp_path / "back"))
    assert list(Run(tmp_path / "back").events()) == list(run.events())


def test_without_a_folder_it_goes_where_runs_are(run, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    main(["archive", str(run.folder), "-o", "Ä run.h5"])
    assert main(["unarchive", "Ä run.h5"]) == 0
    assert [Run(path).project.name for path in (tmp_path / "runs").iterdir()] == ["Flowers"]


def test_metrics_are_a_table(run, tmp_path, capsys):
    assert main(["metrics", str(run.folder), "-o", str(tmp_path / "run.csv")]) == 0
    assert "22 rows" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["archive", "unarchive", "metrics"])
def test_what_is_not_there_is_named(command, tmp_path, capsys):
    assert main([command, str(tmp_path / "nothing"), "-o", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert "nothing" in error
    assert "Traceback" not in error
