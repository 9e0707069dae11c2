"""The list of all runs: what changed is read again, what did not is not."""

import os
import shutil
import time

import pytest

from ml.runs import listing
from ml.runs.labels import Labels, write
from ml.runs.listing import Listing

from .some_runs import done, epoch, make, progress


@pytest.fixture
def reads(monkeypatch):
    """The names of the runs that are read."""
    names: list[str] = []
    read = listing.row
    monkeypatch.setattr(listing, "row", lambda folder: names.append(folder.name) or read(folder))
    return names


def settle(runs: Listing) -> None:
    """Read until nothing is left that changed: SQLite tidies up a log behind its last reader."""
    for _ in range(3):
        runs.refresh()


def test_only_what_changed_is_read_again(tmp_path, reads):
    for name in "abc":
        make(tmp_path / name, epoch(1, 0.5))
    runs = Listing(tmp_path)
    settle(runs)
    reads.clear()
    write(tmp_path / "b" / "run.sqlite", Labels("new"))
    found, complete = runs.refresh()
    assert complete and set(reads) == {"b"}
    assert {run.title for run in found} == {"Digits", "new"}


def test_a_run_that_lives_is_always_read_for_it_may_fall_silent(tmp_path, reads, monkeypatch):
    make(tmp_path / "a", progress(), alive=True)
    runs = Listing(tmp_path)
    settle(runs)
    assert runs.refresh()[0][0].state == "running"
    monkeypatch.setattr("ml.runs.summary.SILENT_SECONDS", 0.0)
    assert runs.refresh()[0][0].state == "interrupted"


def test_another_session_has_the_list_at_once(tmp_path, reads):
    for name in "abc":
        make(tmp_path / name, done(tmp_path))
    first = Listing(tmp_path)
    settle(first)
    first._changed = True
    first.keep()
    reads.clear()
    assert Listing(tmp_path).refresh() == first.refresh()
    assert reads == []


def test_a_run_that_is_gone_is_gone_from_the_list(tmp_path):
    for name in "ab":
        make(tmp_path / name)
    runs = Listing(tmp_path)
    runs.refresh()
    shutil.rmtree(tmp_path / "a")
    assert [run.folder for run in runs.refresh()[0]] == [str(tmp_path / "b")]


def test_reading_ends_in_time_and_goes_on_with_the_next_call(tmp_path):
    for name in "abcd":
        make(tmp_path / name)
    runs = Listing(tmp_path)
    assert runs.refresh(0.0)[1] is False
    while not runs.refresh(0.001)[1]:
        time.sleep(0.001)
    assert len(runs.refresh()[0]) == 4


@pytest.mark.parametrize("content", [b"", b"\x81", b"\xff" * 100])
def test_a_cache_that_is_none_is_passed_over(tmp_path, content):
    make(tmp_path / "a")
    (tmp_path / listing.CACHE).write_bytes(content)
    assert len(Listing(tmp_path).refresh()[0]) == 1


def test_a_cache_that_came_from_elsewhere_tells_of_no_runs_elsewhere(tmp_path):
    make(tmp_path / "here" / "a")
    runs = Listing(tmp_path / "here")
    settle(runs)
    runs._changed = True
    runs.keep()
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    assert [run.folder for run in Listing(tmp_path / "there").refresh()[0]] == [str(tmp_path / "there" / "a")]


def test_no_folder_is_no_runs(tmp_path):
    assert Listing(tmp_path / "none").refresh() == ([], True)


def test_a_cache_with_a_text_that_is_none_is_passed_over(tmp_path):
    make(tmp_path / "a")
    runs = Listing(tmp_path)
    runs.refresh()
    cache = tmp_path / listing.CACHE
    cache.write_bytes(cache.read_bytes().replace(b"Digits", b"\xff" * 6))
    assert [run.name for run in Listing(tmp_path).refresh()[0]] == ["Digits"]


def test_a_folder_whose_name_is_in_another_encoding_stands_in_the_list_too(tmp_path):
    make(tmp_path / "a").rename(tmp_path / os.fsdecode(b"\xfcbung"))
    make(tmp_path / "b")
    runs = Listing(tmp_path)
    assert len(runs.refresh()[0]) == 2
    runs.keep()
    assert len(Listing(tmp_path).refresh()[0]) == 2
