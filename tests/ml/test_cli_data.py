"""`data` tells in the terminal what the window tells of data of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ml import cli
from ml.project import files


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text("length,kind\n1,a\n,b\n3,a\n4,b\n5,a\n6,b\n7,a\n")
    return path


def test_what_is_wrong_is_said_with_what_to_set(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", str(table)]) == cli.MENDABLE
    said = capsys.readouterr().err
    assert "table.csv, row 2 (line 3), column length: the cell is empty" in said
    assert 'Leave these rows out: --set data.faulty="drop"' in said


def test_what_is_found_is_told(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", str(table), "--set", "data.faulty=drop", "--json"]) == cli.FINE
    told = json.loads(capsys.readouterr().out)
    assert (told["classes"], told["features"], sum(told["samples"].values())) == (["a", "b"], ["length"], 6)
    assert told["notes"] == ["1 of the 7 rows are left out: something is missing in them."]


def test_a_project_is_made_on_a_table(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "p.atelier"
    settings = ["--set", "data=csv", "--set", f"data.path={table}", "--set", "data.faulty=fill"]
    assert cli.main(["new", "mlp", *settings, "-o", str(out)]) == cli.FINE
    assert files.load(out).models["model"]["dense_2"].arguments["units"] == 2
    assert cli.main(["data", str(out)]) == cli.FINE
    assert "7 samples of 1, for classification" in capsys.readouterr().out
