"""The journal: unsaved work is on the disk within a second, is found when its window has died, and goes when it is saved or discarded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from app import journal as journals
from app.document import Document
from app.journal import Journal, left_in
from ml import catalog
from ml.project import files

DEEP = Path("deep", "unsaved")


@pytest.fixture
def journal(qtbot: QtBot, tmp_path: Path) -> Iterator[Journal]:
    made = Journal(Document(catalog.new("mlp")), tmp_path / DEEP)
    yield made
    made.close()


def edit(journal: Journal, name: str) -> None:
    journal.document.edit(replace(journal.document.project, name=name), "Rename")


def die(journal: Journal) -> None:
    """What the end of its process does to a journal."""
    journal.keep()
    journal.flush()
    assert journal._lock is not None
    journal._lock.unlock()


def test_an_edit_is_on_the_disk_within_a_second(qtbot: QtBot, journal: Journal) -> None:
    edit(journal, "Work")
    assert journal._timer.remainingTime() <= 500
    qtbot.waitUntil(journal.path.exists)


def test_what_a_dead_window_had_is_found_with_its_file(journal: Journal, tmp_path: Path) -> None:
    journal.document.save(tmp_path / "mine.atelier")
    edit(journal, "Work")
    edit(journal, "More work")
    die(journal)
    (left,) = left_in(tmp_path / DEEP)
    assert left.unsaved is not None
    assert left.unsaved.project == journal.document.project
    assert (left.unsaved.file, left.unsaved.edits) == (str(tmp_path / "mine.atelier"), 2)
    assert left.unsaved.stamp == files.stamp(tmp_path / "mine.atelier")


def test_what_can_t_be_kept_is_said_and_nobody_takes_it_for_kept(qtbot: QtBot, journal: Journal, tmp_path: Path) -> None:
    (tmp_path / DEEP.parent).write_text("no folder")
    journal.document.edit(replace(journal.document.project, name="Work"), "Rename")
    with qtbot.waitSignal(journal.refused):
        assert not journal.go_on(3)


def test_the_work_of_a_living_window_is_nobody_elses(journal: Journal, tmp_path: Path) -> None:
    edit(journal, "Work")
    journal.keep()
    journal.flush()
    assert left_in(tmp_path / DEEP) == []


def test_two_windows_never_offer_the_same(journal: Journal, tmp_path: Path) -> None:
    edit(journal, "Work")
    die(journal)
    (left,) = left_in(tmp_path / DEEP)
    assert left_in(tmp_path / DEEP) == []
    left.let_go()
    (again,) = left_in(tmp_path / DEEP)
    again.discard()
    assert left_in(tmp_path / DEEP) == []


@pytest.mark.parametrize("settle", ["save", "undo", "open"])
def test_settled_work_is_no_longer_kept(journal: Journal, tmp_path: Path, settle: str) -> None:
    edit(journal, "Work")
    journal.keep()
    journal.flush()
    if settle == "save":
        journal.document.save(tmp_path / "mine.atelier")
    elif settle == "undo":
        journal.document.undo_stack.undo()
    else:
        journal.document.open(catalog.new("cnn"))
    journal.flush()
    assert not journal.path.exists()


def test_first_weights_are_kept_too(journal: Journal, tmp_path: Path) -> None:
    weights = tmp_path / "opened.weights.h5"
    weights.write_bytes(b"weights")
    journal.document.open(replace(catalog.new("mlp"), weights=str(weights)))
    edit(journal, "Work")
    die(journal)
    weights.unlink()
    (left,) = left_in(tmp_path / DEEP)
    project = left.project(tmp_path / "imports")
    left.discard()
    assert Path(project.weights).read_bytes() == b"weights"


@pytest.mark.parametrize("data", [b"", b"{", b'{"project": {"version": 99}}'])
def test_what_can_not_be_read_is_named_and_stays(journal: Journal, tmp_path: Path, data: bytes) -> None:
    journal.folder.mkdir(parents=True)
    (journal.folder / f"1{journals.JOURNAL}").write_bytes(data)
    (left,) = left_in(journal.folder)
    assert str(left.path) in left.problem
    left.let_go()
    assert left.path.exists()


def test_a_disk_that_refuses_it_is_named(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    journal = Journal(Document(catalog.new("mlp")), tmp_path / "file" / "unsaved")
    with qtbot.waitSignal(journal.refused) as said:
        edit(journal, "Work")
    assert said.args and "can't be kept" in said.args[0]
    journal.close()
