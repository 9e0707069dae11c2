"""The panel of all runs: found, sorted, labelled and deleted, with undo."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from app.panels.runs.panel import ALL, EMPTY, NOT_FOUND, RunsPanel
from app.settings import Settings
from ml.runs import RECORD, trash
from ml.runs.labels import Labels, read
from tests.ml.runs.some_runs import live, make

from .conftest import refuse

CONTROL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


def titles(panel: RunsPanel) -> list[str]:
    return [run.title for run in panel.model.runs]


def select(panel: RunsPanel, *names: str) -> None:
    panel.table.setFocus()
    panel.table.select([str(panel.store.folder / name) for name in names])


def labels(panel: RunsPanel, name: str) -> Labels:
    return read(panel.store.folder / name / RECORD)


def cell(panel: RunsPanel, name: str, column: str) -> str:
    row = panel.model.row_of(str(panel.store.folder / name))
    return panel.model.index(row, panel.model.column_of(column)).data()


def header(panel: RunsPanel, column: str) -> QPoint:
    place = panel.table.header()
    number = panel.model.column_of(column)
    return QPoint(place.sectionViewportPosition(number) + place.sectionSize(number) // 2, place.height() // 2)


def test_each_run_is_a_row_with_its_results(panel: RunsPanel) -> None:
    assert set(titles(panel)) == {"Digits", "Try two", "Flowers"}
    assert [cell(panel, "first", column) for column in ("state", "epochs", "best:val_accuracy")] == ["complete", "2 of 30", "0.9"]
    assert [cell(panel, "second", column) for column in ("state", "tags", "folder")] == ["interrupted", "paper, seed 3", "thesis/2"]
    assert panel._count.text() == "3 runs"


def test_words_leave_what_they_are_found_in_and_the_selection_stays(panel: RunsPanel) -> None:
    select(panel, "second")
    QTest.keyClicks(panel.search, "tag:paper")
    assert titles(panel) == ["Try two"] and panel._count.text() == "1 of 3"
    assert [run.title for run in panel.table.selected()] == ["Try two"]
    panel.search.setText("nothing like that")
    assert panel._nothing.isVisible() and panel._nothing.text() == NOT_FOUND
    QTest.keyClick(panel.search, Qt.Key.Key_Escape)
    assert len(titles(panel)) == 3


def test_a_folder_shows_what_is_in_it_and_below(panel: RunsPanel) -> None:
    assert [panel.folder.itemText(row).strip() for row in range(panel.folder.count())] == [ALL, "thesis", "2"]
    panel.folder.setCurrentIndex(1)
    assert titles(panel) == ["Try two"]


def test_a_click_on_a_column_sorts_by_it_and_that_is_remembered(panel: RunsPanel) -> None:
    QTest.mouseClick(panel.table.header().viewport(), Qt.MouseButton.LeftButton, NONE, header(panel, "name"))
    assert titles(panel) == ["Digits", "Flowers", "Try two"]
    panel.table.show_column("steps", True)
    again = RunsPanel(panel.settings, refuse)
    again.model.show_all(panel.store.runs)
    assert titles(again) == titles(panel)
    assert not again.table.isColumnHidden(again.model.column_of("steps"))
    again.leave()
    again.deleteLater()


def test_columns_are_chosen_from_a_menu_and_come_back_as_they_were(panel: RunsPanel) -> None:
    menu = panel.table.columns_menu()
    last = next(action for submenu in menu.findChildren(QMenu) for action in submenu.actions() if action.text() == "Last validation loss")
    assert not last.isChecked()
    last.trigger()
    assert not panel.table.isColumnHidden(panel.model.column_of("last:val_loss"))
    next(action for action in panel.table.columns_menu().actions() if action.text() == "As in a &New Table").trigger()
    assert panel.table.isColumnHidden(panel.model.column_of("last:val_loss"))


def test_what_is_written_in_the_table_is_in_the_record_and_undone_with_a_key(panel: RunsPanel, qtbot: QtBot) -> None:
    select(panel, "first")
    QTest.keyClick(panel.table, Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.setText("The good one")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: labels(panel, "first").title == "The good one", timeout=10_000)
    assert "The good one" in titles(panel)
    QTest.keyClick(panel.table, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: labels(panel, "first").title == "", timeout=10_000)
    QTest.keyClick(panel.table, Qt.Key.Key_Y, CONTROL)
    qtbot.waitUntil(lambda: labels(panel, "first").title == "The good one", timeout=10_000)


def test_tags_are_chips_that_are_added_and_taken_away(panel: RunsPanel, qtbot: QtBot) -> None:
    select(panel, "second")
    chip = next(chip for chip in panel.details.findChildren(QToolButton) if chip.accessibleName() == "Tag paper")
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    field = panel.details.tags.field
    field.setFocus()
    QTest.keyClicks(field, "best of all")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: labels(panel, "second").tags == ("seed 3", "best of all"), timeout=10_000)
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: labels(panel, "second").tags == ("seed 3",), timeout=10_000)


def test_several_runs_are_tagged_and_moved_at_once(panel: RunsPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    select(panel, "first", "second")
    monkeypatch.setattr(QInputDialog, "getItem", lambda *arguments: ("paper", True))
    QTest.keyClick(panel.table, Qt.Key.Key_T, CONTROL)
    monkeypatch.setattr(QInputDialog, "getItem", lambda *arguments: ("a/b", True))
    QTest.keyClick(panel.table, Qt.Key.Key_M, CONTROL)
    qtbot.waitUntil(lambda: labels(panel, "first") == Labels(tags=("paper",), folder="a/b"), timeout=10_000)
    assert labels(panel, "second").tags == ("paper", "seed 3")


def test_what_is_written_of_several_runs_is_written_for_each_and_undone_in_one_step(panel: RunsPanel, qtbot: QtBot) -> None:
    select(panel, "first", "second")
    several = panel.details.several
    assert several.isVisible() and several.some.text() == "Some of them have paper, seed 3."
    several.tags.field.setFocus()
    QTest.keyClicks(several.tags.field, "paper")
    QTest.keyClick(several.tags.field, Qt.Key.Key_Return)
    several.note.setFocus()
    QTest.keyClicks(several.note, "Compare these.")
    qtbot.mouseClick(several.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: labels(panel, "first") == Labels(tags=("paper",), notes="Compare these."), timeout=10_000)
    qtbot.waitUntil(lambda: labels(panel, "second").notes == "Too slow.\nCompare these.", timeout=10_000)
    assert labels(panel, "second").tags == ("paper", "seed 3") and several.some.text() == "Some of them have seed 3."
    assert panel.said.text() == "The note was added to 2 runs."
    qtbot.mouseClick(panel.undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: labels(panel, "first").notes == "" and labels(panel, "second").notes == "Too slow.", timeout=10_000)
    chip = next(chip for chip in several.findChildren(QToolButton) if chip.accessibleName() == "Tag paper")
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: labels(panel, "second").tags == ("seed 3",) and not labels(panel, "first").tags, timeout=10_000)


def test_notes_are_written_also_when_another_run_is_selected_at_once(panel: RunsPanel, qtbot: QtBot) -> None:
    select(panel, "first")
    panel.details.notes.setFocus()
    QTest.keyClicks(panel.details.notes, "Worked.")
    select(panel, "third")
    qtbot.waitUntil(lambda: labels(panel, "first").notes == "Worked.", timeout=10_000)
    assert panel.details.notes.toPlainText() == ""


def test_what_was_typed_is_written_when_the_window_goes(panel: RunsPanel) -> None:
    select(panel, "first")
    panel.details.notes.setFocus()
    QTest.keyClicks(panel.details.notes, "Worked.")
    panel.leave()
    assert labels(panel, "first").notes == "Worked."


def test_deleted_runs_come_back_with_undo(panel: RunsPanel, qtbot: QtBot) -> None:
    folder = panel.store.folder / "first"
    select(panel, "first")
    QTest.keyClick(panel.table, Qt.Key.Key_Delete)
    assert "Digits" not in titles(panel)
    assert panel.said.text() == "“Digits” was deleted." and panel.undo.isVisible()
    qtbot.waitUntil(lambda: not folder.exists(), timeout=10_000)
    assert panel.table.selected(), "the keyboard is where it was"
    qtbot.mouseClick(panel.undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Digits" in titles(panel), timeout=10_000)
    assert folder.is_dir() and not panel.undo.isVisible()


def test_runs_that_were_deleted_earlier_come_back_by_a_button(panel: RunsPanel, qtbot: QtBot) -> None:
    assert not panel.deleted.isVisible()
    trash.discard(panel.store.folder / "first")
    select(panel, "second")
    QTest.keyClick(panel.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: panel.deleted.text() == "De&leted (2)" and panel.deleted.isVisible(), timeout=10_000)
    qtbot.mouseClick(panel.deleted, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(panel.deleted.menu_.isVisible, timeout=10_000)
    panel.deleted.menu_.close()
    lines = {action.text().split(", deleted today")[0]: action for action in panel.deleted.menu_.actions()}
    assert set(lines) == {"Try two", "Digits", "", "Bring Back All 2"}
    lines["Digits"].trigger()
    qtbot.waitUntil(lambda: set(titles(panel)) == {"Digits", "Flowers"}, timeout=10_000)
    lines["Try two"].trigger()
    qtbot.waitUntil(lambda: len(titles(panel)) == 3 and not panel.deleted.isVisible(), timeout=10_000)
    panel.commands["undo"].trigger()
    panel.store.refresh()
    qtbot.waitUntil(lambda: not panel.store._background._asked, timeout=10_000)
    assert panel.said.text() == "", "the deletion that is undone was undone already"


def test_a_run_that_trains_is_not_deleted(panel: RunsPanel, qtbot: QtBot) -> None:
    live(panel.store.folder / "second")
    panel.store.refresh()
    qtbot.waitUntil(lambda: cell(panel, "second", "state") == "running", timeout=10_000)
    select(panel, "second")
    QTest.keyClick(panel.table, Qt.Key.Key_Delete)
    assert panel.said.text() == "“Try two” is running: end it first, then delete it."
    assert (panel.store.folder / "second").is_dir()


def test_labels_that_can_not_be_written_are_said_and_shown_as_they_are(panel: RunsPanel, qtbot: QtBot) -> None:
    panel._timer.stop()
    select(panel, "first")
    shutil.rmtree(panel.store.folder / "first")
    run = panel.table.selected()[0]
    panel.store.relabel("Change", {run.folder: Labels("x")})
    qtbot.waitUntil(lambda: "is gone" in panel.said.text(), timeout=10_000)
    assert "x" not in titles(panel)


def test_a_new_run_appears_by_itself(panel: RunsPanel, qtbot: QtBot) -> None:
    make(panel.store.folder / "fourth", name="Fourth")
    qtbot.waitUntil(lambda: "Fourth" in titles(panel), timeout=10_000)


def test_a_damaged_run_is_a_row_that_says_what_is_wrong(panel: RunsPanel, qtbot: QtBot) -> None:
    (panel.store.folder / "damaged").mkdir()
    (panel.store.folder / "damaged" / RECORD).write_bytes(b"no database" * 500)
    qtbot.waitUntil(lambda: "damaged" in titles(panel), timeout=10_000)
    select(panel, "damaged")
    assert "can't be read" in panel.details.problem.text()
    assert not panel.commands["open"].isEnabled() and panel.commands["delete"].isEnabled()


def test_keys_and_buttons_ask_for_what_a_run_is_wanted_for(panel: RunsPanel, qtbot: QtBot) -> None:
    asked: list[tuple[str, str]] = []
    panel.open_requested.connect(lambda folder: asked.append(("open", Path(folder).name)))
    panel.graph_requested.connect(lambda folder: asked.append(("graph", Path(folder).name)))
    panel.resume_requested.connect(lambda folder: asked.append(("resume", Path(folder).name)))
    select(panel, "second")
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    QTest.keyClick(panel.table, Qt.Key.Key_Return, CONTROL)
    QTest.keyClick(panel.table, Qt.Key.Key_R, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.mouseClick(panel.details.open, Qt.MouseButton.LeftButton)
    assert asked == [("open", "second"), ("graph", "second"), ("resume", "second"), ("open", "second")]


def test_the_difference_between_two_runs_is_side_by_side(panel: RunsPanel, qtbot: QtBot) -> None:
    select(panel, "first", "third")
    QTest.keyClick(panel.table, Qt.Key.Key_D, CONTROL)
    window = panel.doing.difference
    assert window is not None
    qtbot.waitUntil(lambda: window.table.topLevelItemCount() > 2, timeout=10_000)
    rows = {item.text(0): item for item in window.table.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)}
    assert [rows["Model"].text(column) for column in (1, 2)] == ["6 nodes", "0 nodes"]
    assert rows["State"].text(1) == "complete"
    assert "− dense" in {item.text(0) for item in window.comparison.list.findItems("dense", Qt.MatchFlag.MatchEndsWith | Qt.MatchFlag.MatchRecursive)}


def test_the_curves_are_those_of_the_selected_runs_and_a_click_on_one_goes_to_its_run(panel: RunsPanel, qtbot: QtBot) -> None:
    select(panel, "first", "second")
    panel.beside.setCurrentWidget(panel.curves)
    assert {Path(folder).name for folder in panel.curves.runs} == {"first", "second"}
    row = panel.model.row_of(str(panel.store.folder / "second"))
    mark = panel.model.index(row, 0).data(Qt.ItemDataRole.DecorationRole)
    assert mark.name() == panel.curves.colour(str(panel.store.folder / "second"))
    panel.curves.clicked.emit(str(panel.store.folder / "second"))
    assert panel.table.currentIndex().row() == row and len(panel.table.selected()) == 2
    assert panel.details.run is not None and panel.details.run.title == "Try two"
    with qtbot.waitSignal(panel.open_requested) as asked:
        panel.details.open.click()
    assert asked.args == [str(panel.store.folder / "second")]
    panel._show_all(panel.store.runs)
    assert panel.details.run is not None, "what a run that trains says keeps it there"
    panel.beside.setCurrentWidget(panel.details)
    assert panel.model.index(row, 0).data(Qt.ItemDataRole.DecorationRole) is None


def test_without_runs_it_says_how_to_come_by_one(qtbot: QtBot, tmp_path: Path) -> None:
    panel = RunsPanel(Settings(tmp_path / "none"), refuse)
    qtbot.addWidget(panel)
    panel.show()
    assert panel._nothing.isVisible() and panel._nothing.text() == EMPTY
    panel.leave()


def test_what_is_said_and_offered_fits_beside_the_curves(panel, qtbot):
    """A window of 1280 pixels has 954 for it between what stands at its sides."""
    panel.beside.setCurrentWidget(panel.curves)
    panel.table.select([panel.model.runs[0].folder])
    panel.doing._delete()
    qtbot.waitUntil(panel.deleted.isVisible)
    qtbot.waitUntil(lambda: panel.curves._metric.count() > 1)
    panel._count.setText("1,000 of 2,000")
    panel.say(f"The report is in /home/somebody{'/a folder far down' * 12}/report.html; any browser shows it.", "muted")
    assert panel.folder.isVisible() and panel.minimumSizeHint().width() <= 954
