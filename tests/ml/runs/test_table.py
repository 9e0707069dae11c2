"""What a run measured can be read by any program that reads CSV."""

import csv
import io

import pytest

from ml import events
from ml.project.files import FileProblem
from ml.runs.table import save_table
from tests.ml.runs.whole_runs import make_run


def test_each_measurement_is_a_row(tmp_path):
    make_run(tmp_path / "run", events.Metrics("epoch", 30, 3, {'a "b", c': float("nan")}))
    assert save_table(tmp_path / "run", tmp_path / "run.csv") == 23
    data = (tmp_path / "run.csv").read_bytes()
    assert data.count(b"\r\n") == 24
    assert b"\n" not in data.replace(b"\r\n", b"")
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    epochs = [row for row in rows if row["span"] == "epoch"]
    assert [float(row["val_loss"]) for row in epochs[:2]] == [0.2, 0.1]
    assert rows[0]["val_loss"] == ""
    assert epochs[2]['a "b", c'] == "nan"
    assert epochs[0]["time"].endswith("+00:00")


def test_what_is_no_run_is_named(tmp_path):
    with pytest.raises(FileProblem, match="is not a run"):
        save_table(tmp_path, tmp_path / "run.csv")
    assert list(tmp_path.iterdir()) == []
