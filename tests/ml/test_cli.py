"""The same without a window: what the subcommands print, and how they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from ml.cli import main
from ml.cli.output import Bar
from ml.events import Metrics
from ml.project import files
from ml.runs import Run
from ml.training.session import Session
from tests.ml.runs.some_runs import make

pytestmark = pytest.mark.usefixtures("without_xla")

Captured = pytest.CaptureFixture[str]


def lines(captured: Captured) -> list[dict[str, Any]]:
    """What was printed, an object a line."""
    return [json.loads(line) for line in captured.readouterr().out.splitlines()]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project on iris, of two epochs."""
    path = tmp_path_factory.mktemp("cli") / "iris.atelier"
    assert main(["new", "mlp", "--set", "data=iris", "--set", "training.epochs=2", "--set", "units=[8]", "-o", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def run(project: Path) -> Path:
    """The run of that project."""
    folder = project.parent / "run"
    assert main(["train", str(project), "--run", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("what", ["templates", "datasets", "recipes"])
def test_a_list_has_an_object_for_each_entry(what: str, capsys: Captured) -> None:
    assert main(["list", what, "--json"]) == 0
    entries = lines(capsys)
    assert len(entries) >= 4
    for entry in entries:
        assert {"id", "title", "family", "recipe", "dataset", "parameters"} <= set(entry)
        assert all({"name", "type", "default", "choices"} <= set(parameter) for parameter in entry["parameters"])


def test_listing_imports_no_tensorflow() -> None:
    script = "import sys; from ml.cli import main; main(['list', 'templates']); sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, cwd=Path(__file__).parents[2]).returncode == 0


def test_an_interrupt_while_it_begins_is_a_word_and_no_traceback() -> None:
    script = """if True:
        import sys
        class Interrupting:
            def find_spec(self, name, *_):
                if name == "numpy":
                    raise KeyboardInterrupt
        sys.meta_path.insert(0, Interrupting())
        import main
        main.main(["list", "templates"])
    """
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    assert (ended.stdout, ended.stderr) == ("", "Interrupted.\n")


def test_new_takes_settings_by_path(project: Path) -> None:
    made = files.load(project)
    assert (made.data.id, made.training.epochs, made.models["model"].nodes["dense"].arguments["units"]) == ("iris", 2, 8)


def test_check_has_a_row_for_each_node_and_ends_with_the_totals(project: Path, capsys: Captured) -> None:
    assert main(["check", str(project), "--json"]) == 0
    *rows, totals = lines(capsys)
    assert [row["shapes"] for row in rows if row["node"] == "dense"] == [[[None, 8]]]
    assert totals == {"parameters": 76, "trainable": 67, "errors": 0}


def test_a_table_that_goes_to_a_file_folds_no_name(tmp_path: Path, capsys: Captured) -> None:
    assert main(["new", "spatial_transformer", "-o", str(tmp_path / "digits.atelier")]) == 0
    assert main(["check", str(tmp_path / "digits.atelier")]) == 0
    assert "localization/max_pooling2d_1 " in capsys.readouterr().out


def test_check_says_what_is_wrong_and_where(project: Path, tmp_path: Path, capsys: Captured) -> None:
    made = files.load(project)
    broken = made.models["model"].linked("dense", 0, None)
    files.save(type(made)(made.name, made.data, {"model": broken}, made.recipe), tmp_path / "broken.atelier")
    assert main(["check", str(tmp_path / "broken.atelier"), "--json"]) == 1
    captured = capsys.readouterr()
    assert json.loads(captured.out.splitlines()[-1])["errors"] == 1
    assert "1 error" in captured.err


def test_training_ends_with_its_metrics(project: Path, tmp_path: Path, capsys: Captured) -> None:
    assert main(["train", str(project), "--epochs", "3", "--seed", "5", "--run", str(tmp_path / "run"), "--json"]) == 0
    *events, done = lines(capsys)
    assert {"Progress", "Metrics"} <= {event["type"] for event in events}
    assert done["done"] is True
    assert done["steps"] == 3 * 4
    assert done["training_seconds"] > 0
    assert {"loss", "accuracy", "val_loss", "val_accuracy"} <= set(done["metrics"])
    assert Run(tmp_path / "run").project.training.seed == 5


def test_runs_are_listed_and_one_that_is_complete_goes_on_when_asked_for_more(project: Path, tmp_path: Path, capsys: Captured) -> None:
    assert main(["train", str(project), "--epochs", "1", "--run", str(tmp_path / "runs" / "a"), "--json"]) == 0
    assert main(["resume", str(tmp_path / "runs" / "a")]) == 1
    assert "ask for more of them, as with --epochs 2." in capsys.readouterr().err
    assert main(["resume", str(tmp_path / "runs" / "a"), "--epochs", "2", "--json"]) == 0
    assert lines(capsys)[-1]["steps"] == 2 * 4
    assert main(["runs", str(tmp_path / "runs"), "--json"]) == 0
    (row,) = lines(capsys)
    assert (row["state"], row["epoch"], row["epochs"], row["steps"]) == ("complete", 2, 2, 8)


def test_where_there_are_no_runs_that_is_said(tmp_path: Path, capsys: Captured) -> None:
    assert main(["runs", str(tmp_path)]) == 0
    assert f"There are no runs in {tmp_path}" in capsys.readouterr().err


def test_training_shows_its_progress_on_standard_error(project: Path, tmp_path: Path, capsys: Captured) -> None:
    assert main(["train", str(project), "--run", str(tmp_path / "run")]) == 0
    captured = capsys.readouterr()
    assert "epoch 2 of 2" in captured.err
    assert "s left" in captured.err
    assert "val_accuracy" in captured.out


@pytest.mark.parametrize(("rate", "words"), [(1234.5, "1,234 steps a second, "), (0.31, "0.31 steps a second, "), (0.0, "")])
def test_a_network_that_is_slow_still_makes_steps(rate: float, words: str, capsys: Captured) -> None:
    with Bar() as bar:
        bar.show(Metrics("epoch", 4, 1, {"loss": 1.0}, steps_per_second=rate))
    said = capsys.readouterr().err
    assert f"loss 1 ({words}" in said
    assert ("steps" in said) is (rate > 0), "nobody is told of 0 steps while steps are made"


def test_a_run_is_exported_with_proof(run: Path, tmp_path: Path, capsys: Captured) -> None:
    assert main(["export", str(run), "--format", "keras", "-o", str(tmp_path / "out.keras"), "--json"]) == 0
    assert lines(capsys)[-1]["verified"] is True


def test_a_model_is_imported_into_the_folder_that_a_person_is_in(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["import", str(run / "final.keras"), "-o", "again.atelier"]) == 0
    assert len(files.load(Path("again.atelier")).models) == 1


def test_what_was_exported_is_imported(run: Path, tmp_path: Path, capsys: Captured) -> None:
    assert main(["import", str(run / "final.keras"), "-o", str(tmp_path / "again.atelier")]) == 0
    assert files.load(tmp_path / "again.atelier").data.id == "iris"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["new", "nope", "-o", "x"], "There is no template 'nope'"),
        (["new", "mlp", "--set", "training.epochs=0", "-o", "x"], "at least 1"),
        (["new", "mlp", "--preset", "huge", "-o", "x"], "no preset 'huge'"),
        (["check", "gone.atelier"], "gone.atelier can't be read"),
        (["export", "gone", "--format", "keras", "-o", "x"], "gone can't be read"),
        (["import", "gone.keras", "-o", "x"], "gone.keras can't be read"),
        (["sample", "gone", "-o", "x.png"], "gone is not a run"),
    ],
)
def test_what_a_person_can_mend_is_one_sentence_and_status_1(arguments: list[str], sentence: str, capsys: Captured) -> None:
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1


UNUSABLE = [[], ["dance"], ["list"], ["new", "mlp"], ["new", "mlp", "--set", "epochs", "-o", "x"], ["export", "x", "--format", "zip", "-o", "y"]]


@pytest.mark.parametrize("arguments", UNUSABLE)
def test_wrong_usage_is_status_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_a_model_that_makes_nothing_can_not_be_sampled(run: Path, tmp_path: Path, capsys: Captured) -> None:
    assert main(["sample", str(run), "-o", str(tmp_path / "grid.png")]) == 1
    assert "makes no pictures" in capsys.readouterr().err


def test_samples_become_one_picture(tmp_path: Path, capsys: Captured) -> None:
    project, run, grid = (str(tmp_path / name) for name in ("vae.atelier", "run", "grid.png"))
    assert main(["new", "vae", "--set", "training.epochs=1", "-o", project]) == 0
    assert main(["train", project, "--run", run]) == 0
    capsys.readouterr()
    assert main(["sample", run, "-n", "9", "-o", grid, "--json"]) == 0
    assert lines(capsys) == [{"file": grid, "samples": 9, "shape": [8, 8, 1]}]
    assert Path(grid).read_bytes().startswith(b"\x89PNG")
    assert main(["sample", run, "-n", "9", "-o", str(tmp_path / "other.jpg")]) == 1
    assert "choose a name such as other.png" in capsys.readouterr().err
    assert not (tmp_path / "other.jpg").exists()


def test_a_run_that_is_opened_again_predicts_as_what_it_saved(run: Path) -> None:
    session = Session.opened(Run(run))
    saved = keras.models.load_model(run / "final.keras")
    x = session.dataset.part("test")[0]
    np.testing.assert_allclose(session.models["model"](x), saved(x), rtol=1e-5)


def test_numbers_that_are_none_are_null_and_odd_names_of_folders_are_shown(tmp_path: Path, capsys: Captured) -> None:
    make(tmp_path / "a", Metrics("epoch", 1, 1, {"loss": float("nan")})).rename(tmp_path / os.fsdecode(b"\xfcbung"))
    assert main(["runs", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out, parse_constant=pytest.fail)["metrics"] == {"loss": None}
    assert main(["runs", str(tmp_path)]) == 0
    assert "\\udcfcbung" in capsys.readouterr().out
