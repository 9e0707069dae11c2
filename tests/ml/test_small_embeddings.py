"""An embedding that has no vector for some of the data's tokens is found before the training breaks off at one of them."""

from __future__ import annotations

from typing import Any

import pytest

from ml import catalog
from ml.check import Checker
from ml.project.fixes import apply_to_project


@pytest.mark.parametrize(
    ("template", "settings", "where"),
    [
        ("birnn", {"vocabulary": 5}, "embedding has vectors for 5 tokens and is given 96: make its input_dim 96 or more."),
        ("seq2seq", {"vocabulary": 5, "reverse": True}, "encoder/embedding has vectors for 5 tokens and is given 41: make its input_dim 41 or more."),
        ("seq2seq_attention", {"models.model.target_embedding.input_dim": 9}, "target_embedding has vectors for 9 tokens and is given 14: "),
    ],
)
def test_it_is_named_with_what_it_needs(template: str, settings: dict[str, Any], where: str) -> None:
    (problem,) = Checker().check(catalog.new(template, settings=settings)).problems
    assert problem.startswith(where)


def test_one_fix_mends_all_that_lie_open() -> None:
    project = catalog.new("memory_network", settings={"vocabulary": 20})
    report = Checker().check(project)
    assert [problem.partition(" ")[0] for problem in report.problems] == ["embedding_1", "embedding_2", "embedding_3", "embedding_4"]
    (fix,) = (fix for fix in report.fixes if "input_dim" in fix.text)
    assert fix.text == "Set input_dim of embedding_1, embedding_2, embedding_3, embedding_4 to 43"
    assert Checker().check(apply_to_project(project, fix)).errors == 0


def test_tokens_that_were_made_fewer_before_are_no_problem() -> None:
    assert Checker().check(catalog.new("copy_mechanism", settings={"known": 20})).errors == 0
