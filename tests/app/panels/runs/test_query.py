"""What a search finds, and in what order a column puts it."""

import math

import pytest

from app.panels.runs.columns import FIXED, metric_columns, sort
from app.panels.runs.query import matches, terms
from ml.runs.labels import Labels
from ml.runs.summary import Summary


def run(name: str = "Digits", state: str = "complete", began: float = 1.0, loss: float | None = None, epoch: int = 5, **said) -> Summary:
    metrics = {} if loss is None else {"val_loss": loss}
    return Summary(f"/runs/{name}", name, "mlp", state, began, epoch, 10, 100, 60.0, metrics, metrics, Labels(**said))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", True),
        ("dig", True),
        ("DIGITS complete", True),
        ("digits failed", False),
        ("tag:paper", True),
        ("tag:pap", True),
        ("tag:digits", False),
        ("state:interrupted", False),
        ("state:complete -tag:old", True),
        ("-paper", False),
        ('"seed 3"', True),
        ("“seed 4”", False),
        ("notes:rate", True),
        ("folder:thesis", True),
        ("template:mlp", True),
        ("val_loss<0.3", True),
        ("val_loss<0.1", False),
        ("VAL_LOSS>=2e-1", True),
        ("-val_loss<0.1", True),
        ("val_loss < 0.3", True),
        ("val_loss < 0.1 digits", False),
        ("val_loss < ", True),
        ("accuracy>0", False),
        ("epochs>3", True),
        ("epochs=5", True),
        ("smaller:rate", False),
        ("x<y", False),
        ('tag:"', True),
    ],
)
def test_all_that_is_written_must_hold(text, found):
    one = run(loss=0.2, tags=("paper", "seed 3"), notes="a smaller rate", folder="thesis/2")
    assert matches(one, terms(text)) is found


def names(column: str, *runs: Summary, descending: bool = False) -> list[str]:
    columns = {found.id: found for found in (*FIXED, *metric_columns(runs))}
    return [found.title for found in sort(runs, columns[column], descending)]


def test_what_has_no_value_is_at_the_end_in_either_direction():
    runs = run("a", loss=0.2), run("b"), run("c", loss=0.1), run("d", loss=math.nan)
    assert names("best:val_loss", *runs)[:2] == ["c", "a"]
    assert names("best:val_loss", *runs, descending=True)[:2] == ["a", "c"]


def test_names_are_sorted_as_words_and_of_those_alike_the_later_run_is_first():
    assert names("name", run("b"), run("A"), run("C")) == ["A", "b", "C"]
    assert names("template", run("old", began=1), run("new", began=2)) == ["new", "old"]


def test_runs_that_live_are_before_those_that_ended():
    assert names("state", run("c"), run("f", "failed"), run("r", "running"), run("?", "of another kind")) == ["r", "f", "c", "?"]
