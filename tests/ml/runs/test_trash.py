"""A run that was deleted can be taken back for a month."""

import pytest

from ml.project.files import FileProblem
from ml.runs import Run, trash
from ml.runs.summary import summaries

from .some_runs import make


def test_a_deleted_run_is_in_no_list_and_comes_back_whole(tmp_path):
    folder = make(tmp_path / "run")
    project = Run(folder).project
    lies = trash.discard(folder)
    assert list(summaries(tmp_path)) == [] and not folder.exists()
    assert trash.take_back(lies) == folder
    assert Run(folder).project == project


def test_where_its_name_is_taken_by_now_it_comes_back_beside(tmp_path):
    lies = trash.discard(make(tmp_path / "run"))
    make(tmp_path / "run", name="Other")
    assert trash.take_back(lies) == tmp_path / "run-1"
    assert {run.name for run in summaries(tmp_path)} == {"Digits", "Other"}


def test_two_runs_of_one_name_deleted_at_once_both_come_back(tmp_path):
    first = trash.discard(make(tmp_path / "run"))
    second = trash.discard(make(tmp_path / "run"))
    assert first != second
    assert {trash.take_back(second), trash.take_back(first)} == {tmp_path / "run", tmp_path / "run-1"}


def test_the_trash_is_emptied_of_what_is_old_and_of_nothing_else(tmp_path):
    trash.discard(make(tmp_path / "new"))
    old = trash.discard(make(tmp_path / "old"))
    old.rename(old.with_name("1000000000-old"))
    (tmp_path / trash.TRASH / "a thing of a person's own").mkdir()
    assert trash.empty(tmp_path) == 1
    assert len(list((tmp_path / trash.TRASH).iterdir())) == 2


def test_what_is_gone_already_says_so(tmp_path):
    with pytest.raises(FileProblem, match="can't be deleted"):
        trash.discard(tmp_path / "none")
