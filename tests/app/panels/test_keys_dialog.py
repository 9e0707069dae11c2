"""The list of keys."""

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenuBar, QTreeWidgetItem

from app.panels.keys import KeysDialog, rows
from tests.e2e.studio import row


def visible(group: QTreeWidgetItem) -> list[tuple[str, str]]:
    rows = [group.child(index) for index in range(group.childCount())]
    return [(row.text(0), row.text(1)) for row in rows if row is not None and not row.isHidden()]


def test_every_command_with_keys_is_listed_and_found(qtbot):
    bar = QMenuBar()
    qtbot.addWidget(bar)
    menu = bar.addMenu("&File")
    inner = menu.addMenu("More")
    for text, keys, into in (("&Save", "Ctrl+S", menu), ("Without", "", menu), ("Split…", "Ctrl+K", inner)):
        into.addAction(text).setShortcut(QKeySequence(keys))
    dialog = KeysDialog(bar, [])
    qtbot.addWidget(dialog)
    file, canvas = row(dialog.tree, "File"), row(dialog.tree, "Canvas")
    assert visible(file) == [("Split", "Ctrl+K"), ("Save", "Ctrl+S")]
    QTest.keyClicks(dialog.field, "ctrl+s")
    assert visible(file) == [("Save", "Ctrl+S")] and not canvas.isHidden()
    QTest.keyClicks(dialog.field, "xyz")
    assert file.isHidden() and canvas.isHidden()


def test_two_keys_of_one_command_stand_side_by_side(qapp):
    action = QAction("Delete")
    action.setShortcuts([QKeySequence("Del"), QKeySequence("Backspace")])
    assert rows([action]) == [("Delete", "Del  or  Backspace")]
