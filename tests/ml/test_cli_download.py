"""`download` in the terminal: what is here stays as it is, what is not is fetched, and how far it is can be read by a script."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from ml import cli, data
from ml.data import downloads
from tests.ml.data.some_downloads import here, point_to

__all__ = ["here"]
COMES = "import shutil; print('{\"got\": 5, \"size\": 10}', flush=True); shutil.move('%s', '%s')"
FAILS = 'import sys; print(\'{"problem": "There is no network."}\'); sys.exit(1)'


def test_what_is_here_is_not_downloaded_again(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["download", "mnist"]) == cli.FINE
    assert capsys.readouterr().out == f"MNIST is here: {here / 'datasets' / 'mnist.npz'}.\n"


def test_what_is_not_here_comes(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    wanted, aside = here / "datasets" / "mnist.npz", here / "aside"
    wanted.rename(aside)
    monkeypatch.setattr(downloads, "COMMAND", (sys.executable, "-c", COMES % (aside, wanted)))
    assert cli.main(["download", "mnist", "--json"]) == cli.FINE
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [{"got": 5, "size": 10}, {"dataset": "mnist", "files": [str(wanted)]}]


def test_why_it_does_not_come_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    point_to(tmp_path, monkeypatch)
    monkeypatch.setattr(downloads, "COMMAND", (sys.executable, "-c", FAILS))
    assert cli.main(["download", "imdb"]) == cli.MENDABLE
    assert capsys.readouterr().err == "There is no network.\n"


def test_who_wants_to_see_what_is_not_here_is_told_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    point_to(tmp_path, monkeypatch)
    assert cli.main(["new", "mlp", "--set", "data=california_housing", "-o", str(tmp_path / "p.atelier")]) == cli.FINE
    assert cli.main(["data", str(tmp_path / "p.atelier")]) == cli.MENDABLE
    assert "Download it (743.5 kB): main.py download california_housing\n" in capsys.readouterr().err


def test_only_what_can_be_downloaded_is_offered(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["download", "digits"])
    said = capsys.readouterr().err
    assert all(id in said for id, source in data.sources().items() if source.files)
