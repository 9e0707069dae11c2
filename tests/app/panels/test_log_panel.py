from PySide6.QtGui import QGuiApplication

from app.panels.training.log import AT_ONCE, LogPanel
from ml import events

from .conftest import project


def test_what_was_said_is_kept_in_order_and_can_be_copied(qtbot):
    panel = LogPanel()
    qtbot.addWidget(panel)
    panel.begin(project())
    panel.show_event(events.Log("a < b", "warning"))
    panel.show_event(events.Failed("The loss is not a number.", "step 3"))
    panel.show()
    lines = panel._text.toPlainText().splitlines()
    assert "A run of Digits starts." in lines[0]
    assert "a < b" in lines[1]
    panel._copy.click()
    assert "The loss is not a number.\nstep 3" in QGuiApplication.clipboard().text()


def test_an_emptied_log_stays_empty_until_something_is_said(qtbot):
    panel = LogPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.show_event(events.Log("one"))
    panel._clear.click()
    assert panel.text() == ""
    panel.show_event(events.Log("two"))
    assert panel.text().endswith("two")


def test_very_many_lines_are_written_a_part_at_each_repaint(qtbot):
    panel = LogPanel()
    qtbot.addWidget(panel)
    for line in range(2 * AT_ONCE + 7):
        panel.show_event(events.Log(f"line {line}"))
    panel.show()
    assert panel._text.blockCount() <= AT_ONCE
    qtbot.waitUntil(lambda: panel._text.blockCount() == 2 * AT_ONCE + 7)
    assert [text.split()[-1] for text in panel._text.toPlainText().splitlines()] == [str(line) for line in range(2 * AT_ONCE + 7)]
