"""The history: what it lists, and where a click leads."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document import Document
from app.panels.history import HistoryPanel
from ml.project.project import Project


@pytest.fixture
def panel(qtbot: QtBot, project: Project) -> HistoryPanel:
    made = HistoryPanel(document := Document(project))
    document.setParent(made)
    qtbot.addWidget(made)
    made.resize(300, 300)
    made.show()
    return made


def take_steps(panel: HistoryPanel, count: int) -> None:
    for number in range(count):
        panel.document.edit(replace(panel.document.project, name=f"net {number}"), f"Step {number}")


def click(panel: HistoryPanel, row: int) -> None:
    place = panel.list.visualRect(panel.steps.index(row)).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def words(panel: HistoryPanel, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> list[str]:
    return [panel.steps.index(row).data(role) for row in range(panel.steps.rowCount())]


def test_before_the_first_step_it_says_what_will_be_here(panel: HistoryPanel) -> None:
    assert not panel.list.isVisible()
    take_steps(panel, 1)
    assert panel.list.isVisible()


def test_a_click_goes_back_to_a_step_and_forth_again_announced_once(panel: HistoryPanel) -> None:
    take_steps(panel, 5)
    seen: list[str] = []
    panel.document.changed.connect(lambda old, new: seen.append(new.name))
    click(panel, 2)
    click(panel, 4)
    click(panel, 0)
    assert seen == ["net 1", "net 3", "Flowers"]
    assert panel.list.currentIndex().row() == 0 and panel.document.is_clean


def test_the_arrow_keys_go_through_the_steps(panel: HistoryPanel) -> None:
    take_steps(panel, 3)
    QTest.keyClick(panel.list, Qt.Key.Key_Up)
    assert panel.document.project.name == "net 1"


def test_the_saved_state_and_what_is_undone_can_be_told(panel: HistoryPanel) -> None:
    take_steps(panel, 1)
    panel.document.undo_stack.setClean()
    take_steps(panel, 2)
    panel.document.undo_stack.undo()
    assert words(panel) == ["As it was opened", "Step 0  ·  saved", "Step 1"]
    assert words(panel, Qt.ItemDataRole.AccessibleTextRole)[-1] == "Step 1, undone"
    assert panel.list.currentIndex().row() == 1


def test_a_new_step_takes_the_place_of_those_that_were_undone(panel: HistoryPanel) -> None:
    take_steps(panel, 3)
    click(panel, 1)
    panel.document.edit(replace(panel.document.project, name="other"), "Another way")
    assert words(panel) == ["As it was opened", "Step 0", "Another way"]


def test_another_project_has_a_history_of_its_own(panel: HistoryPanel, project: Project) -> None:
    take_steps(panel, 3)
    panel.document.open(project)
    assert words(panel) == ["As it was opened"] and not panel.list.isVisible()


def test_a_step_stays_when_the_list_comes_to_have_the_focus(panel: HistoryPanel) -> None:
    panel.activateWindow()
    panel.setFocus()
    panel.focusNextChild()
    take_steps(panel, 2)
    assert panel.document.project.name == "net 1" and panel.list.currentIndex().row() == 2
