"""Project files: what was saved is what is read, and what can't be read is named."""

import pytest

from ml import catalog
from ml.project.files import FileProblem, backup_of, decode, load, save
from ml.project.project import VERSION


def test_a_project_comes_back_as_it_was(tmp_path):
    project = catalog.new("cnn")
    save(project, tmp_path / "a.atelier")
    assert load(tmp_path / "a.atelier") == project


def test_nothing_but_the_file_is_left_in_the_folder(tmp_path):
    save(catalog.new("cnn"), tmp_path / "a.atelier")
    assert [path.name for path in tmp_path.iterdir()] == ["a.atelier"]


def test_a_file_that_can_not_be_written_is_named(tmp_path):
    with pytest.raises(FileProblem, match="missing"):
        save(catalog.new("cnn"), tmp_path / "missing" / "a.atelier")


def test_a_newer_file_is_refused_with_what_would_work():
    with pytest.raises(FileProblem, match="newer version"):
        decode(b'{"version": %d}' % (VERSION + 1), "a.atelier")


@pytest.mark.parametrize("data", [b"", b"{", b"\x00\xff", b"[1, 2]", b'{"version": 1}', b"[" * 100_000])
def test_what_is_no_project_is_refused_by_name(data):
    with pytest.raises(FileProblem, match=r"a\.atelier is not a project"):
        decode(data, "a.atelier")


def test_what_a_file_held_before_is_its_backup(tmp_path):
    path = tmp_path / "a.atelier"
    for name in ("mlp", "cnn", "cnn"):
        save(catalog.new(name), path)
    assert load(backup_of(path)) == catalog.new("mlp")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.atelier", "a.atelier~"]
