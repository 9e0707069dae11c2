"""The dialog of unsaved work: what each item is, how it differs from its file, and that nothing goes without being told to."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.journal import JOURNAL, Unsaved, left_in
from app.panels.recovered import RecoveredDialog
from ml import catalog
from ml.project import files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two projects that were left: one of a file, and before that one that was never saved."""
    file = tmp_path / "mine.atelier"
    files.save(catalog.new("mlp"), file)
    changed = replace(catalog.new("mlp"), name="Mine", training=replace(catalog.new("mlp").training, epochs=99))
    leave(tmp_path, "a", Unsaved(changed, str(file), files.stamp(file), edits=3, kept=time.time()))
    leave(tmp_path, "b", Unsaved(catalog.new("dcgan"), edits=1, kept=time.time() - 90_000))
    return tmp_path


def leave(folder: Path, name: str, unsaved: Unsaved) -> None:
    (folder / f"{name}{JOURNAL}").write_bytes(msgspec.json.encode(unsaved))


@pytest.fixture
def dialog(qtbot: QtBot, folder: Path) -> RecoveredDialog:
    made = RecoveredDialog(left_in(folder))
    qtbot.addWidget(made)
    made.show()
    return made


def test_each_is_named_with_its_file_time_and_edits(dialog: RecoveredDialog) -> None:
    rows = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    assert rows[0].startswith("Mine\nmine.atelier\ntoday at") and rows[0].endswith("3 unsaved changes")
    assert "never saved" in rows[1] and rows[1].endswith("1 unsaved change")


def test_it_is_drawn_and_compared_with_its_file(dialog: RecoveredDialog) -> None:
    assert "nodes" in dialog.preview.accessibleDescription()
    assert dialog.differences.topLevelItemCount() == 1
    dialog.list.setCurrentRow(1)
    assert dialog.roles.isVisible()
    assert not dialog.tabs.isTabVisible(1)


def test_a_file_that_was_changed_since_is_said(dialog: RecoveredDialog, folder: Path) -> None:
    files.save(catalog.new("cnn"), folder / "mine.atelier")
    dialog.list.setCurrentRow(1)
    dialog.list.setCurrentRow(0)
    assert "was changed since" in dialog.facts.text()


def test_what_is_opened_is_handed_over_and_the_rest_stays(qtbot: QtBot, dialog: RecoveredDialog, folder: Path) -> None:
    with qtbot.waitSignal(dialog.chosen) as chosen:
        qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    assert chosen.args and chosen.args[0].unsaved.project.name == "Mine"
    assert len(list(folder.glob(f"*{JOURNAL}"))) == 2
    assert len(left_in(folder)) == 1


def test_later_leaves_all_as_it_was(dialog: RecoveredDialog, folder: Path) -> None:
    dialog.later.click()
    assert len(left_in(folder)) == 2


def test_what_is_discarded_can_be_taken_back_until_it_is_closed(qtbot: QtBot, dialog: RecoveredDialog, folder: Path) -> None:
    qtbot.keyClick(dialog.list, Qt.Key.Key_Delete)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Delete)
    assert dialog.list.count() == 0 and not dialog.open_.isEnabled()
    dialog.back.click()
    assert dialog.list.count() == 1
    dialog.later.click()
    assert len(left_in(folder)) == 1


def test_what_can_not_be_read_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / f"1{JOURNAL}").write_bytes(b"{")
    dialog = RecoveredDialog(left_in(tmp_path))
    qtbot.addWidget(dialog)
    assert "can't be read" in dialog.facts.text()
    assert not dialog.open_.isEnabled() and dialog.discard.isEnabled()
    dialog.done(0)
